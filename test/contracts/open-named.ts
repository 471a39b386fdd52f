import { openPostgresStore } from '../../src/sessions/postgres-store/open-postgres-store.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { PostgresPlace } from '../../src/sessions/postgres-store/connection.ts';
import type { LogSettings } from '../../src/sessions/log/log-files.ts';
import type { Store } from '../../src/sessions/store.ts';
import { KEYS } from '../support/postgres-records.ts';

/** A store in PostgreSQL, as a child process is told of it. */
export interface NamedStore {
  readonly place: PostgresPlace;
  readonly log?: LogSettings;
}

/** Opens a store by the argument of a child process: the path of a file, or JSON of a `NamedStore`. */
export async function openNamed(name: string): Promise<Store> {
  if (!name.startsWith('{')) return await openSqliteStore({ path: name, clock: Date.now });
  const { place, log } = JSON.parse(name) as NamedStore;
  return await openPostgresStore({
    place,
    owner: place,
    clock: Date.now,
    keys: KEYS,
    ...(log === undefined ? {} : { log }),
  });
}
