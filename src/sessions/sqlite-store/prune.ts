import type { DatabaseSync } from 'node:sqlite';
import {
  administration,
  PAYLOAD_CLASSES,
  type PayloadClass,
  type PruneProgress,
  type PruneStep,
} from '../vault/disposal.ts';
import { forgetKeys } from './erase.ts';
import { HELD } from './hold-rows.ts';
import { numberOf, textOf, textOrNull } from '../row.ts';
import type { Transaction } from './writer.ts';

/** Payloads that a step looks at: some milliseconds, in which nothing is appended. */
const STEP_PAYLOADS = 4_096;

const CLASSES = ['arguments', 'results', 'refused', 'approvals'] as const satisfies readonly PayloadClass[];

interface Due {
  readonly index: number;
  readonly of: PayloadClass;
  readonly session: string | null;
}

/** One step, in one transaction. */
export function prune({ db, append }: Transaction, step: PruneStep): PruneProgress {
  const { retention, at, after, dryRun } = step;
  const rows = window(db, after);
  const through = rows.at(-1)?.index ?? after;
  const done = rows.length < STEP_PAYLOADS;
  const due: Due[] = [];
  let held = 0;
  for (const { index, type, time, session, isHeld } of rows) {
    const of = CLASSES.find((each) => PAYLOAD_CLASSES[each] === type);
    const kept = of === undefined ? undefined : retention[of];
    if (of === undefined || kept === undefined || time >= at - kept.ms) continue;
    if (isHeld) held += 1;
    else due.push({ index, of, session });
  }
  const pruned = { arguments: 0, results: 0, refused: 0, approvals: 0 };
  for (const each of due) pruned[each.of] += 1;
  const requests = done ? overRequests(db, step) : [];
  if (!dryRun) {
    const drop = db.prepare('DELETE FROM payload WHERE idx = ?');
    for (const { index } of due) drop.run(index);
    const forget = db.prepare('DELETE FROM approval WHERE id = ?');
    for (const { id } of requests) forget.run(id);
    for (const each of CLASSES) {
      const kept = retention[each];
      const over = each === 'approvals' ? requests.length : 0;
      if (kept === undefined || pruned[each] + over === 0) continue;
      const requested = over === 0 ? {} : { requests: over };
      const event = {
        class: each,
        retention: kept.text,
        before: at - kept.ms,
        payloads: pruned[each],
        ...requested,
      };
      append([administration('payload.pruned', at, { ...event, after, through })]);
    }
    dropKeys(db, [...due.map(({ session }) => session), ...requests.map(({ session }) => session)]);
  }
  return { through, done, pruned, held, requests: requests.length };
}

interface Stored {
  readonly index: number;
  readonly type: string;
  readonly time: number;
  readonly session: string | null;
  readonly isHeld: boolean;
}

function window(db: DatabaseSync, after: number): readonly Stored[] {
  const sql = `SELECT p.idx, e.type, e.time, e.session, ${HELD} AS held
    FROM payload p JOIN event e ON e.idx = p.idx LEFT JOIN session s ON s.id = e.session
    WHERE p.idx > ? ORDER BY p.idx LIMIT ${STEP_PAYLOADS}`;
  return db
    .prepare(sql)
    .all(after)
    .map((row) => ({
      index: numberOf(row, 'idx'),
      type: textOf(row, 'type'),
      time: numberOf(row, 'time'),
      session: textOrNull(row, 'session'),
      // What belongs to no session names nobody, and is under no hold.
      isHeld: row['session'] !== null && numberOf(row, 'held') === 1,
    }));
}

/** Requests for approval that wait for nobody any more. */
function overRequests(
  db: DatabaseSync,
  { retention, at }: PruneStep,
): readonly { readonly id: string; readonly session: string }[] {
  const kept = retention.approvals;
  if (kept === undefined) return [];
  const sql = `SELECT a.id, a.session FROM approval a LEFT JOIN session s ON s.id = a.session
    WHERE a.created_at < ? AND a.status NOT IN ('pending', 'approved') AND NOT ${HELD} LIMIT ${STEP_PAYLOADS}`;
  return db
    .prepare(sql)
    .all(at - kept.ms)
    .map((row) => ({ id: textOf(row, 'id'), session: textOf(row, 'session') }));
}

/** Of sessions of which nothing is left. The key of a day is small, and opens nothing that is not there. */
function dropKeys(db: DatabaseSync, sessions: readonly (string | null)[]): void {
  const touched = [...new Set(sessions)].filter((session) => session !== null);
  if (touched.length === 0) return;
  const sql = `DELETE FROM data_key WHERE scope IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM event e JOIN payload p ON p.idx = e.idx WHERE e.session = data_key.scope)
    AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.session = data_key.scope)`;
  if (Number(db.prepare(sql).run(JSON.stringify(touched)).changes) > 0) forgetKeys(db);
}
