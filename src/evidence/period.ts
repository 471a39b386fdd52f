import type { RecordSource, StoredCheckpoint } from '../sessions/store.ts';

/** Epoch milliseconds, UTC: from and including `from`, to and excluding `to`. Null: from the first, to the newest record. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}

/** The part of the log that a pack is of: the records between two signed states of it. */
export interface Stretch {
  /** Null: the log was empty, which nobody signs. */
  readonly start: StoredCheckpoint | null;
  /** The last checkpoint of each day of UTC between the two, by size. */
  readonly daily: readonly StoredCheckpoint[];
  readonly end: StoredCheckpoint;
  /** Records of the period that no checkpoint covers yet, and that are not in the pack for that reason. */
  readonly unsigned: number;
}

const LAST = Number.MAX_SAFE_INTEGER;
/** 27 years of days. */
const MAX_DAYS = 10_000;

/**
 * The smallest stretch between checkpoints that has every record of the period in it, by the times in the records. They may
 * go backwards, so records of shortly before and after are among them. Null where nothing is signed, or the log begins later.
 */
export async function stretchOf(source: RecordSource, { from, to }: Period): Promise<Stretch | null> {
  const latest = await nearest(source, 'largest_first', 1, LAST);
  if (latest === null) return null;
  const [begin, stop] = [from ?? Number.MIN_SAFE_INTEGER, to ?? LAST];
  const bounds = await source.bounds(begin, stop);
  if (bounds === null) return await empty(source, stop, latest);
  const start = await nearest(source, 'largest_first', 1, bounds.first);
  const end = (await nearest(source, 'smallest_first', bounds.last + 1, LAST)) ?? latest;
  const unsigned = Math.max(0, bounds.last + 1 - Math.max(end.size, bounds.first));
  const between = { from: (start?.size ?? 0) + 1, to: end.size - 1 };
  const daily = await source.checkpoints({
    ...between,
    lastOfDay: true,
    order: 'smallest_first',
    limit: MAX_DAYS,
  });
  return { start, daily, end, unsigned };
}

/** No record has its time in the period: nothing was added between two states that are one. */
async function empty(source: RecordSource, stop: number, latest: StoredCheckpoint): Promise<Stretch | null> {
  const before = await source.bounds(Number.MIN_SAFE_INTEGER, stop);
  if (before === null) return null;
  const state = (await nearest(source, 'smallest_first', before.last + 1, LAST)) ?? latest;
  return { start: state, daily: [], end: state, unsigned: 0 };
}

async function nearest(
  source: RecordSource,
  order: 'smallest_first' | 'largest_first',
  from: number,
  to: number,
): Promise<StoredCheckpoint | null> {
  return from > to ? null : ((await source.checkpoints({ from, to, order, limit: 1 }))[0] ?? null);
}
