import { append, naming, origin, type Recorded } from './record.ts';
import { recordedQuestion } from './recorded-question.ts';
import { begin } from './task-steps.ts';
import type { Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';
import type { TaskChange } from '../model/task.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

/**
 * The first moment of a call that is executed. Resolves once its record is durable, or to why it is not, which is an end
 * of the call and not an exception.
 */
export async function recordIntent(
  permitted: PermittedCall,
  received: Received,
  stations: Stations,
): Promise<Recorded | 'grant_gone'> {
  const { call, grant } = permitted;
  const beginning = (time: number): readonly TaskChange[] =>
    received.task === null ? [] : [begin(received.task, call.id, call.tool.limits.timeoutMs, time)];
  if (grant === null) {
    const record = (time: number): NewRecord => intentRecord(permitted, received, time);
    const recorded = await append(received, stations, record, beginning);
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
    const spent = await spend(grant, call, intent, beginning(now), received, stations);
    if (spent !== 'recorded') return spent;
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
 * One transaction: a grant that is spent has its intent on record, an intent has spent its grant, and a task that runs
 * has begun once. `grant_gone` where the grant was used up, revoked or ran out meanwhile.
 */
async function spend(
  grant: Approval,
  call: ToolCall,
  intent: NewRecord,
  beginning: readonly TaskChange[],
  received: Received,
  stations: Stations,
): Promise<'recorded' | 'grant_gone' | 'taken'> {
  const { task } = received;
  let current: Approval | null = grant;
  for (let attempt = 0; attempt < SPEND_ATTEMPTS && current?.status === 'approved'; attempt += 1) {
    const { change, record } = stations.desk.spend(current, call, intent.time);
    if (await stations.appendWith([record, intent], change, ...beginning)) return 'recorded';
    if (task !== null && (await stations.tasks.find(task.stored.id))?.version !== task.stored.version)
      return 'taken';
    // A grant of one act is gone once another call was faster.
    if (current.grantedUntil === null) return 'grant_gone';
    current = await stations.desk.changed(current.request.id, current.version, 0, received.io.signal);
  }
  return 'grant_gone';
}

/** What is written before the backend is called: who, what, by which policies, under which rules. */
function intentRecord(permitted: PermittedCall, received: Received, time: number): NewRecord {
  const { call, policies } = permitted;
  const question = recordedQuestion(call, permitted.facts, received.rules);
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
      ...naming(received.task?.stored),
      rules: received.rules.digest,
      ...revealedNames(permitted),
      facts: question.facts,
      replay: question.replay,
      ...origin(received),
    },
    payload: question.arguments,
  };
}

/** Which arguments were turned back, and of what class; a value is in no record. */
function revealedNames({ revealed }: PermittedCall): JsonObject {
  const names = Object.entries(revealed).map(([argument, { class: of }]): [string, string] => [argument, of]);
  return names.length === 0 ? {} : { revealed: Object.fromEntries(names) };
}
