import type { DatabaseSync } from 'node:sqlite';
import { administration, NAMES_A_RECORD, subjectEvent, type Erasure, type Order } from '../vault/disposal.ts';
import { holdsOver } from './hold-rows.ts';
import { textOf } from '../row.ts';
import type { Transaction } from './writer.ts';

type Erased = Omit<Extract<Erasure, { kind: 'erased' }>, 'flushed'>;

/** In one transaction: what is destroyed, and the records that say so. */
export function erase(transaction: Transaction, order: Order): Erased | Exclude<Erasure, { kind: 'erased' }> {
  const { db } = transaction;
  const { subject } = order;
  const sessions = sessionsOf(db, order);
  const holds = holdsOver(db, subject, sessions);
  if (holds.length > 0) return { kind: 'held', holds };
  const total = { payloads: 0, approvals: 0, tasks: 0 };
  const names = subject.kind === 'call' ? [subject.call] : sessions;
  for (let from = 0; from < names.length; from += NAMES_A_RECORD) {
    const some = names.slice(from, from + NAMES_A_RECORD);
    const counts = subject.kind === 'call' ? eraseCall(db, subject.call) : eraseSessions(db, some);
    if (counts.payloads + counts.approvals + counts.tasks === 0) continue;
    for (const what of ['payloads', 'approvals', 'tasks'] as const) total[what] += counts[what];
    const named = subject.kind === 'call' ? { calls: some } : { sessions: some };
    const { by, reason, at } = order;
    const event = { ...subjectEvent(subject), ...named, ...counts, by, reason };
    transaction.append([administration('payload.erased', at, event)]);
  }
  if (total.payloads + total.approvals + total.tasks === 0) return { kind: 'nothing' };
  forgetKeys(db);
  return { kind: 'erased', sessions: subject.kind === 'call' ? 0 : sessions.length, ...total };
}

/** Tells every process that a data key it remembers may be gone. */
export function forgetKeys(db: DatabaseSync): void {
  db.exec('UPDATE vault SET erasures = erasures + 1');
}

function sessionsOf(db: DatabaseSync, { subject }: Order): readonly string[] {
  const ids = (sql: string, ...values: readonly (string | null)[]): readonly string[] =>
    db
      .prepare(sql)
      .all(...values)
      .map((row) => textOf(row, 'id'));
  switch (subject.kind) {
    case 'session':
      return [subject.session];
    case 'call':
      return ids(
        'SELECT DISTINCT session AS id FROM event WHERE call = ? AND session IS NOT NULL',
        subject.call,
      );
    case 'principal':
      // Whose opening was lost is told by the calls themselves.
      return ids(
        `SELECT id FROM session WHERE principal = ?1 AND (?2 IS NULL OR issuer = ?2)
         UNION SELECT e.session FROM session s JOIN event e ON e.session = s.id WHERE s.principal IS NULL
           AND e.entry ->> '$.event.principal' = ?1 AND (?2 IS NULL OR e.entry ->> '$.event.issuer' = ?2)
         ORDER BY 1`,
        subject.principal,
        subject.issuer,
      );
  }
}

interface Counts {
  readonly payloads: number;
  readonly approvals: number;
  readonly tasks: number;
}

/** The keys go as well: whatever copy of a row there is, nothing opens it once they are gone from every copy of the store. */
function eraseSessions(db: DatabaseSync, sessions: readonly string[]): Counts {
  const list = JSON.stringify(sessions);
  const run = (sql: string): number => Number(db.prepare(sql).run(list).changes);
  const payloads = run(
    `DELETE FROM payload WHERE idx IN (
       SELECT idx FROM event WHERE session IN (SELECT value FROM json_each(?)))`,
  );
  const tasks = run(
    `DELETE FROM task WHERE approval IN (
       SELECT id FROM approval WHERE session IN (SELECT value FROM json_each(?)))`,
  );
  const approvals = run('DELETE FROM approval WHERE session IN (SELECT value FROM json_each(?))');
  run('DELETE FROM data_key WHERE scope IN (SELECT value FROM json_each(?))');
  return { payloads, approvals, tasks };
}

/** The key of its session stays, for the other calls. */
function eraseCall(db: DatabaseSync, call: string): Counts {
  const run = (sql: string): number => Number(db.prepare(sql).run(call).changes);
  const asked = `SELECT entry ->> '$.event.approval' FROM event WHERE call = ? AND type = 'approval.requested'`;
  return {
    payloads: run('DELETE FROM payload WHERE idx IN (SELECT idx FROM event WHERE call = ?)'),
    tasks: run(`DELETE FROM task WHERE approval IN (${asked})`),
    approvals: run(`DELETE FROM approval WHERE id IN (${asked})`),
  };
}
