import { boundTo } from '../vault/bound.ts';
import { createKeyCache, type DataKey } from '../vault/key-cache.ts';
import {
  findMasterKey,
  newDataKey,
  unwrapKey,
  wrapKey,
  type MasterKey,
  type MasterKeySource,
} from '../vault/master-key.ts';
import { openPayload, type Payload } from '../vault/seal.ts';
import { blobOf, numberOf, numberOrNull, textOf, type Row } from '../row.ts';
import { StoreRefused } from '../store.ts';
import type { Connection } from './connection.ts';

/** The data keys of a store, for all connections of a process. */
export interface Vault {
  /** For each new connection. Throws `StoreRefused` where the source does not hold the key of this store. */
  admit(connection: Connection): Promise<void>;
  /**
   * The keys that these scopes are sealed under, made where there are none: at once and for good, so not in a transaction
   * that may be taken back. What is sealed with them may be appended as long as there were no further erasures.
   */
  sealing(connection: Connection, scopes: readonly string[]): Promise<Sealing>;
  /** Forgets keys that may have been erased. */
  forget(): void;
  /** The key of a row with `KEY_COLUMNS`. Null where there is none, also where it was erased. */
  opening(row: Row): DataKey | null;
}

export interface Sealing {
  readonly erasures: number;
  readonly key: (scope: string) => DataKey;
}

/** What `opening` needs, of `… LEFT JOIN data_key k ON k.id = ….key`. */
export const KEY_COLUMNS = 'k.id AS key_id, k.scope AS key_scope, k.wrapped AS key_wrapped';

export function createVault(source: MasterKeySource): Vault {
  let master: MasterKey | null = null;
  let erasures = 0;
  const scopes = createKeyCache<string>();
  const ids = createKeyCache<number>();

  function masterKey(): MasterKey {
    if (master === null) throw new Error('no connection was admitted');
    return master;
  }

  function forget(): void {
    scopes.clear();
    ids.clear();
  }

  async function refresh(connection: Connection): Promise<void> {
    const [state] = await connection.query('SELECT master, erasures FROM vault');
    if (textOf(state, 'master') !== masterKey().id)
      throw new StoreRefused(
        'key_wrong',
        'the record was put under another payload key: start again with it',
      );
    if (numberOf(state, 'erasures') !== erasures) forget();
    erasures = numberOf(state, 'erasures');
  }

  async function fetchKeys(connection: Connection, wanted: readonly string[]): Promise<void> {
    const fresh = wanted.map((scope) => wrapKey(masterKey(), scope, newDataKey()));
    // Of two processes that make the key of a scope at the same time, both take that of the first.
    await connection.query(
      `INSERT INTO data_key (scope, wrapped)
       SELECT u.scope, u.wrapped FROM unnest($1::text[], $2::bytea[]) AS u (scope, wrapped),
         (SELECT 1 FROM vault WHERE master = $3::text FOR SHARE) AS still
       ON CONFLICT DO NOTHING`,
      wanted,
      fresh,
      masterKey().id,
    );
    const rows = await connection.query(
      'SELECT id, scope, wrapped FROM data_key WHERE scope = ANY ($1::text[])',
      wanted,
    );
    for (const row of rows) {
      const scope = textOf(row, 'scope');
      const key = unwrapKey(masterKey(), scope, blobOf(row, 'wrapped'));
      scopes.set(scope, { id: numberOf(row, 'id'), key });
    }
  }

  return {
    admit: async (connection) => {
      const [there] = await connection.query('SELECT master FROM vault');
      if (there === undefined) {
        const made = findMasterKey(source, null);
        const sql = 'INSERT INTO vault (master, erasures) VALUES ($1::text, 0) ON CONFLICT DO NOTHING';
        await connection.query(sql, made.id);
      }
      const [known] = await connection.query('SELECT master FROM vault');
      master = findMasterKey(source, textOf(known, 'master'));
      await refresh(connection);
    },
    sealing: async (connection, wanted) => {
      const found = new Map<string, DataKey>();
      const missing = (): readonly string[] =>
        wanted.filter((scope) => {
          const key = scopes.get(scope);
          if (key !== undefined) found.set(scope, key);
          return key === undefined;
        });
      if (missing().length > 0) {
        await refresh(connection);
        found.clear();
        const lacking = missing();
        if (lacking.length > 0) await fetchKeys(connection, lacking);
        missing();
      }
      return {
        erasures,
        key: (scope) => {
          const key = found.get(scope);
          if (key === undefined) throw new Error('a data key was not asked for beforehand');
          return key;
        },
      };
    },
    forget,
    opening: (row) => {
      const id = numberOrNull(row, 'key_id');
      if (id === null) return null;
      const known = ids.get(id);
      if (known !== undefined) return known;
      const key = { id, key: unwrapKey(masterKey(), textOf(row, 'key_scope'), blobOf(row, 'key_wrapped')) };
      ids.set(id, key);
      return key;
    },
  };
}

/** What `payloadOf` needs, of `event e LEFT JOIN payload p … LEFT JOIN data_key k …`, beside the `entry`. */
export const PAYLOAD_COLUMNS = `p.sealed, ${KEY_COLUMNS}`;
export const PAYLOAD_TABLES =
  'event e LEFT JOIN payload p ON p.idx = e.idx LEFT JOIN data_key k ON k.id = p.key';

/** Null where there is none, also where its key was erased. Throws `SealBroken` where it is not what was written there. */
export function payloadOf(row: Row, vault: Vault): Payload | null {
  const key = vault.opening(row);
  if (key === null) return null;
  const entry = textOf(row, 'entry');
  return openPayload(key.key, boundTo(commitmentIn(entry), entry), blobOf(row, 'sealed'));
}

/** Null where the entry commits to no payload. */
export function commitmentIn(entry: string): string | null {
  const said: unknown = JSON.parse(entry);
  const commitment: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'payload') : null;
  return typeof commitment === 'string' ? commitment : null;
}
