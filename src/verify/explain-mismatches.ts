import type { Findings } from './finding.ts';

/** A record whose hash is not the one that the tree has for it. Hashes in hex. */
export interface Mismatch {
  readonly index: number;
  readonly is: string;
  readonly was: string;
}

/** How many records at once are looked for where the rest of a log has moved up or down. */
const MAX_SHIFT = 64;

/**
 * Says what was done to records, from what is where. `wasAt` has the hash that the tree has for an index.
 *
 * @returns whether records after the first one moved up, so that the log ends too early for that reason.
 */
export async function explain(
  mismatches: readonly Mismatch[],
  wasAt: (index: number) => Promise<string | null>,
  findings: Findings,
): Promise<boolean> {
  const [first] = mismatches;
  if (first === undefined) return false;
  const places = new Map(mismatches.map(({ was, index }) => [was, index]));
  const permuted = mismatches.every(({ is }) => places.has(is));
  if (!permuted) {
    const gone = await shift(async (by) => (await wasAt(first.index + by)) === first.is);
    if (gone !== null) {
      const message = `${count(gone, first.index)} deleted, and the rest moved up`;
      findings.add('record_deleted', first.index, message);
      return true;
    }
    const added = await shift(
      async (by) => mismatches[by]?.index === first.index + by && mismatches[by].is === first.was,
    );
    if (added !== null) {
      findings.add(
        'record_inserted',
        first.index,
        `${count(added, first.index)} inserted, and the rest moved down`,
      );
      return false;
    }
  }
  for (const { index, is } of mismatches) {
    const from = places.get(is);
    if (from === undefined) findings.add('record_edited', index, `record ${index} was edited`);
    else findings.add('record_moved', index, `record ${index} is what was written as record ${from}`);
  }
  return false;
}

async function shift(fits: (by: number) => Promise<boolean>): Promise<number | null> {
  for (let by = 1; by <= MAX_SHIFT; by += 1) if (await fits(by)) return by;
  return null;
}

function count(many: number, first: number): string {
  return many === 1 ? `record ${first} was` : `${many} records from ${first} on were`;
}
