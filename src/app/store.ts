import { postgresPlaces } from './postgres-place.ts';
import { openPostgresStore } from '../sessions/postgres-store/open-postgres-store.ts';
import { payloadKeySource } from './payload-key.ts';
import { askWitnesses, checkSeen } from './publishing.ts';
import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import type { RecordLog } from '../server/record-log.ts';
import type { Configuration } from './configuration.ts';
import type { Log } from '../model/log.ts';
import type { ReadLog } from '../sessions/read-log.ts';
import type { LogSettings } from '../sessions/log/log-files.ts';
import type { Store } from '../sessions/store.ts';
import type { MasterKeySource } from '../sessions/vault/master-key.ts';

/** What is not an error. */
const LEVELS: Readonly<Record<string, 'info' | 'warn'>> = {
  append_recovered: 'info',
  checkpoint_file_missing: 'warn',
  not_durable: 'warn',
};

/** Opens the store that the configuration names, and makes it where there is none. */
export async function openStore(configuration: Configuration, log: Log): Promise<Store> {
  const { store, record } = configuration;
  const { keyFile, checkpointFile, origin } = record;
  const seen = await askWitnesses(configuration, log);
  const options: Options = {
    clock: Date.now,
    log: { keyFile, checkpointFile, origin },
    keys: await payloadKeySource(configuration),
    onEvent: ({ kind, detail }) => {
      // Public: what an auditor verifies the record with, and should write down somewhere else.
      if (kind === 'log_opened') log('info', { verifierKey: detail }, 'the record is signed');
      else log(LEVELS[kind] ?? 'error', { detail }, `store: ${kind.replaceAll('_', ' ')}`);
    },
  };
  const opened = await openAt(store, options);
  try {
    await checkSeen(configuration, opened, seen);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

interface Options {
  readonly clock: () => number;
  readonly log: LogSettings;
  readonly keys: MasterKeySource;
  readonly onEvent: (event: { readonly kind: string; readonly detail: string }) => void;
}

async function openAt(store: Configuration['store'], options: Options): Promise<Store> {
  switch (store.kind) {
    case 'sqlite':
      return await openSqliteStore({ ...options, path: store.path });
    case 'postgres':
      return await openPostgresStore({ ...options, ...postgresPlaces(store) });
  }
}

const TILE_WIDTH = 256;

/** The log as it is published: to members of the groups that the configuration names, or to nobody. */
export function publishedLog(
  { record }: Configuration,
  store: Store,
  reads: ReadLog,
  checkpoint: RecordLog['checkpoint'],
): RecordLog | null {
  const { published } = store;
  if (published === undefined || record.readers.length === 0) return null;
  return {
    ...published,
    checkpoint,
    mayRead: ({ groups }) => groups.some((group) => record.readers.includes(group)),
    async reads({ id, issuer }, resource, remote) {
      const { kind, index, width } = resource;
      const leaves = TILE_WIDTH ** (kind === 'tile' ? resource.level : 0);
      const from = index * TILE_WIDTH * leaves;
      await reads.read({
        by: id,
        issuer,
        how: 'http',
        what: kind === 'tile' ? 'tiles' : 'entries',
        range: { from, to: from + width * leaves },
        ...(remote === undefined ? {} : { remote }),
      });
    },
  };
}
