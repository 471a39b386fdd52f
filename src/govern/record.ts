import { maskJson, maskText } from '../masking/mask.ts';
import type { Stations } from './stations.ts';
import type { MaskedExecution } from './mask.ts';
import { recordedQuestion, withinRoom } from './recorded-question.ts';
import type { Held, Judged, Received, Refusal } from './received.ts';
import { executed, refused } from './answer.ts';
import { end, finish } from './task-steps.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Masked } from '../model/result.ts';
import type { NewRecord } from '../model/record.ts';
import type { ApprovalChange } from '../model/approval.ts';
import type { StoredTask, TaskChange, TaskId } from '../model/task.ts';
import type { PermittedCall } from '../model/tool-call.ts';

/**
 * What became of a record. `not_masked`: it was not written, for what would stand in it could not be masked. `taken`: it
 * was not, for what was to change with it was changed by somebody else; only where something was to.
 */
export type Recorded = 'recorded' | 'store_down' | 'not_masked' | 'taken';

type Change = ApprovalChange | TaskChange;

/** What is written of a call that waits for a person; with the task that it is from here on, where it is one. */
export function recordHeld(
  held: Held,
  judged: Judged,
  received: Received,
  stations: Stations,
  task?: StoredTask,
): Promise<Recorded> {
  const { session, tool, principal } = held.call;
  const record = (time: number): NewRecord => {
    const on = judgedOn(judged, received);
    return {
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
        ...naming(task),
        policies: judged.holding,
        rules: received.rules.digest,
        ...on.event,
        ...origin(received),
      },
      payload: on.arguments,
    };
  };
  return append(received, stations, record, () =>
    task === undefined ? [] : [{ kind: 'create_task', task }],
  );
}

export async function recordOutcome(
  permitted: PermittedCall,
  masked: MaskedExecution,
  /** What was found in the text of the result. */
  found: JsonObject | null,
  received: Received,
  stations: Stations,
): Promise<Recorded> {
  const record = (time: number): NewRecord =>
    outcomeRecord(permitted, masked, found, time - received.at, time);
  const { task, request } = received;
  if (task === null) return await append(received, stations, record);
  const reply = stations.tasks.reply(executed(permitted, masked, received), request.tool);
  const recorded = await append(received, stations, record, (time) => [finish(task, reply, time)]);
  // Given up by another process meanwhile: what its client was told stands, and so does what happened.
  return recorded === 'taken' ? await append(received, stations, record) : recorded;
}

/** Refusals that say nothing of the call: a task that met one goes on waiting. */
export const PASSING: readonly Refusal['cause'][] = ['unidentified', 'store_unavailable', 'shutting_down'];

export async function recordRefusal(
  refusal: Refusal,
  judged: Judged | null,
  received: Received,
  stations: Stations,
): Promise<Recorded> {
  const { task, request } = received;
  const ending = (time: number): readonly Change[] =>
    task === null || PASSING.includes(refusal.cause)
      ? []
      : [end(task, stations.tasks.reply(refused(refusal, received), request.tool), time)];
  let recorded = await append(
    received,
    stations,
    (time) => refusalRecord(received, refusal, judged, time),
    ending,
  );
  // Without the caller's words there is still a refusal to be told.
  if (recorded === 'not_masked')
    recorded = await append(received, stations, (time) => wordlessRecord(received, refusal, time), ending);
  if (recorded === 'recorded' && refusal.session !== undefined)
    stations.countInSession(refusal.session, 'refused');
  return recorded;
}

/** One record, and what changes with it. */
export async function append(
  received: Received,
  stations: Stations,
  make: (time: number) => NewRecord,
  changing: (time: number) => readonly Change[] = () => [],
): Promise<Recorded> {
  let record: NewRecord;
  let changes: readonly Change[];
  try {
    const now = stations.now();
    record = make(now);
    changes = changing(now);
  } catch (error) {
    stations.alarm(received.id, 'mask', error);
    return 'not_masked';
  }
  try {
    if (changes.length > 0) return (await stations.appendWith([record], ...changes)) ? 'recorded' : 'taken';
    await stations.append([record]);
    return 'recorded';
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return 'store_down';
  }
}

/** What is written before the answer leaves. */
function outcomeRecord(
  permitted: PermittedCall,
  masked: MaskedExecution,
  found: JsonObject | null,
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
        event: {
          outcome: 'answered',
          durationMs: whole,
          ...shape(masked),
          ...(found === null ? {} : { text: found }),
        },
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
function refusalRecord(received: Received, refusal: Refusal, judged: Judged | null, time: number): NewRecord {
  const { masking } = received.rules;
  const on = judged === null ? null : judgedOn(judged, received);
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
      ...naming(received.task?.stored),
      rules: received.rules.digest,
      ...(refusal.detail === undefined ? {} : { detail: maskText(refusal.detail, masking).value }),
      ...(refusal.principal === undefined
        ? {}
        : { principal: refusal.principal.id, issuer: refusal.principal.issuer }),
      ...on?.event,
      ...origin(received),
    },
    payload: on?.arguments ?? maskJson(received.request.arguments, masking),
  };
}

/** What policy was told of a call that is not run, so that it can be asked again. */
function judgedOn(
  { call, facts }: Judged,
  { rules }: Received,
): { event: JsonObject; arguments: Masked<Json> } {
  const { connection } = call.tool;
  const question = recordedQuestion(call, facts, rules);
  return {
    event: {
      connection: connection.name,
      environment: connection.environment,
      facts: withinRoom(question.facts),
      replay: question.replay,
    },
    arguments: question.arguments,
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

export function naming(task: StoredTask | undefined): { readonly task?: TaskId } {
  return task === undefined ? {} : { task: task.id };
}

export function origin(received: Received): JsonObject {
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
