import { administration, subjectEvent, type Hold, type Order, type Subject } from '../vault/disposal.ts';
import { numberOf, textOf, textOrNull, type Row } from '../row.ts';
import type { Connection } from './connection.ts';
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

export async function activeHolds(connection: Connection): Promise<readonly Hold[]> {
  const sql = `SELECT ${COLUMNS} FROM hold h WHERE released_at IS NULL ORDER BY placed_at, id`;
  return (await connection.query(sql)).map(holdOf);
}

/** The holds over any of these sessions, or over the subject itself. */
export async function holdsOver(
  connection: Connection,
  subject: Subject,
  sessions: readonly string[],
): Promise<readonly Hold[]> {
  const sql = `SELECT ${COLUMNS} FROM hold h WHERE h.released_at IS NULL AND (
      h.session = ANY ($1::text[])
      OR h.principal = $2::text AND (h.issuer IS NULL OR $3::text IS NULL OR h.issuer = $3::text)
      OR h.principal IS NOT NULL AND EXISTS (
        SELECT 1 FROM session s WHERE s.id = ANY ($1::text[]) AND (
          s.principal IS NULL OR h.principal = s.principal AND (h.issuer IS NULL OR h.issuer = s.issuer)))
    ) ORDER BY h.placed_at, h.id`;
  const { principal = null, issuer = null } = subject.kind === 'principal' ? subject : {};
  return (await connection.query(sql, sessions, principal, issuer)).map(holdOf);
}

export async function placeHold(
  { connection, append }: Transaction,
  id: string,
  { subject, by, reason, at }: Order,
): Promise<void> {
  if (subject.kind === 'call') throw new TypeError('a hold is over a session or a principal');
  const session = subject.kind === 'session' ? subject.session : null;
  const { principal = null, issuer = null } = subject.kind === 'principal' ? subject : {};
  const sql = `INSERT INTO hold VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, NULL)`;
  await connection.query(sql, id, session, principal, issuer, by, reason, at);
  append([administration('hold.placed', at, { hold: id, ...subjectEvent(subject), by, reason })]);
}

export async function releaseHold(
  { connection, append }: Transaction,
  id: string,
  { by, reason, at }: Omit<Order, 'subject'>,
): Promise<boolean> {
  const sql = `UPDATE hold SET released_at = $1::bigint WHERE id = $2::text AND released_at IS NULL
    RETURNING 1 AS one`;
  if ((await connection.query(sql, at, id)).length === 0) return false;
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
