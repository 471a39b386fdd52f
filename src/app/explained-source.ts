import type { RecordType } from '../model/record.ts';
import type { RecordSource, SourceRecord, Store } from '../sessions/store.ts';
import { readDisposals, type Disposals } from '../verify/disposals.ts';
import { parseEntry } from '../verify/entry.ts';

/** The records that say what was done to payloads on purpose, and to whose. */
const TELLING: readonly RecordType[] = [
  'payload.erased',
  'payload.pruned',
  'hold.placed',
  'hold.released',
  'session.opened',
];

const PAGE = 1_000;

/**
 * The log of a store, in which a payload that is gone is `erased` where a record explains it, by the same rules as
 * `sallyport verify` has, and `missing` anywhere else.
 */
export async function explainedSource(store: Store): Promise<RecordSource> {
  const disposals = await readDisposals({ entriesOf: () => telling(store) });
  const { source } = store;
  return {
    ...source,
    records: async (first, end) =>
      (await source.records(first, end)).map((record) => explained(record, disposals)),
  };
}

function explained(record: SourceRecord, disposals: Disposals): SourceRecord {
  if (record.payload.kind !== 'missing') return record;
  const entry = parseEntry(record.entry);
  const why = entry === null ? null : disposals.gone(record.index, entry);
  return why === 'erased' || why === 'pruned' ? { ...record, payload: { kind: 'erased' } } : record;
}

async function* telling(store: Store): AsyncGenerator<{ readonly index: number; readonly entry: string }> {
  let after = -1;
  for (;;) {
    const page = await store.records({ types: TELLING, after, limit: PAGE });
    for (const { index, type, time, session, call, event } of page) {
      yield { index, entry: JSON.stringify({ type, time, session, call, event, v: 2 }) };
      after = index;
    }
    if (page.length === 0) return;
  }
}
