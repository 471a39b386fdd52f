import type { StoredRecord } from '../../src/model/record.ts';
import type { Store } from '../../src/sessions/store.ts';

/** Every record after an index, whatever the size of pages. */
export async function readAll(store: Store, after = -1): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (;;) {
    const page = await store.records({ after: records.at(-1)?.index ?? after, limit: 10_000 });
    if (page.length === 0) return records;
    records.push(...page);
  }
}
