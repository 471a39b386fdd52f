import type { PruneProgress, PruneStep } from '../vault/disposal.ts';
import {
  dueOf,
  overRequestOf,
  progressOf,
  prunings,
  sessionsTouched,
  STEP_PAYLOADS,
  type OverRequest,
} from '../vault/due.ts';
import { HELD } from '../vault/hold.ts';
import type { Row } from '../row.ts';
import type { Connection } from './connection.ts';
import { deleted, forgetKeys } from './erase.ts';
import type { Transaction } from './writer.ts';

/** One step, in one transaction. */
export async function prune({ connection, append }: Transaction, step: PruneStep): Promise<PruneProgress> {
  const due = dueOf(await payloadsAfter(connection, step.after), step);
  const requests = due.done ? await overRequests(connection, step) : [];
  if (!step.dryRun) {
    const indexes = due.payloads.map(({ index }) => index);
    await deleted(connection, 'payload WHERE idx = ANY ($1::bigint[])', indexes);
    const ids = requests.map(({ id }) => id);
    await deleted(connection, 'approval WHERE id = ANY ($1::text[])', ids);
    append(prunings(due, requests.length, step));
    await dropKeys(connection, sessionsTouched(due, requests));
  }
  return progressOf(due, requests.length);
}

async function payloadsAfter(connection: Connection, after: number): Promise<readonly Row[]> {
  const sql = `SELECT p.idx, e.type, e.time, e.session, ${HELD}::int AS held
    FROM payload p JOIN event e ON e.idx = p.idx LEFT JOIN session s ON s.id = e.session
    WHERE p.idx > $1::bigint ORDER BY p.idx LIMIT ${STEP_PAYLOADS}`;
  return await connection.query(sql, after);
}

async function overRequests(
  connection: Connection,
  { retention, at }: PruneStep,
): Promise<readonly OverRequest[]> {
  const kept = retention.approvals;
  if (kept === undefined) return [];
  const sql = `SELECT a.id, a.session FROM approval a LEFT JOIN session s ON s.id = a.session
    WHERE a.created_at < $1::bigint AND a.status NOT IN ('pending', 'approved') AND NOT ${HELD}
    LIMIT ${STEP_PAYLOADS}`;
  return (await connection.query(sql, at - kept.ms)).map(overRequestOf);
}

/** Of sessions of which nothing is left. The key of a day is small, and opens nothing that is not there. */
async function dropKeys(connection: Connection, sessions: readonly string[]): Promise<void> {
  if (sessions.length === 0) return;
  const what = `data_key k WHERE k.scope = ANY ($1::text[])
    AND NOT EXISTS (SELECT 1 FROM event e JOIN payload p ON p.idx = e.idx WHERE e.session = k.scope)
    AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.session = k.scope)`;
  if ((await deleted(connection, what, sessions)) > 0) await forgetKeys(connection);
}
