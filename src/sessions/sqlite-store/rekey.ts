import { administration, type Rekeyed } from '../vault/disposal.ts';
import { findMasterKey, unwrapKey, wrapKey, type MasterKeySource } from '../vault/master-key.ts';
import { forgetKeys } from './erase.ts';
import { blobOf, numberOf, textOf } from '../row.ts';
import type { Transaction } from './writer.ts';

/**
 * Puts every data key under another payload key, in one transaction: payloads stay as they are. Processes that hold the
 * old one refuse to write from then on.
 */
export function rekey(
  { db, append }: Transaction,
  old: MasterKeySource,
  fresh: MasterKeySource,
  { by, at }: { readonly by: string; readonly at: number },
): Rekeyed {
  const from = findMasterKey(old, textOf(db.prepare('SELECT master FROM vault').get(), 'master'));
  const to = findMasterKey(fresh, null);
  if (from.id === to.id) return { from: from.id, to: to.id, keys: 0 };
  const update = db.prepare('UPDATE data_key SET wrapped = ? WHERE id = ?');
  const rows = db.prepare('SELECT id, scope, wrapped FROM data_key').all();
  for (const row of rows) {
    const scope = textOf(row, 'scope');
    const key = unwrapKey(from, scope, blobOf(row, 'wrapped'));
    update.run(wrapKey(to, scope, key), numberOf(row, 'id'));
  }
  db.prepare('UPDATE vault SET master = ?').run(to.id);
  forgetKeys(db);
  const rekeyed = { from: from.id, to: to.id, keys: rows.length };
  append([administration('payload.rekeyed', at, { ...rekeyed, by })]);
  return rekeyed;
}
