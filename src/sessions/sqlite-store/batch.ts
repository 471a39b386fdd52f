import type { AppendItem } from '../append-queue.ts';
import type { EncodedChange } from '../change.ts';
import type { EncodedRecord, SessionAbout } from '../entry.ts';
import type { RecordType } from '../../model/record.ts';

/**
 * What the queue gives to one commit, as it crosses to the writing thread: a list a column and one piece of memory for
 * all payloads. As an object a record it took half as long again, of both threads.
 */
export interface Batch {
  readonly groups: readonly Group[];
  readonly types: readonly RecordType[];
  readonly times: readonly number[];
  readonly sessions: readonly (string | null)[];
  readonly calls: readonly (string | null)[];
  readonly entries: readonly string[];
  readonly commitments: readonly (string | null)[];
  readonly abouts: readonly (SessionAbout | null)[];
  /** Where each payload ends, and the next one begins. */
  readonly ends: readonly number[];
  readonly payloads: Uint8Array;
}

/** Records that follow each other: those of one item with changes, or of any number of items without. */
interface Group {
  readonly records: number;
  readonly changes: readonly EncodedChange[];
}

export function packBatch(items: readonly AppendItem[]): Batch {
  const records = items.flatMap((item) => item.records);
  const payloads = records.map(({ payload }) => payload ?? NOTHING);
  let end = 0;
  return {
    groups: groupsOf(items),
    types: records.map(({ type }) => type),
    times: records.map(({ time }) => time),
    sessions: records.map(({ session }) => session),
    calls: records.map(({ call }) => call),
    entries: records.map(({ entry }) => entry),
    commitments: records.map(({ commitment }) => commitment),
    abouts: records.map(({ about }) => about),
    ends: payloads.map(({ length }) => (end += length)),
    // Copied: a view would take the whole pool along that its memory is a piece of.
    payloads: joined(payloads, end),
  };
}

/** The items of a batch. Neighbours without changes, which nothing tells apart, come as one. */
export function unpackBatch(batch: Batch): readonly AppendItem[] {
  let first = 0;
  return batch.groups.map(({ records, changes }) => {
    const from = first;
    first += records;
    return { records: Array.from({ length: records }, (_, at) => recordAt(batch, from + at)), changes };
  });
}

const NOTHING = new Uint8Array(0);

function groupsOf(items: readonly AppendItem[]): readonly Group[] {
  const groups: Group[] = [];
  let plain = 0;
  for (const { records, changes } of items) {
    if (changes.length === 0) {
      plain += records.length;
      continue;
    }
    if (plain > 0) groups.push({ records: plain, changes: [] });
    plain = 0;
    groups.push({ records: records.length, changes });
  }
  return plain > 0 ? [...groups, { records: plain, changes: [] }] : groups;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function recordAt(batch: Batch, at: number): EncodedRecord {
  const { types, times, sessions, calls, entries, commitments, abouts, ends, payloads } = batch;
  const [type, time, entry] = [types[at], times[at], entries[at]];
  if (type === undefined || time === undefined || entry === undefined)
    throw new Error('a batch has fewer records than it says');
  const commitment = commitments[at] ?? null;
  const payload = commitment === null ? null : payloads.subarray(ends[at - 1] ?? 0, ends[at]);
  const [session = null, call = null, about = null] = [sessions[at], calls[at], abouts[at]];
  return { type, time, session, call, entry, payload, commitment, about };
}
