import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { Store } from '../../src/sessions/store.ts';

/** A place where a store can be opened, closed, and opened again: by one process or by several. */
export interface Place {
  /** Of a store in a file: for a process of its own. */
  readonly path?: string;
  readonly open: () => Promise<Store>;
  readonly remove: () => Promise<void>;
}

export const PLACES: readonly { readonly name: string; readonly make: () => Promise<Place> }[] = [
  {
    name: 'sqlite',
    make: async () => {
      const directory = mkdtempSync(join(tmpdir(), 'sallyport-store-'));
      const path = join(directory, 'data', 'record.db');
      return {
        path,
        open: () => openSqliteStore({ path, clock: Date.now }),
        remove: async () => rmSync(directory, { recursive: true }),
      };
    },
  },
];
