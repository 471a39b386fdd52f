import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { administration, subjectEvent, type Hold, type Order, type Subject } from '../vault/disposal.ts';
import { numberOf, textOf, textOrNull, type Row } from '../row.ts';
import type { Transaction } from './writer.ts';

/**
 * Whether a hold is over the session `s`. One whose opening was lost names nobody, and is under every hold that names a
 * person: what can't be told is kept.
 */
export const HELD = `EXISTS (
  SELECT 1 FROM hold h WHERE h.released_at IS NULL AND (
    h.session = s.id OR h.principal IS NOT NULL AND (
      s.principal IS NULL OR h.principal = s.principal AND (h.issuer IS NULL OR h.issuer = s.issuer))))`;

const COLUMNS = 'h.id, h.session, h.principal, h.issuer, h.placed_by, h.reason, h.placed_at';

export function activeHolds(db: DatabaseSync): readonly Hold[] {
  const sql = `SELECT ${COLUMNS} FROM hold h WHERE released_at IS NULL ORDER BY placed_at, id`;
  return db.prepare(sql).all().map(holdOf);
}

/** The holds over any of these sessions, or over the subject itself. */
export function holdsOver(db: DatabaseSync, subject: Subject, sessions: readonly string[]): readonly Hold[] {
  const sql = `SELECT ${COLUMNS} FROM hold h WHERE h.released_at IS NULL AND (
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

export function placeHold({ db, append }: Transaction, id: string, { subject, by, reason, at }: Order): void {
  if (subject.kind === 'call') throw new TypeError('a hold is over a session or a principal');
  const session = subject.kind === 'session' ? subject.session : null;
  const { principal = null, issuer = null } = subject.kind === 'principal' ? subject : {};
  db.prepare('INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?, ?, NULL)').run(
    ...([id, session, principal, issuer, by, reason, at] as const),
  );
  append([administration('hold.placed', at, { hold: id, ...subjectEvent(subject), by, reason })]);
}

export function releaseHold({ db, append }: Transaction, id: string, order: Omit<Order, 'subject'>): boolean {
  const { by, reason, at } = order;
  const sql = 'UPDATE hold SET released_at = ? WHERE id = ? AND released_at IS NULL';
  if (Number(db.prepare(sql).run(at, id).changes) === 0) return false;
  append([administration('hold.released', at, { hold: id, by, reason })]);
  return true;
}

function holdOf(row: Row): Hold {
  return {
    id: textOf(row, 'id'),
    session: textOrNull(row, 'session'),
    principal: textOrNull(row, 'principal'),
    issuer: textOrNull(row, 'issuer'),
    by: textOf(row, 'placed_by'),
    reason: textOf(row, 'reason'),
    at: numberOf(row, 'placed_at'),
  };
}
