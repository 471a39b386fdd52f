import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfiguration } from '../../src/app/configuration.ts';
import { listSessions, readSession, type SessionStory } from '../../src/app/read-record.ts';
import type { SessionSummary } from '../../src/model/record.ts';
import type { TimelineEntry } from '../../src/sessions/timeline.ts';
import { sallyport, type GatewayFolder } from '../support/gateway-process.ts';

export type CallEntry = Extract<TimelineEntry, { kind: 'call' | 'refused' }>;

/** The whole record, as an auditor reads it: through the command line. */
export async function readRecord(folder: GatewayFolder): Promise<readonly SessionStory[]> {
  const sessions = await json<readonly SessionSummary[]>(folder, 'sessions', 'list');
  return await Promise.all(
    sessions.map(({ id }) => json<SessionStory>(folder, 'sessions', 'show', id, '--full')),
  );
}

export interface RecordedCall {
  readonly session: SessionSummary;
  readonly entry: CallEntry;
}

/** The call that a `tool_use` block of the model caused, as the record ties them together. */
export function callOf(record: readonly SessionStory[], toolUseId: string): RecordedCall | undefined {
  const found = record.flatMap(({ summary, entries }) =>
    entries
      .filter((entry) => entry.kind === 'call' || entry.kind === 'refused')
      .filter((entry) => (entry.kind === 'call' ? entry.intent : entry.event)['toolUseId'] === toolUseId)
      .map((entry) => ({ session: summary, entry })),
  );
  if (found.length > 1) throw new Error(`${toolUseId} is on record ${found.length} times`);
  return found[0];
}

/**
 * Looks until the call, in the youngest session, is on record as the test wants it. Reads as the command line does,
 * without its second to start.
 */
export async function untilRecorded(
  { configPath, storePath }: GatewayFolder,
  toolUseId: string,
  wanted: (call: RecordedCall) => boolean,
): Promise<RecordedCall> {
  const loaded = await loadConfiguration(configPath, process.env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  for (let look = 0; look < 100; look += 1) {
    // Over stdio it is the agent that starts the gateway.
    const [youngest] = existsSync(storePath) ? await listSessions(loaded.value, { limit: 1 }, 'os:test') : [];
    const story = youngest === undefined ? null : await readSession(loaded.value, youngest.id, 'os:test');
    const call = story === null ? undefined : callOf([story], toolUseId);
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
  if (code !== 0) throw new Error(`sallyport ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
