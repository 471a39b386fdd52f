import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionSummary } from '../../src/model/record.ts';
import type { TimelineEntry } from '../../src/sessions/timeline.ts';
import { sallyport, type GatewayFolder } from '../support/gateway-process.ts';

interface Story {
  readonly summary: SessionSummary;
  readonly entries: readonly TimelineEntry[];
}

export type CallEntry = Extract<TimelineEntry, { kind: 'call' | 'refused' }>;

/** The youngest sessions, as an auditor reads them: through the command line. */
export async function readRecord(folder: GatewayFolder, limit = 50): Promise<readonly Story[]> {
  const sessions = await json<readonly SessionSummary[]>(
    folder,
    'sessions',
    'list',
    '--limit',
    String(limit),
  );
  return await Promise.all(sessions.map(({ id }) => json<Story>(folder, 'sessions', 'show', id, '--full')));
}

export interface RecordedCall {
  readonly session: SessionSummary;
  readonly entry: CallEntry;
}

/** The call that a `tool_use` block of the model caused, as the record ties them together. */
export function callOf(record: readonly Story[], toolUseId: string): RecordedCall | undefined {
  const found = record.flatMap(({ summary, entries }) =>
    entries
      .filter((entry) => entry.kind === 'call' || entry.kind === 'refused')
      .filter((entry) => (entry.kind === 'call' ? entry.intent : entry.event)['toolUseId'] === toolUseId)
      .map((entry) => ({ session: summary, entry })),
  );
  if (found.length > 1) throw new Error(`${toolUseId} is on record ${found.length} times`);
  return found[0];
}

/** Looks until the call, in the youngest session, is on record as the test wants it. */
export async function untilRecorded(
  folder: GatewayFolder,
  toolUseId: string,
  wanted: (call: RecordedCall) => boolean,
): Promise<RecordedCall> {
  for (let look = 0; look < 60; look += 1) {
    const call = callOf(await readRecord(folder, 1), toolUseId);
    if (call !== undefined && wanted(call)) return call;
    await sleep(100);
  }
  throw new Error(`${toolUseId} did not come on record as it should`);
}

/** The intent is on record and the outcome is not. */
export function isRunning({ entry }: RecordedCall): boolean {
  return entry.kind === 'call' && entry.outcomeIndex === null;
}

export function hasEnded({ entry }: RecordedCall): boolean {
  return entry.kind === 'refused' || entry.outcomeIndex !== null;
}

async function json<T>(folder: GatewayFolder, ...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await sallyport(folder, ...args, '--json');
  if (code === 0) return JSON.parse(stdout) as T;
  // A gateway that is only just starting has made no record yet.
  if (args[1] === 'list' && stderr.includes('there is no record')) return [] as T;
  throw new Error(`sallyport ${args.join(' ')} ended with ${code}: ${stderr}`);
}
