import { maskJson, maskText } from '../masking/mask.ts';
import type { Stations } from './stations.ts';
import type { MaskedExecution } from './mask.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';
import type { PermittedCall } from '../model/tool-call.ts';

/**
 * The three moments of a call that are on record. Each resolves once its record is durable, to true; to false where
 * the store could not take it, which is an end of the call and not an exception.
 */
export async function recordIntent(
  permitted: PermittedCall,
  received: Received,
  stations: Stations,
): Promise<'recorded' | 'store_down' | 'grant_gone'> {
  const { call, grant } = permitted;
  const now = stations.now();
  const intent = intentRecord(permitted, received, now);
  try {
    if (grant === null) await stations.append([intent]);
    else {
      // One transaction: a grant that is spent has its intent on record, and an intent has spent its grant.
      const { change, record } = stations.desk.spend(grant, call, now);
      if (!(await stations.appendWith([record, intent], change))) return 'grant_gone';
    }
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return 'store_down';
  }
  stations.countInSession(call.session, 'intent');
  return 'recorded';
}

/** What is written of a call that waits for a person. */
export function recordHeld(held: Held, received: Received, stations: Stations): Promise<boolean> {
  const { session, tool, principal } = held.call;
  return append(received, stations, (time) => ({
    type: 'call.held',
    time,
    session,
    call: received.id,
    event: {
      tool: tool.name,
      principal: principal.id,
      issuer: principal.issuer,
      approval: held.approval.request.id,
      answer: held.held,
      rules: received.rules.digest,
      ...origin(received),
    },
    payload: null,
  }));
}

export function recordOutcome(
  permitted: PermittedCall,
  masked: MaskedExecution,
  received: Received,
  stations: Stations,
): Promise<boolean> {
  return append(received, stations, (time) => outcomeRecord(permitted, masked, time - received.at, time));
}

export async function recordRefusal(
  refusal: Refusal,
  received: Received,
  stations: Stations,
): Promise<boolean> {
  const recorded = await append(received, stations, (time) => refusalRecord(received, refusal, time));
  if (recorded && refusal.session !== undefined) stations.countInSession(refusal.session, 'refused');
  return recorded;
}

async function append(
  received: Received,
  stations: Stations,
  make: (time: number) => NewRecord,
): Promise<boolean> {
  try {
    await stations.append([make(stations.now())]);
    return true;
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return false;
  }
}

/** What is written before the backend is called: who, what, by which policies, under which rules. */
function intentRecord(permitted: PermittedCall, received: Received, time: number): NewRecord {
  const { call, policies } = permitted;
  return {
    type: 'call.intent',
    time,
    session: call.session,
    call: call.id,
    event: {
      tool: call.tool.name,
      skill: call.tool.skill,
      connection: call.tool.connection.name,
      environment: call.tool.connection.environment,
      principal: call.principal.id,
      issuer: call.principal.issuer,
      policies,
      ...(permitted.grant === null ? {} : { approval: permitted.grant.request.id }),
      rules: received.rules.digest,
      facts: factNames(permitted, received),
      ...origin(received),
    },
    payload: maskJson(call.arguments, received.rules.masking),
  };
}

/** What is written before the answer leaves. */
function outcomeRecord(
  permitted: PermittedCall,
  masked: MaskedExecution,
  durationMs: number,
  time: number,
): NewRecord {
  const common = {
    type: 'call.outcome',
    time,
    session: permitted.call.session,
    call: permitted.call.id,
  } as const;
  const whole = Math.max(0, Math.round(durationMs));
  switch (masked.kind) {
    case 'result':
      return {
        ...common,
        event: { outcome: 'answered', durationMs: whole, ...shape(masked) },
        payload: masked.record,
      };
    case 'failure':
      return {
        ...common,
        event: { outcome: masked.unknown ? 'unknown' : 'failed', failure: masked.failure, durationMs: whole },
        payload: masked.message,
      };
    case 'withheld':
      // The backend did its part; it is the result that was refused.
      return {
        ...common,
        event: { outcome: 'refused', cause: 'masking_failed', executed: true, durationMs: whole },
        payload: null,
      };
  }
}

/** What is written of a call that was not run. */
function refusalRecord(received: Received, refusal: Refusal, time: number): NewRecord {
  const { masking } = received.rules;
  return {
    type: 'call.refused',
    time,
    session: refusal.session ?? null,
    call: received.id,
    event: {
      tool: maskText(received.request.tool.slice(0, 128), masking).value,
      cause: refusal.cause,
      reason: maskText(refusal.reason, masking).value,
      policies: refusal.policies ?? [],
      ...(refusal.approval === undefined ? {} : { approval: refusal.approval }),
      rules: received.rules.digest,
      ...(refusal.detail === undefined ? {} : { detail: maskText(refusal.detail, masking).value }),
      ...(refusal.principal === undefined
        ? {}
        : { principal: refusal.principal.id, issuer: refusal.principal.issuer }),
      ...origin(received),
    },
    payload: maskJson(received.request.arguments, masking),
  };
}

function origin(received: Received): JsonObject {
  const { transport, protocolVersion, client, toolUseId, traceparent, remote } = received.request.origin;
  const { masking } = received.rules;
  // Written by the client, so masked like everything else a client writes.
  const words = (text: string): string => maskText(text.slice(0, 256), masking).value;
  return {
    transport,
    protocol: words(protocolVersion),
    client: words(`${client.name} ${client.version}`),
    ...(toolUseId === undefined ? {} : { toolUseId: words(toolUseId) }),
    ...(traceparent === undefined ? {} : { traceparent: words(traceparent) }),
    ...(remote === undefined ? {} : { remote }),
  };
}

function factNames(permitted: PermittedCall, received: Received): Json {
  const { sql } = permitted.facts;
  if (sql === undefined) return {};
  const { kinds, writes, unbounded, tables, tablesWritten, functions, statements, fingerprint } = sql;
  const names = {
    sql: { kinds, writes, unbounded, tables, tablesWritten, functions, statements, fingerprint },
  };
  // An author's names are an author's; in a statement that an agent wrote, a name can hold anything.
  return 'statement' in permitted.call.tool.action ? names : maskJson(names, received.rules.masking).value;
}

function shape(masked: Extract<MaskedExecution, { kind: 'result' }>): JsonObject {
  const { value } = masked.record;
  return {
    rows: value.rows.length,
    ...(value.rowsAffected === null ? {} : { rowsAffected: value.rowsAffected }),
    ...(value.truncated === null ? {} : { truncated: value.truncated.by }),
    masking: masked.answer.report.findings.map(({ class: dataClass, path, count, did }) => ({
      class: dataClass,
      path,
      count,
      did,
    })),
  };
}
