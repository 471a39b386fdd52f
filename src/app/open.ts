import { recordStart } from './administration.ts';
import { holdRules, watchEdits } from './live-rules.ts';
import { openDesk, tellWebhooks } from './desk.ts';
import { createGateway } from './gateway.ts';
import { openIdentity } from './identity.ts';
import { openPages } from './pages.ts';
import { pageOf } from './places.ts';
import { startPruning } from './pruning.ts';
import { startPublishing } from './publishing.ts';
import { loadRules } from './rules.ts';
import { openStore, publishedLog } from './store.ts';
import { taskStations } from './task-stations.ts';
import { uuidv7 } from './ids.ts';
import { VERSION } from './version.ts';
import { openConnector } from '../connectors/open.ts';
import { createDoorLog } from '../govern/door-log.ts';
import { startInspector } from '../inspect/inspector.ts';
import { maskJson, maskText } from '../masking/mask.ts';
import { createPseudonyms, type Pseudonyms } from '../masking/pseudonyms.ts';
import { createRequestState } from '../govern/request-state.ts';
import { createTaskRuns } from '../govern/task-runs.ts';
import { createLog } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { startTracing } from '../observe/tracing.ts';
import { createWatch } from '../observe/watch.ts';
import { createReadLog } from '../sessions/read-log.ts';
import { createSessionTracker } from '../sessions/session-tracker.ts';
import type { Configuration } from './configuration.ts';
import type { Console } from '../console/console.ts';
import type { DevKeys } from '../identity/dev-tokens.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Gateway } from '../govern/gateway.ts';
import type { RecordLog } from '../server/record-log.ts';
import type { Stations } from '../govern/stations.ts';
import type { JsonObject } from '../model/json.ts';
import type { Loaded } from '../model/load-error.ts';
import type { Log } from '../model/log.ts';
import type { NewRecord } from '../model/record.ts';

/** A gateway with everything behind it, ready for a front. */
export interface OpenGateway {
  readonly gateway: Gateway;
  /** The pages for reviewers. */
  readonly pages: Console;
  readonly log: Log;
  /** Null where the log is not published. */
  readonly recordLog: RecordLog | null;
  /** Null where development tokens are off. */
  readonly devKeys: DevKeys | null;
  readonly tools: number;
  /** Refuses new calls from now on. A front is closed after this and before `close`. */
  readonly drain: () => void;
  /** Ends sessions, puts the stop on record and lets go of every file, thread and connection. */
  readonly close: (reason: string) => Promise<void>;
}

/** How often idle sessions and counted refusals are looked for. Milliseconds. */
const SWEEP_EVERY = 60_000;

/** How long the calls of tasks, which no connection waits for, may go on when the gateway stops. Milliseconds. */
const TASK_GRACE = 5_000;

/** Constructs the gateway and starts its record. An error in what people wrote is a value; what is thrown is a store that can't be opened. */
export async function openGateway(configuration: Configuration): Promise<Loaded<OpenGateway>> {
  const now = Date.now;
  const inspector = startInspector();
  const edits = await watchEdits(configuration);
  const [rules] = await Promise.all([loadRules(configuration, inspector), inspector.warm()]);
  if (!rules.ok) {
    edits.close();
    await inspector.close();
    return rules;
  }
  const first = rules.value;
  const log = createLog({
    ...configuration.log,
    maskFields: (fields) => objectOf(maskJson(fields, first.masking).value),
    maskMessage: (message) => maskText(message, first.masking).value,
  });

  const store = await openStore(configuration, log);
  const append = (records: readonly NewRecord[]): Promise<void> => store.append(records);
  const administration = await recordStart({ configuration, store, rules: first, now });

  const metrics = createMetrics({ storeStats: () => store.stats() });
  const { otlpEndpoint } = configuration.telemetry;
  const tracing =
    otlpEndpoint === null ? null : await startTracing({ endpoint: otlpEndpoint, version: VERSION });
  const publishing = startPublishing({
    configuration,
    store,
    append,
    log,
    now,
    witnessAsked: (witness, worked) => metrics.witnessAsked(witness, worked),
    timestampAsked: (worked) => metrics.timestampAsked(worked),
  });
  const live = holdRules({
    edits,
    configuration,
    inspector,
    first,
    append,
    now,
    log,
    loaded: (ok) => metrics.rulesLoaded(ok),
  });

  const { identifier, devKeys } = await openIdentity(configuration, store, log);
  if (devKeys !== null) {
    log(
      'warn',
      {},
      'DEVELOPMENT TOKENS ARE ACCEPTED (identity.dev): anybody who can read the key file can be anybody',
    );
  }
  const telling = tellWebhooks(await openDesk(store, live.current, configuration), configuration, log);
  const tracker = createSessionTracker({
    append,
    clock: now,
    newId: () => `ses_${uuidv7(now())}`,
    idleMs: configuration.server.sessionIdleMs,
    maskText: (text) => maskText(text, live.current().masking).value,
  });
  const door = createDoorLog({
    append,
    now,
    maskText: (text) => maskText(text, live.current().masking).value,
    log,
  });
  const reads = createReadLog({ append, now });
  const readsLater = (error: unknown): void =>
    log('error', { error: String(error) }, 'reads of the record could not be put on record yet');
  const connectors = new Map<string, Connector>(
    [...configuration.connections].map(([name, connection]) => [
      name,
      openConnector({ ...connection, name }),
    ]),
  );

  const pseudonymKey = await store.secret('masking-pseudonyms');
  const pseudonyms = (scope: string): Pseudonyms => createPseudonyms(pseudonymKey, scope);
  const alarm: Stations['alarm'] = (about, station, error) =>
    log('error', { call: about, station, error: String(error) }, 'a station failed');
  const taskRuns = createTaskRuns((id, error) => alarm(id, 'task', error));

  let accepting = true;
  const gateway = createGateway({
    stations: {
      now,
      newCallId: () => `call_${uuidv7(now())}`,
      rules: live.current,
      accepting: () => accepting,
      identify: (credential) => identifier.identify(credential),
      enterSession: (principal, origin) => tracker.enter(principal, origin),
      countInSession: (session, what) => tracker.count(session, what),
      pseudonyms,
      inspector,
      append,
      appendWith: (records, ...changes) => store.appendWith(records, ...changes),
      tasks: await taskStations(store),
      desk: telling.desk,
      approvalWaitMs: configuration.approval.waitMs,
      requestState: createRequestState(await store.secret('request-state')),
      pageOf: (approval) => pageOf(configuration, approval),
      async execute(permitted, io) {
        const connector = connectors.get(permitted.call.tool.connection.name);
        if (connector === undefined) throw new Error('no connector for the connection of a permitted call');
        return await connector.run(permitted, io);
      },
      watch: createWatch(metrics, tracing, (name) => live.current().tools.has(name)),
      alarm,
    },
    taskRuns,
    store,
    metrics,
    door,
    onRulesChanged: live.onChanged,
    sessionEnded: (session, reason) => tracker.leave(session, reason),
  });
  const pages = openPages({
    configuration,
    store,
    reads,
    desk: telling.desk,
    rules: live.current,
    identify: (credential) => identifier.identify(credential),
    log,
    refused: (refusal) => gateway.doorRefused(refusal),
  });
  const sweeping = setInterval(
    () => void Promise.all([tracker.sweep(), door.sweep(), reads.sweep().catch(readsLater), forgetTasks()]),
    SWEEP_EVERY,
  );
  sweeping.unref();

  const pruning = startPruning(store.disposal, { retention: configuration.record.retention, now, log });

  async function forgetTasks(): Promise<void> {
    await store
      .forgetTasks(now())
      .catch((error: unknown) => log('error', { error: String(error) }, 'expired tasks are kept for now'));
  }

  async function close(reason: string): Promise<void> {
    accepting = false;
    clearInterval(sweeping);
    await pruning.close();
    edits.close();
    await taskRuns.close(TASK_GRACE);
    await tracker.closeAll(reason);
    await door.close();
    await reads.close().catch(readsLater);
    await publishing.close();
    await administration
      .stopped(reason)
      .catch((error: unknown) =>
        log('error', { error: String(error) }, 'the stop could not be put on record'),
      );
    identifier.close();
    await telling.close();
    await Promise.allSettled([...connectors.values()].map((connector) => connector.close()));
    await Promise.allSettled([store.close(), inspector.close(), tracing?.close()]);
  }

  const value = {
    gateway,
    pages,
    log,
    recordLog: publishedLog(configuration, store, reads, publishing.checkpoint),
    devKeys,
    tools: first.tools.size,
    drain: () => void (accepting = false),
    close,
  };
  return { ok: true, value, warnings: rules.warnings };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
