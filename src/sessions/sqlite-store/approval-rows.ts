import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EncodedApprovalChange } from '../approval-row.ts';
import { requestPlace, statePlace } from '../vault/scope.ts';
import { sealText } from '../vault/seal.ts';
import type { Vault } from './vault-rows.ts';

export interface ApprovalStatements {
  readonly create: StatementSync;
  readonly replace: StatementSync;
}

export function approvalStatements(db: DatabaseSync): ApprovalStatements {
  return {
    create: db.prepare(`
      INSERT INTO approval (id, digest, requester, connection, tool, shape, created_at, expires_at, session, key, request,
        status, version, granted_until, state)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
      WHERE (
        -- Both conditions on the status: the first is that of the index, word for word.
        SELECT count(*) FROM approval
        WHERE requester = ? AND status IN ('pending', 'approved') AND status = 'pending' AND expires_at > ?
      ) < ?
      ON CONFLICT DO NOTHING`),
    // A change that would make a second live request of one act is not done either. Nor one under another key than the
    // request is sealed with: its session was erased meanwhile.
    replace: db.prepare(`
      UPDATE OR IGNORE approval SET status = ?, version = ?, granted_until = ?, state = ?
      WHERE id = ? AND version = ? AND key = ?`),
  };
}

/** Whether it was done. */
export function changeApproval(
  { create, replace }: ApprovalStatements,
  vault: Pick<Vault, 'sealing'>,
  { kind, from, mostPending, session, row }: EncodedApprovalChange,
): boolean {
  const { id, digest, requester, connection, tool, shape, createdAt, expiresAt } = row;
  const { status, version, grantedUntil } = row;
  const key = vault.sealing(session);
  const state = sealText(key.key, statePlace(id, version), row.state);
  if (kind === 'replace')
    return Number(replace.run(status, version, grantedUntil, state, id, from, key.id).changes) > 0;
  const request = sealText(key.key, requestPlace(id), row.request);
  const fixed = [id, digest, requester, connection, tool, shape, createdAt, expiresAt] as const;
  const made = [...fixed, session, key.id, request, status, version, grantedUntil, state] as const;
  return Number(create.run(...made, requester, createdAt, mostPending).changes) > 0;
}
