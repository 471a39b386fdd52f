import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SessionChange } from '../session-rows.ts';

export interface SessionStatements {
  readonly progress: StatementSync;
  readonly upsert: StatementSync;
}

export function sessionStatements(db: DatabaseSync): SessionStatements {
  return {
    progress: db.prepare(`
      UPDATE session SET last_at = max(last_at, ?), calls = calls + ?, refused = refused + ?
      WHERE id = ? AND opened_at <= ?`),
    upsert: db.prepare(`
      INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        principal = coalesce(excluded.principal, principal),
        issuer = coalesce(excluded.issuer, issuer),
        client = coalesce(excluded.client, client),
        transport = coalesce(excluded.transport, transport),
        opened_at = min(opened_at, excluded.opened_at),
        closed_at = coalesce(excluded.closed_at, closed_at),
        last_at = max(last_at, excluded.last_at),
        calls = calls + excluded.calls,
        refused = refused + excluded.refused`),
  };
}

export function changeSession(statements: SessionStatements, change: SessionChange): void {
  if (progressed(statements, change)) return;
  const { id, about, openedAt, closedAt, lastAt, calls, refused } = change;
  const { principal, issuer, client, transport } = about ?? NOBODY;
  const { upsert } = statements;
  upsert.run(id, principal, issuer, client, transport, openedAt, closedAt, lastAt, calls, refused);
}

/**
 * Whether it was no more than calls in a session that is in the list. Then the index by opening has nothing new, and an
 * upsert, which names the column, would write it all the same: one of some nine pages of a commit.
 */
function progressed({ progress }: SessionStatements, change: SessionChange): boolean {
  const { id, about, openedAt, closedAt, lastAt, calls, refused } = change;
  if (about !== null || closedAt !== null) return false;
  return Number(progress.run(lastAt, calls, refused, id, openedAt).changes) > 0;
}

const NOBODY = { principal: null, issuer: null, client: null, transport: null };
