import {
  administration,
  PAYLOAD_CLASSES,
  type PayloadClass,
  type PruneProgress,
  type PruneStep,
} from '../vault/disposal.ts';
import { numberOf, textOf, textOrNull } from '../row.ts';
import type { Connection } from './connection.ts';
import { deleted, forgetKeys } from './erase.ts';
import { HELD } from './hold-rows.ts';
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
export async function prune({ connection, append }: Transaction, step: PruneStep): Promise<PruneProgress> {
  const { retention, at, after, dryRun } = step;
  const rows = await windowAfter(connection, after);
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
  const requests = done ? await overRequests(connection, step) : [];
  const progress = { through, done, pruned, held, requests: requests.length };
  if (dryRun) return progress;
  await deleted(
    connection,
    'payload WHERE idx = ANY ($1::bigint[])',
    due.map(({ index }) => index),
  );
  await deleted(
    connection,
    'approval WHERE id = ANY ($1::text[])',
    requests.map(({ id }) => id),
  );
  for (const each of CLASSES) {
    const kept = retention[each];
    const over = each === 'approvals' ? requests.length : 0;
    if (kept === undefined || pruned[each] + over === 0) continue;
    const requested = over === 0 ? {} : { requests: over };
    const counted = { class: each, retention: kept.text, before: at - kept.ms, payloads: pruned[each] };
    append([administration('payload.pruned', at, { ...counted, ...requested, after, through })]);
  }
  await dropKeys(connection, [
    ...due.map(({ session }) => session),
    ...requests.map(({ session }) => session),
  ]);
  return progress;
}

interface Stored {
  readonly index: number;
  readonly type: string;
  readonly time: number;
  readonly session: string | null;
  readonly isHeld: boolean;
}

async function windowAfter(connection: Connection, after: number): Promise<readonly Stored[]> {
  const sql = `SELECT p.idx, e.type, e.time, e.session, ${HELD}::int AS held
    FROM payload p JOIN event e ON e.idx = p.idx LEFT JOIN session s ON s.id = e.session
    WHERE p.idx > $1::bigint ORDER BY p.idx LIMIT ${STEP_PAYLOADS}`;
  return (await connection.query(sql, after)).map((row) => ({
    index: numberOf(row, 'idx'),
    type: textOf(row, 'type'),
    time: numberOf(row, 'time'),
    session: textOrNull(row, 'session'),
    // What belongs to no session names nobody, and is under no hold.
    isHeld: row['session'] !== null && numberOf(row, 'held') === 1,
  }));
}

/** Requests for approval that wait for nobody any more. */
async function overRequests(
  connection: Connection,
  { retention, at }: PruneStep,
): Promise<readonly { readonly id: string; readonly session: string }[]> {
  const kept = retention.approvals;
  if (kept === undefined) return [];
  const sql = `SELECT a.id, a.session FROM approval a LEFT JOIN session s ON s.id = a.session
    WHERE a.created_at < $1::bigint AND a.status NOT IN ('pending', 'approved') AND NOT ${HELD}
    LIMIT ${STEP_PAYLOADS}`;
  const rows = await connection.query(sql, at - kept.ms);
  return rows.map((row) => ({ id: textOf(row, 'id'), session: textOf(row, 'session') }));
}

/** Of sessions of which nothing is left. The key of a day is small, and opens nothing that is not there. */
async function dropKeys(connection: Connection, sessions: readonly (string | null)[]): Promise<void> {
  const touched = [...new Set(sessions)].filter((session) => session !== null);
  if (touched.length === 0) return;
  const what = `data_key k WHERE k.scope = ANY ($1::text[])
    AND NOT EXISTS (SELECT 1 FROM event e JOIN payload p ON p.idx = e.idx WHERE e.session = k.scope)
    AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.session = k.scope)`;
  if ((await deleted(connection, what, touched)) > 0) await forgetKeys(connection);
}
