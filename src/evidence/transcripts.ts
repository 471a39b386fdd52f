import { createHash } from 'node:crypto';
import type { SessionSummary, StoredRecord } from '../model/record.ts';
import { renderTimeline } from '../sessions/render.ts';
import { timeline } from '../sessions/timeline.ts';
import type { ZipFile } from './zip-file.ts';

/** Records of one session after an index, in the order of the log; an empty page is the end. */
export type SessionReader = (session: string, after: number) => Promise<readonly StoredRecord[]>;

/** A session that says more than this is told up to here; its records are all in `records`. */
const MAX_RECORDS = 5_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Each session of the period as `sallyport sessions show --full` tells it, as far as it is between `start` and `end`. */
export async function writeTranscripts(
  zip: ZipFile,
  summaries: readonly SessionSummary[],
  read: SessionReader,
  range: { readonly start: number; readonly end: number },
): Promise<void> {
  for (const summary of summaries) {
    const { records, whole } = await recordsOf(summary.id, read, range);
    const text = renderTimeline(summary, timeline(summary, records), { full: true });
    const more = whole ? '' : '\nThe session goes on: the rest of it is in records/ and payloads/.\n';
    zip.put(`transcripts/${fileName(summary.id)}.txt`, `${text}${more}`);
  }
}

async function recordsOf(
  session: string,
  read: SessionReader,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<{ readonly records: readonly StoredRecord[]; readonly whole: boolean }> {
  const records: StoredRecord[] = [];
  let characters = 0;
  for (let page = await read(session, start - 1); page.length > 0;) {
    for (const record of page) {
      if (record.index >= end) return { records, whole: true };
      if (records.length >= MAX_RECORDS || characters >= MAX_CHARACTERS) return { records, whole: false };
      records.push(record);
      characters += JSON.stringify(record.payload).length;
    }
    page = await read(session, page.at(-1)?.index ?? end);
  }
  return { records, whole: true };
}

/** Ids are ours, but the name of a file is nothing to take out of a database on trust. */
function fileName(session: string): string {
  if (/^[\w-]{1,80}$/.test(session)) return session;
  return `other-${createHash('sha256').update(session).digest('hex')}`;
}
