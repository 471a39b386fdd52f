import type { DatabaseSync } from 'node:sqlite';
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
import { forgetKeys } from './erase.ts';
import type { Transaction } from './writer.ts';

/** One step, in one transaction. */
export function prune({ db, append }: Transaction, step: PruneStep): PruneProgress {
  const due = dueOf(payloadsAfter(db, step.after), step);
  const requests = due.done ? overRequests(db, step) : [];
  if (!step.dryRun) {
    const drop = db.prepare('DELETE FROM payload WHERE idx = ?');
    for (const { index } of due.payloads) drop.run(index);
    const forget = db.prepare('DELETE FROM approval WHERE id = ?');
    for (const { id } of requests) forget.run(id);
    append(prunings(due, requests.length, step));
    dropKeys(db, sessionsTouched(due, requests));
  }
  return progressOf(due, requests.length);
}

function payloadsAfter(db: DatabaseSync, after: number): readonly Row[] {
  const sql = `SELECT p.idx, e.type, e.time, e.session, ${HELD} AS held
    FROM payload p JOIN event e ON e.idx = p.idx LEFT JOIN session s ON s.id = e.session
    WHERE p.idx > ? ORDER BY p.idx LIMIT ${STEP_PAYLOADS}`;
  return db.prepare(sql).all(after);
}

function overRequests(db: DatabaseSync, { retention, at }: PruneStep): readonly OverRequest[] {
  const kept = retention.approvals;
  if (kept === undefined) return [];
  const sql = `SELECT a.id, a.session FROM approval a LEFT JOIN session s ON s.id = a.session
    WHERE a.created_at < ? AND a.status NOT IN ('pending', 'approved') AND NOT ${HELD} LIMIT ${STEP_PAYLOADS}`;
  return db
    .prepare(sql)
    .all(at - kept.ms)
    .map(overRequestOf);
}

/** Of sessions of which nothing is left. The key of a day is small, and opens nothing that is not there. */
function dropKeys(db: DatabaseSync, sessions: readonly string[]): void {
  if (sessions.length === 0) return;
  const sql = `DELETE FROM data_key WHERE scope IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM event e JOIN payload p ON p.idx = e.idx WHERE e.session = data_key.scope)
    AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.session = data_key.scope)`;
  if (Number(db.prepare(sql).run(JSON.stringify(sessions)).changes) > 0) forgetKeys(db);
}
