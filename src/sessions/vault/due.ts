import type { NewRecord } from '../../model/record.ts';
import { numberOf, textOf, textOrNull, type Row } from '../row.ts';
import {
  administration,
  PAYLOAD_CLASSES,
  type PayloadClass,
  type PruneProgress,
  type PruneStep,
} from './disposal.ts';

/** Payloads that a step looks at: some milliseconds, in which nothing is appended. */
export const STEP_PAYLOADS = 4_096;

const CLASSES = ['arguments', 'results', 'refused', 'approvals'] as const satisfies readonly PayloadClass[];

/** A request for approval that waits for nobody any more. */
export interface OverRequest {
  readonly id: string;
  readonly session: string;
}

/** What a step found that retention lets go of. */
export interface Due extends Omit<PruneProgress, 'requests'> {
  readonly payloads: readonly { readonly index: number; readonly session: string | null }[];
}

/** Of the payloads of a step, with `idx`, `type`, `time`, `session` and `held` (1 where a hold is over it), those that go. */
export function dueOf(rows: readonly Row[], { retention, at, after }: PruneStep): Due {
  const payloads: { readonly index: number; readonly session: string | null }[] = [];
  const pruned = { arguments: 0, results: 0, refused: 0, approvals: 0 };
  let held = 0;
  for (const row of rows) {
    const type = textOf(row, 'type');
    const session = textOrNull(row, 'session');
    const of = CLASSES.find((each) => PAYLOAD_CLASSES[each] === type);
    const kept = of === undefined ? undefined : retention[of];
    if (of === undefined || kept === undefined || numberOf(row, 'time') >= at - kept.ms) continue;
    // What belongs to no session names nobody, and is under no hold.
    if (session !== null && numberOf(row, 'held') === 1) held += 1;
    else {
      payloads.push({ index: numberOf(row, 'idx'), session });
      pruned[of] += 1;
    }
  }
  const last = rows.at(-1);
  const through = last === undefined ? after : numberOf(last, 'idx');
  return { through, done: rows.length < STEP_PAYLOADS, pruned, held, payloads };
}

export function overRequestOf(row: Row): OverRequest {
  return { id: textOf(row, 'id'), session: textOf(row, 'session') };
}

/** What a step puts on record: one for each class of which something went, with the rule that it went by. */
export function prunings(
  due: Due,
  requests: number,
  { retention, at, after }: PruneStep,
): readonly NewRecord[] {
  return CLASSES.flatMap((each) => {
    const kept = retention[each];
    const over = each === 'approvals' ? requests : 0;
    const payloads = due.pruned[each];
    if (kept === undefined || payloads + over === 0) return [];
    const rule = { class: each, retention: kept.text, before: at - kept.ms };
    const counted = { payloads, ...(over === 0 ? {} : { requests: over }) };
    return [administration('payload.pruned', at, { ...rule, ...counted, after, through: due.through })];
  });
}

export function progressOf({ through, done, pruned, held }: Due, requests: number): PruneProgress {
  return { through, done, pruned, held, requests };
}

/** The sessions whose keys may be of no more use. */
export function sessionsTouched(due: Due, requests: readonly OverRequest[]): readonly string[] {
  const sessions = [...due.payloads, ...requests].map(({ session }) => session);
  return [...new Set(sessions)].filter((session) => session !== null);
}
