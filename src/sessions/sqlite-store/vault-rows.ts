import type { DatabaseSync } from 'node:sqlite';
import { StoreRefused } from '../store.ts';
import { createKeyCache, type DataKey } from '../vault/key-cache.ts';
import {
  findMasterKey,
  newDataKey,
  unwrapKey,
  wrapKey,
  type MasterKey,
  type MasterKeySource,
} from '../vault/master-key.ts';
import { blobOf, numberOf, textOf } from '../row.ts';

/** The data keys of a store, as one connection sees them. */
export interface Vault {
  /**
   * First in each transaction, before keys are asked for: forgets what another process erased. Throws `StoreRefused`
   * where another process put the data keys under another master key.
   */
  refresh(): void;
  /** The key that a scope is sealed under, made where there is none. For who writes. */
  sealing(scope: string): DataKey;
  /** A key by its id. Null where it was erased. */
  opening(id: number): DataKey | null;
}

/** Throws `StoreRefused`, and lets the connection go, where the source does not hold the key of this store. */
export function vaultOf(db: DatabaseSync, keys: MasterKeySource): Vault {
  const state = db.prepare('SELECT master, erasures FROM vault');
  const byScope = db.prepare('SELECT id, wrapped FROM data_key WHERE scope = ?');
  const byId = db.prepare('SELECT scope, wrapped FROM data_key WHERE id = ?');
  const insert = db.prepare('INSERT INTO data_key (scope, wrapped) VALUES (?, ?)');
  const found = state.get();
  const master = masterOf(db, keys, textOf(found, 'master'));
  const scopes = createKeyCache<string>();
  const ids = createKeyCache<number>();
  let erasures = numberOf(found, 'erasures');

  return {
    refresh: () => {
      const now = state.get();
      if (textOf(now, 'master') !== master.id)
        throw new StoreRefused(
          'key_wrong',
          'the record was put under another payload key: start again with it',
        );
      if (numberOf(now, 'erasures') === erasures) return;
      erasures = numberOf(now, 'erasures');
      scopes.clear();
      ids.clear();
    },
    sealing: (scope) => {
      const known = scopes.get(scope);
      if (known !== undefined) return known;
      const row = byScope.get(scope);
      let key: DataKey;
      if (row === undefined) {
        const made = newDataKey();
        key = { id: Number(insert.run(scope, wrapKey(master, scope, made)).lastInsertRowid), key: made };
      } else {
        key = { id: numberOf(row, 'id'), key: unwrapKey(master, scope, blobOf(row, 'wrapped')) };
      }
      scopes.set(scope, key);
      return key;
    },
    opening: (id) => {
      const known = ids.get(id);
      if (known !== undefined) return known;
      const row = byId.get(id);
      if (row === undefined) return null;
      const key = { id, key: unwrapKey(master, textOf(row, 'scope'), blobOf(row, 'wrapped')) };
      ids.set(id, key);
      return key;
    },
  };
}

function masterOf(db: DatabaseSync, keys: MasterKeySource, known: string): MasterKey {
  try {
    return findMasterKey(keys, known);
  } catch (error) {
    db.close();
    throw error;
  }
}
