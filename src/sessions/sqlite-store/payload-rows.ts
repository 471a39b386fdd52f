import { boundTo } from '../vault/bound.ts';
import { openPayload, type Payload } from '../vault/seal.ts';
import { blobOf, numberOrNull, textOf, textOrNull, type Row } from '../row.ts';
import type { Vault } from './vault-rows.ts';

/** What `payloadOf` needs, of `event e LEFT JOIN payload p`, beside the `entry`. */
export const PAYLOAD_COLUMNS = `p.key, p.sealed, iif(p.key IS NULL, NULL, e.entry ->> '$.payload') AS commitment`;

/**
 * Null where there is none, also where its key was erased between two looks. Throws `SealBroken` where it is not what was
 * written there.
 */
export function payloadOf(row: Row, vault: Pick<Vault, 'opening'>): Payload | null {
  const id = numberOrNull(row, 'key');
  const key = id === null ? null : vault.opening(id);
  if (key === null) return null;
  const bound = boundTo(textOrNull(row, 'commitment'), textOf(row, 'entry'));
  return openPayload(key.key, bound, blobOf(row, 'sealed'));
}
