import { existsSync } from 'node:fs';
import { shown, type Configuration } from './configuration.ts';
import { postgresPlaces, shownPlace } from './postgres-place.ts';
import { payloadKeySource } from './payload-key.ts';
import { renderSessions, renderTimeline } from '../sessions/render.ts';
import { NoRecord } from '../sessions/postgres-store/database.ts';
import { openPostgresStore } from '../sessions/postgres-store/open-postgres-store.ts';
import { readRecord, type RecordRead } from '../sessions/read-log.ts';
import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import { timeline, type TimelineEntry } from '../sessions/timeline.ts';
import type { SessionSummary, StoredRecord } from '../model/record.ts';
import type { SessionQuery, Store } from '../sessions/store.ts';
import type { MasterKeySource } from '../sessions/vault/master-key.ts';

/** The record that a command was pointed at can't be used. The message is for the person at the terminal. */
export class RecordProblem extends Error {
  override readonly name = 'RecordProblem';
  readonly reason: 'missing' | 'unusable';

  constructor(reason: RecordProblem['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Opens the record for a command. Where it does not exist it is made only if `create`: looking makes nothing. `keys`
 * counts in place of the configured payload key.
 */
export async function openRecord(
  configuration: Configuration,
  create: boolean,
  keys?: MasterKeySource,
): Promise<Store> {
  const { store } = configuration;
  const where = store.kind === 'sqlite' ? shown(store.path) : shownPlace(store);
  try {
    return await open(configuration, create, keys);
  } catch (error) {
    if (error instanceof NoRecord)
      throw new RecordProblem('missing', `there is no record at ${where} yet; start the gateway first`);
    const why = error instanceof Error ? error.message : String(error);
    throw new RecordProblem('unusable', `the record at ${where} cannot be used: ${why}`);
  }
}

async function open(configuration: Configuration, create: boolean, named?: MasterKeySource): Promise<Store> {
  const { store } = configuration;
  if (store.kind === 'sqlite' && !create && !existsSync(store.path))
    throw new NoRecord('there is no such file');
  const keys = named ?? (await payloadKeySource(configuration));
  if (store.kind === 'postgres') {
    const { place, owner } = postgresPlaces(store);
    return await openPostgresStore({ place, owner: create ? owner : null, clock: Date.now, keys });
  }
  return await openSqliteStore({ path: store.path, clock: Date.now, keys });
}

export interface SessionStory {
  readonly summary: SessionSummary;
  readonly entries: readonly TimelineEntry[];
}

/** `by` is who looks, for the record. */
export async function listSessions(
  configuration: Configuration,
  query: SessionQuery,
  by: string,
): Promise<readonly SessionSummary[]> {
  const store = await openRecord(configuration, false);
  try {
    await recordLook(store, { by, how: 'command', what: 'sessions' });
    return await store.sessions(query);
  } finally {
    await store.close();
  }
}

/** `by` is who looks, for the record. @returns null where there is no such session. */
export async function readSession(
  configuration: Configuration,
  id: string,
  by: string,
): Promise<SessionStory | null> {
  const store = await openRecord(configuration, false);
  try {
    const summary = (await store.sessions({ id, limit: 1 }))[0];
    if (summary === undefined) return null;
    await recordLook(store, { by, how: 'command', what: 'session', id });
    return { summary, entries: timeline(summary, await allRecords(store, id)) };
  } finally {
    await store.close();
  }
}

/** On record before anything is shown: who can't be recorded sees nothing. */
export async function recordLook(store: Pick<Store, 'append'>, read: RecordRead): Promise<void> {
  await store.append([readRecord(read, Date.now(), null)]);
}

async function allRecords(store: Store, session: string): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (;;) {
    const after = records.at(-1)?.index;
    const page = await store.records({ session, limit: 1000, ...(after === undefined ? {} : { after }) });
    if (page.length === 0) return records;
    records.push(...page);
  }
}

export function renderSessionList(sessions: readonly SessionSummary[], color: boolean): string {
  return renderSessions(sessions, { color });
}

export function renderSession({ summary, entries }: SessionStory, full: boolean, color: boolean): string {
  return renderTimeline(summary, entries, { color, full });
}
