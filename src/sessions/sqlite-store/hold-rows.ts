import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Hold, Order, Subject } from '../vault/disposal.ts';
import { heldSubject, HOLD_COLUMNS, holdOf, placed, released } from '../vault/hold.ts';
import type { Transaction } from './writer.ts';

export function activeHolds(db: DatabaseSync): readonly Hold[] {
  const sql = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE released_at IS NULL ORDER BY placed_at, id`;
  return db.prepare(sql).all().map(holdOf);
}

/** The holds over any of these sessions, or over the subject itself. */
export function holdsOver(db: DatabaseSync, subject: Subject, sessions: readonly string[]): readonly Hold[] {
  const sql = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE h.released_at IS NULL AND (
      h.session IN (SELECT value FROM json_each(?1))
      OR h.principal = ?2 AND (h.issuer IS NULL OR ?3 IS NULL OR h.issuer = ?3)
      OR h.principal IS NOT NULL AND EXISTS (
        SELECT 1 FROM session s WHERE s.id IN (SELECT value FROM json_each(?1)) AND (
          s.principal IS NULL OR h.principal = s.principal AND (h.issuer IS NULL OR h.issuer = s.issuer)))
    ) ORDER BY h.placed_at, h.id`;
  const { principal = null, issuer = null } = subject.kind === 'principal' ? subject : {};
  const values: readonly SQLInputValue[] = [JSON.stringify(sessions), principal, issuer];
  return db
    .prepare(sql)
    .all(...values)
    .map(holdOf);
}

export function placeHold({ db, append }: Transaction, id: string, order: Order): void {
  const { session, principal, issuer } = heldSubject(order.subject);
  const { by, reason, at } = order;
  db.prepare('INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?, ?, NULL)').run(
    ...([id, session, principal, issuer, by, reason, at] as const),
  );
  append([placed(id, order)]);
}

export function releaseHold({ db, append }: Transaction, id: string, order: Omit<Order, 'subject'>): boolean {
  const sql = 'UPDATE hold SET released_at = ? WHERE id = ? AND released_at IS NULL';
  if (Number(db.prepare(sql).run(order.at, id).changes) === 0) return false;
  append([released(id, order)]);
  return true;
}
