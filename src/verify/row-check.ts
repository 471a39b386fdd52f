import { createHmac } from 'node:crypto';
import type { Entry } from './entry.ts';
import type { Findings } from './finding.ts';
import type { RecordRow } from './record-source.ts';

export interface PayloadCounts {
  /** That are what the leaf committed to. */
  verified: number;
  /** That a leaf committed to and that are no longer there. */
  erased: number;
  /** Of entries of format 1, which committed to none. */
  uncommitted: number;
}

/** What stands beside an entry, against what the entry says. */
export function checkRow(row: RecordRow, entry: Entry, counts: PayloadCounts, findings: Findings): void {
  const { index } = row;
  const copies = [row.type, row.time, row.session, row.call];
  const said = [entry.type, entry.time, entry.session, entry.call];
  if (copies.some((copy, at) => copy !== said[at]))
    findings.add(
      'columns_edited',
      index,
      `the columns beside the entry of record ${index} say something else than it`,
    );

  const { payload } = row;
  if (payload === null) {
    if (entry.payload === null) return;
    counts.erased += 1;
    findings.add('payload_erased', index, `the payload of record ${index} was erased`);
    return;
  }
  if (entry.version === 1) {
    counts.uncommitted += 1;
    return;
  }
  if (entry.payload === null) {
    findings.add('payload_added', index, `record ${index} has a payload, and was written without one`);
    return;
  }
  const key = Buffer.from(payload.salt ?? '', 'hex');
  const digest = createHmac('sha256', key).update(payload.body, 'utf8').digest('hex');
  if (digest === entry.payload) counts.verified += 1;
  else
    findings.add('payload_edited', index, `the payload of record ${index} is not the one that was recorded`);
}
