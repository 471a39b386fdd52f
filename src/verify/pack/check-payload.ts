import { createHmac } from 'node:crypto';
import type { Entry } from '../entry.ts';
import type { Beside, LineOf } from './beside.ts';
import { objectIn } from './manifest.ts';
import type { PackFindings } from './pack-finding.ts';

export interface PackPayloads {
  /** That are what the record committed to. */
  verified: number;
  /** That were erased on purpose, as the pack says. */
  erased: number;
  /** Of entries of format 1, which committed to none. */
  uncommitted: number;
}

/** What the pack has of a record's payload, against what the record says. */
export async function checkPayload(
  index: number,
  entry: Entry,
  payloads: Beside<LineOf>,
  counts: PackPayloads,
  findings: PackFindings,
): Promise<void> {
  const line = await payloads.next();
  const said = line === null ? null : parse(line.text);
  if (line === null || said === null || said['index'] !== index) {
    if (line !== null && said === null) {
      findings.add('payload_edited', line.file, index, 'a line of payloads cannot be read');
      payloads.take();
    }
    if (entry.payload !== null)
      findings.add(
        'payload_missing',
        line?.file ?? null,
        index,
        `the payload of record ${index} is not in the pack`,
      );
    return;
  }
  payloads.take();
  const { salt, body, erased, missing } = said;
  if (erased === true) {
    counts.erased += 1;
    findings.add(
      'payload_erased',
      line.file,
      index,
      `the payload of record ${index} was erased before the pack was made`,
    );
    return;
  }
  if (missing === true || typeof body !== 'string') {
    findings.add(
      'payload_missing',
      line.file,
      index,
      `the payload of record ${index} was missing when the pack was made, and was not erased`,
    );
    return;
  }
  if (entry.payload === null) {
    if (entry.version === 1) counts.uncommitted += 1;
    else
      findings.add(
        'payload_added',
        line.file,
        index,
        `record ${index} has a payload, and was written without one`,
      );
    return;
  }
  if (commits(entry.payload, body, salt)) counts.verified += 1;
  else
    findings.add(
      'payload_edited',
      line.file,
      index,
      `the payload of record ${index} is not the one that was recorded`,
    );
}

/** Whether `committed`, hex, is the HMAC-SHA-256 of the body under the salt. */
export function commits(committed: string, body: string, salt: unknown): boolean {
  const key = Buffer.from(typeof salt === 'string' ? salt : '', 'hex');
  return createHmac('sha256', key).update(body, 'utf8').digest('hex') === committed;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return null;
  }
}
