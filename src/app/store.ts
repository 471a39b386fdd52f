import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import type { Configuration } from './configuration.ts';
import type { Log } from '../model/log.ts';
import type { Store } from '../sessions/store.ts';

/** Opens the store that the configuration names. */
export async function openStore(configuration: Configuration, log: Log): Promise<Store> {
  return await openSqliteStore({
    path: configuration.store.path,
    clock: Date.now,
    onEvent: ({ kind, detail }) =>
      log(kind === 'append_recovered' ? 'info' : 'error', { detail }, `store: ${kind.replaceAll('_', ' ')}`),
  });
}
