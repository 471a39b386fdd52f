/** The line over stations put together by hand, all of them real, so that a test can make one of them fail. */
import { randomUUID } from 'node:crypto';
import { loadConfiguration } from '../../src/app/configuration.ts';
import { openDesk } from '../../src/app/desk.ts';
import { loadRules } from '../../src/app/rules.ts';
import { taskStations } from '../../src/app/task-stations.ts';
import { openConnector } from '../../src/connectors/open.ts';
import { createRequestState } from '../../src/govern/request-state.ts';
import { govern } from '../../src/govern/govern.ts';
import type { CallIo } from '../../src/govern/gateway.ts';
import type { Rules, Stations } from '../../src/govern/stations.ts';
import { createPseudonyms } from '../../src/masking/pseudonyms.ts';
import { startInspector } from '../../src/inspect/inspector.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Station } from '../../src/model/watch.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import type { GatewayFolder } from '../support/gateway-process.ts';
import { exampleFolder } from './example.ts';

export interface Line {
  readonly folder: GatewayFolder;
  readonly stations: Stations;
  /** Calls as alice of support, with some stations of this call replaced. */
  call(tool: string, args: JsonObject, replaced?: Partial<Stations>): Promise<Answer>;
  /** What the operator's log was told, by station. */
  readonly alarms: readonly { readonly station: string; readonly error: unknown }[];
  /** What the watches saw of every call: its stations, then how it ended. */
  readonly watched: readonly string[];
  close(): Promise<void>;
}

export async function openLine(): Promise<Line> {
  const folder = await exampleFolder();
  const loaded = await loadConfiguration(folder.configPath, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const inspector = startInspector();
  const rules = await loadRules(loaded.value, inspector);
  if (!rules.ok) throw new Error(JSON.stringify(rules.errors));
  const crm = loaded.value.connections.get('crm');
  if (crm === undefined) throw new Error('the example has no crm');
  const connector = openConnector({ ...crm, name: 'crm' });
  const store = await openSqliteStore({ path: folder.storePath, clock: Date.now });
  const alarms: { station: string; error: unknown }[] = [];
  const watched: string[] = [];
  const stations: Stations = {
    now: Date.now,
    newCallId: () => `call_${randomUUID()}`,
    rules: () => rules.value,
    accepting: () => true,
    identify: () => ({
      ok: true,
      principal: {
        kind: 'user',
        id: 'alice',
        issuer: 'test',
        groups: ['support'],
        credential: { kind: 'local', id: 'test' },
      },
    }),
    enterSession: () => 'ses_test',
    countInSession: () => undefined,
    pseudonyms: (scope) => createPseudonyms(new Uint8Array(32), scope),
    inspector,
    append: (records) => store.append(records),
    appendWith: (records, ...changes) => store.appendWith(records, ...changes),
    tasks: await taskStations(store),
    desk: await openDesk(store, () => rules.value, loaded.value),
    approvalWaitMs: 0,
    requestState: createRequestState(await store.secret('request-state')),
    pageOf: () => null,
    execute: (permitted, io) => connector.run(permitted, io),
    watch: () => ({
      lap<T>(station: Station, passed: T): T {
        watched.push(station);
        return passed;
      },
      found: (patterns) => void watched.push(`found ${patterns.join()}`),
      end: (outcome, cause) => watched.push(cause === null ? outcome : `${outcome}: ${cause}`),
    }),
    alarm: (_call, station, error) => void alarms.push({ station, error }),
  };
  return {
    folder,
    stations,
    alarms,
    watched,
    call(tool, args, replaced = {}) {
      const io: CallIo = { signal: new AbortController().signal };
      const origin = {
        transport: 'http',
        protocolVersion: '2026-07-28',
        client: { name: 'test', version: '1' },
        elicitation: { form: false, url: false },
      } as const;
      const request = { tool, arguments: args, credential: { kind: 'local' }, origin, input: null } as const;
      return govern(request, { ...stations, ...replaced }, io);
    },
    async close() {
      await Promise.all([connector.close(), store.close(), inspector.close()]);
    },
  };
}

/** Runs the call for real and brings back a result that throws wherever masking looks. */
export function unmaskable({ execute }: Stations): Pick<Stations, 'execute'> {
  return {
    async execute(permitted, io) {
      const execution = await execute(permitted, io);
      return execution.ok ? { ok: true, result: new Proxy(execution.result, throwing) } : execution;
    },
  };
}

/** The rules with masking that throws at whatever it is asked. */
export function withBrokenMasking(rules: Rules): Rules {
  return { ...rules, masking: new Proxy(rules.masking, throwing) };
}

const fail = (): never => {
  throw new Error('a mask that throws, at ada@example.com');
};
const throwing = { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail };
