import { createHmac } from 'node:crypto';
import type { Disposals } from './disposals.ts';
import type { Entry } from './entry.ts';
import type { Findings } from './finding.ts';
import type { PayloadReader } from './payload-reader.ts';
import type { RecordRow } from './record-source.ts';

export interface PayloadCounts {
  /** That are what the leaf committed to. */
  verified: number;
  /** That could not be opened without a key, and so were not looked at. */
  sealed: number;
  /** That are gone, and that a record says were erased. */
  erased: number;
  /** That are gone, and that a record says retention let go of. */
  pruned: number;
  /** That are gone, and nothing on record says why. */
  missing: number;
  /** That are there, and under a legal hold today. */
  held: number;
  /** Of entries of format 1, which committed to none. */
  uncommitted: number;
}

/** What stands beside an entry, against what the entry says. */
export async function checkRow(
  row: RecordRow,
  leaf: Buffer,
  entry: Entry,
  payloads: PayloadReader,
  disposals: Disposals,
  counts: PayloadCounts,
  findings: Findings,
): Promise<void> {
  const { index } = row;
  const copies = [row.type, row.time, row.session, row.call];
  const said = [entry.type, entry.time, entry.session, entry.call];
  if (copies.some((copy, at) => copy !== said[at]))
    findings.add(
      'columns_edited',
      index,
      `the columns beside the entry of record ${index} say something else than it`,
    );

  if (row.payload === null) {
    if (entry.payload === null) return;
    gone(index, entry, disposals, counts, findings);
    return;
  }
  const erasedBy = disposals.erasedBy(index, entry);
  if (erasedBy !== null) {
    const message = `the payload of record ${index} is there, and record ${erasedBy} says that it was erased`;
    findings.add('payload_not_erased', index, message);
  }
  if (disposals.held(entry)) counts.held += 1;
  if (entry.version > 1 && entry.payload === null) {
    findings.add('payload_added', index, `record ${index} has a payload, and was written without one`);
    return;
  }
  const read = await payloads.read(row.payload, entry, leaf);
  switch (read.kind) {
    case 'sealed':
      counts.sealed += 1;
      return;
    case 'no_key':
      findings.add('payload_key_missing', index, `the payload of record ${index} is there, its key is not`);
      return;
    case 'broken':
      edited(index, findings);
      return;
    case 'opened': {
      if (entry.payload === null) {
        counts.uncommitted += 1;
        return;
      }
      const digest = createHmac('sha256', read.salt).update(read.body).digest('hex');
      if (digest === entry.payload) counts.verified += 1;
      else edited(index, findings);
    }
  }
}

/** Erased is only what a record on the log explains. */
function gone(
  index: number,
  entry: Entry,
  disposals: Disposals,
  counts: PayloadCounts,
  findings: Findings,
): void {
  const why = disposals.gone(index, entry);
  if (why === 'erased' || why === 'pruned') {
    counts[why] += 1;
    return;
  }
  counts.missing += 1;
  if (why === 'held')
    findings.add(
      'hold_broken',
      index,
      `the payload of record ${index} was destroyed while a hold was over it`,
    );
  else
    findings.add(
      'payload_missing',
      index,
      `the payload of record ${index} is missing, and no record says that it was erased or expired`,
    );
}

function edited(index: number, findings: Findings): void {
  findings.add('payload_edited', index, `the payload of record ${index} is not the one that was recorded`);
}
