import type { Hold, Order, Subject } from '../vault/disposal.ts';
import { heldSubject, HOLD_COLUMNS, holdOf, placed, released } from '../vault/hold.ts';
import type { Connection } from './connection.ts';
import type { Transaction } from './writer.ts';

export async function activeHolds(connection: Connection): Promise<readonly Hold[]> {
  const sql = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE released_at IS NULL ORDER BY placed_at, id`;
  return (await connection.query(sql)).map(holdOf);
}

/** The holds over any of these sessions, or over the subject itself. */
export async function holdsOver(
  connection: Connection,
  subject: Subject,
  sessions: readonly string[],
): Promise<readonly Hold[]> {
  const sql = `SELECT ${HOLD_COLUMNS} FROM hold h WHERE h.released_at IS NULL AND (
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
  order: Order,
): Promise<void> {
  const { session, principal, issuer } = heldSubject(order.subject);
  const { by, reason, at } = order;
  const sql = `INSERT INTO hold VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, NULL)`;
  await connection.query(sql, id, session, principal, issuer, by, reason, at);
  append([placed(id, order)]);
}

export async function releaseHold(
  { connection, append }: Transaction,
  id: string,
  order: Omit<Order, 'subject'>,
): Promise<boolean> {
  const sql = `UPDATE hold SET released_at = $1::bigint WHERE id = $2::text AND released_at IS NULL
    RETURNING 1 AS one`;
  if ((await connection.query(sql, order.at, id)).length === 0) return false;
  append([released(id, order)]);
  return true;
}
