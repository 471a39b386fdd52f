import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../../src/sessions/postgres-store/open-postgres-store.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../../src/sessions/store.ts';
import { KEYS, postgresRecords } from '../support/postgres-records.ts';

/** A place where a store can be opened, closed, and opened again: by one process or by several. */
export interface Place {
  /** For a process of its own: what `openNamed` takes. */
  readonly name: string;
  readonly open: () => Promise<Store>;
  readonly remove: () => Promise<void>;
}

interface Kind {
  readonly name: string;
  readonly make: () => Promise<Place>;
}

const sqlite: Kind = {
  name: 'sqlite',
  make: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-store-'));
    const path = join(directory, 'data', 'record.db');
    return {
      name: path,
      open: () => openSqliteStore({ path, clock: Date.now }),
      remove: async () => rmSync(directory, { recursive: true }),
    };
  },
};

const records = await postgresRecords();

/** One kind the fewer, and a line that says why, where there is no server to be had. */
const postgres: readonly Kind[] =
  'missing' in records
    ? []
    : [
        {
          name: 'postgres',
          make: async () => {
            const place = records.fresh();
            return {
              name: JSON.stringify({ place }),
              open: () => openPostgresStore({ place, owner: place, clock: Date.now, keys: KEYS }),
              remove: async () => {
                await records.sql(place, `DROP SCHEMA ${place.schema} CASCADE`);
              },
            };
          },
        },
      ];

export const PLACES: readonly Kind[] = [sqlite, ...postgres];
