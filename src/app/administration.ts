import { hash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { loadOfRules } from './live-rules.ts';
import { sourcesOf } from './rule-sources.ts';
import { VERSION } from './version.ts';
import { digestsField, digestsIn, digestsOf, whatChanged } from './what-changed.ts';
import { maskJson } from '../masking/mask.ts';
import { readKeyFile } from '../sessions/log/key-file.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Configuration } from './configuration.ts';
import type { LoadedRules } from './rules.ts';
import type { JsonObject } from '../model/json.ts';
import type { NewRecord, RecordType, StoredRecord } from '../model/record.ts';
import type { Store } from '../sessions/store.ts';

export interface Start {
  readonly configuration: Configuration;
  readonly store: Pick<Store, 'append' | 'latest' | 'processes'>;
  readonly rules: LoadedRules;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The record of a process from its start on. */
export interface Administration {
  readonly stopped: (reason: string) => Promise<void>;
}

/** Starts that are looked at for one that did not end. Older ones were, by the starts after them. */
const STARTS = 100;

/** Puts the start on record: what ended unsaid before, this process, its configuration, its rules. */
export async function recordStart({ configuration, store, rules, now }: Start): Promise<Administration> {
  const id = randomUUID();
  // Before its record: whoever reads that record finds the lock, or a process that is gone.
  await store.processes.enter(id);
  await recordCrashes(store, now);
  const started = {
    version: VERSION,
    node: process.version,
    process: id,
    ...logKeyOf(configuration),
    pid: process.pid,
    host: hostname(),
  };
  const [configured] = await store.latest('config.loaded', 1);
  const [ruled] = await store.latest('rules.loaded', 1);
  await store.append([
    record('server.started', started, now()),
    configLoaded(configuration, rules, configured, now()),
    {
      ...record('rules.loaded', loadOfRules(rules, digestsIn(ruled?.event, 'files')), now()),
      payload: sourcesOf(rules),
    },
  ]);
  return {
    stopped: (reason) => store.append([record('server.stopped', { reason, process: id }, now())]),
  };
}

/** Which key signs from here on: a log that is signed with another says so by the start that brought it. */
function logKeyOf({ record: { keyFile } }: Configuration): JsonObject {
  const key = readKeyFile(keyFile);
  return key === null ? {} : { logKey: key.verifierKey };
}

function configLoaded(
  { written }: Configuration,
  rules: LoadedRules,
  before: StoredRecord | undefined,
  time: number,
): NewRecord {
  const said = [...written].map(([path, text]) => [path, text ?? '(secret)'] as const);
  const settings = digestsOf(said);
  const previous = before?.event['digest'];
  const event = {
    digest: hash('sha256', canonicalJson(settings)),
    ...(typeof previous === 'string' ? { previous } : {}),
    ...whatChanged(digestsIn(before?.event, 'settings'), settings),
    ...digestsField('settings', settings),
  };
  const payload = maskJson(Object.fromEntries(said), rules.masking);
  return { ...record('config.loaded', event, time), payload };
}

/**
 * A start without a stop is a crash, unless that process lives still. Processes of versions that showed no sign of life
 * have no `pid` on record, and nothing is said of them.
 */
async function recordCrashes(store: Start['store'], now: () => number): Promise<void> {
  const starts = (await store.latest('server.started', STARTS)).filter(({ event }) => 'pid' in event);
  const ended = await endings(store);
  for (const { index, time, event } of starts.toReversed()) {
    const id = event['process'];
    if (typeof id !== 'string' || ended.has(id)) continue;
    await store.processes.ifGone(id, async () => {
      // Another start may have told it between the two looks.
      if ((await endings(store)).has(id)) return;
      const told = { process: id, pid: event['pid'] ?? 0, started: index, startedAt: time };
      await store.append([record('server.crashed', told, now())]);
    });
  }
}

async function endings(store: Start['store']): Promise<ReadonlySet<string>> {
  const told = await Promise.all([
    store.latest('server.stopped', 10 * STARTS),
    store.latest('server.crashed', 10 * STARTS),
  ]);
  return new Set(
    told.flat().flatMap(({ event }) => (typeof event['process'] === 'string' ? [event['process']] : [])),
  );
}

function record(type: RecordType, event: JsonObject, time: number): NewRecord {
  return { type, time, session: null, call: null, event, payload: null };
}
