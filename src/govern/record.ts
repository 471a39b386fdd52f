import { maskJson, maskText } from '../masking/mask.ts';
import type { Stations } from './stations.ts';
import type { MaskedExecution } from './mask.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';
import type { Approval } from '../model/approval.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

/** What became of a record. `not_masked`: it was not written, for what would stand in it could not be masked. */
export type Recorded = 'recorded' | 'store_down' | 'not_masked';

/**
 * The three moments of a call that are on record. Each resolves once its record is durable, or to why it is not, which
 * is an end of the call and not an exception.
 */
export async function recordIntent(
  permitted: PermittedCall,
  received: Received,
  stations: Stations,
): Promise<Recorded | 'grant_gone'> {
  const { call, grant } = permitted;
  if (grant === null) {
    const recorded = await append(received, stations, (time) => intentRecord(permitted, received, time));
    if (recorded === 'recorded') stations.countInSession(call.session, 'intent');
    return recorded;
  }
  const now = stations.now();
  let intent: NewRecord;
  try {
    intent = intentRecord(permitted, received, now);
  } catch (error) {
    stations.alarm(received.id, 'mask', error);
    return 'not_masked';
  }
  try {
    if (!(await spend(grant, call, intent, received, stations))) return 'grant_gone';
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return 'store_down';
  }
  stations.countInSession(call.session, 'intent');
  return 'recorded';
}

/** Uses of one grant of a shape that come at the same time overtake each other; each is tried again on what is then. */
const SPEND_ATTEMPTS = 20;

/**
 * One transaction: a grant that is spent has its intent on record, and an intent has spent its grant. False where the
 * grant was used up, revoked or ran out meanwhile.
 */
async function spend(
  grant: Approval,
  call: ToolCall,
  intent: NewRecord,
  received: Received,
  stations: Stations,
): Promise<boolean> {
  let current: Approval | null = grant;
  for (let attempt = 0; attempt < SPEND_ATTEMPTS && current?.status === 'approved'; attempt += 1) {
    const { change, record } = stations.desk.spend(current, call, intent.time);
    if (await stations.appendWith([record, intent], change)) return true;
    // A grant of one act is gone once another call was faster.
    if (current.grantedUntil === null) return false;
    current = await stations.desk.changed(current.request.id, current.version, 0, received.io.signal);
  }
  return false;
}

/** What is written of a call that waits for a person. */
export function recordHeld(held: Held, received: Received, stations: Stations): Promise<Recorded> {
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
): Promise<Recorded> {
  return append(received, stations, (time) => outcomeRecord(permitted, masked, time - received.at, time));
}

export async function recordRefusal(
  refusal: Refusal,
  received: Received,
  stations: Stations,
): Promise<Recorded> {
  let recorded = await append(received, stations, (time) => refusalRecord(received, refusal, time));
  // Without the caller's words there is still a refusal to be told.
  if (recorded === 'not_masked')
    recorded = await append(received, stations, (time) => wordlessRecord(received, refusal, time));
  if (recorded === 'recorded' && refusal.session !== undefined)
    stations.countInSession(refusal.session, 'refused');
  return recorded;
}

async function append(
  received: Received,
  stations: Stations,
  make: (time: number) => NewRecord,
): Promise<Recorded> {
  let record: NewRecord;
  try {
    record = make(stations.now());
  } catch (error) {
    stations.alarm(received.id, 'mask', error);
    return 'not_masked';
  }
  try {
    await stations.append([record]);
    return 'recorded';
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return 'store_down';
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
    case 'blocked':
      return {
        ...common,
        event: {
          outcome: 'refused',
          cause: 'data_blocked',
          executed: true,
          durationMs: whole,
          classes: masked.classes,
        },
        payload: null,
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

/** A refusal without a word that the caller wrote, for where masking fails. */
function wordlessRecord(received: Received, refusal: Refusal, time: number): NewRecord {
  const { cause, policies = [], principal, session = null } = refusal;
  return {
    type: 'call.refused',
    time,
    session,
    call: received.id,
    event: {
      cause,
      policies,
      rules: received.rules.digest,
      withheld: true,
      ...(principal === undefined ? {} : { principal: principal.id, issuer: principal.issuer }),
      transport: received.request.origin.transport,
    },
    payload: null,
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
