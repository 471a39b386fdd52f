import { administration, type Rekeyed } from '../vault/disposal.ts';
import { findMasterKey, unwrapKey, wrapKey, type MasterKeySource } from '../vault/master-key.ts';
import { blobOf, numberOf, textOf } from '../row.ts';
import { forgetKeys } from './erase.ts';
import type { Transaction } from './writer.ts';

/**
 * Puts every data key under another payload key, in one transaction: payloads stay as they are. Processes that hold the
 * old one refuse to write from then on.
 */
export async function rekey(
  { connection, append }: Transaction,
  old: MasterKeySource,
  fresh: MasterKeySource,
  { by, at }: { readonly by: string; readonly at: number },
): Promise<Rekeyed> {
  const [vault] = await connection.query('SELECT master FROM vault');
  const from = findMasterKey(old, textOf(vault, 'master'));
  const to = findMasterKey(fresh, null);
  if (from.id === to.id) return { from: from.id, to: to.id, keys: 0 };
  // First: whoever makes a data key has a share of this row, so that none is missed.
  await connection.query('UPDATE vault SET master = $1::text', to.id);
  const rows = await connection.query('SELECT id, scope, wrapped FROM data_key');
  const wrapped = rows.map((row) => {
    const scope = textOf(row, 'scope');
    return wrapKey(to, scope, unwrapKey(from, scope, blobOf(row, 'wrapped')));
  });
  await connection.query(
    `UPDATE data_key AS k SET wrapped = u.wrapped
     FROM unnest($1::bigint[], $2::bytea[]) AS u (id, wrapped) WHERE k.id = u.id`,
    rows.map((row) => numberOf(row, 'id')),
    wrapped,
  );
  await forgetKeys(connection);
  const rekeyed = { from: from.id, to: to.id, keys: rows.length };
  append([administration('payload.rekeyed', at, { ...rekeyed, by })]);
  return rekeyed;
}
