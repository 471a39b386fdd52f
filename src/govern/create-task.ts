import { answerRefused, answerTask } from './answer.ts';
import { questionFor, waitsFor } from './ask-requester.ts';
import { recordHeld } from './record.ts';
import { INTERNAL, NOT_MASKED, STORE_DOWN } from './refuse.ts';
import { ownerOf, type OpenTask } from './task-steps.ts';
import type { Held, Judged, Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { Answer } from '../model/answer.ts';
import type { StoredTask, TaskView } from '../model/task.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** How long an answer can be fetched after the request for approval would have run out. Milliseconds. */
const KEPT = 3600_000;
/** How often a client may usefully poll: people are slower. Milliseconds. */
const POLL = 2_000;
/** Arguments, in characters of JSON, above which a call is not kept in the store but waits as other clients' do. */
const MAX_ARGUMENTS = 256 * 1024;
/** Of one principal at a time; what is above waits as other clients' calls do. */
const MAX_TASKS = 200;

export async function mayBeTask(
  { origin, principal, arguments: args }: ToolCall,
  stations: Stations,
): Promise<boolean> {
  if (origin.tasks !== true || JSON.stringify(args).length > MAX_ARGUMENTS) return false;
  return (await stations.tasks.count(ownerOf(principal))) < MAX_TASKS;
}

/**
 * Puts a held call on file for its client to poll for: the task is in the store before its handle leaves. Where the call
 * was made for a task there is one already, and it goes on waiting.
 */
export async function createTask(
  held: Held,
  judged: Judged,
  received: Received,
  stations: Stations,
): Promise<Answer> {
  const { approval, call } = held;
  if (received.task !== null) return answerGoingOn(received.task, waitsFor(approval), received);
  try {
    const page = stations.pageOf(approval.request.id);
    const question = questionFor(approval, call.arguments, call.origin.elicitation, page);
    if (question !== null)
      await stations.desk.asked(
        approval,
        question.purpose === 'visit' ? 'link' : 'elicitation',
        call.principal.id,
      );
  } catch (error) {
    stations.alarm(received.id, 'store', error);
    return answerRefused(STORE_DOWN, received);
  }
  const owner = ownerOf(call.principal);
  const now = stations.now();
  const key = stations.tasks.seal.mint(stations.tasks.newId());
  const wanted = {
    tool: call.tool.name,
    arguments: call.arguments,
    toolUseId: call.origin.toolUseId ?? null,
  };
  const task: StoredTask = {
    id: key.id,
    owner,
    approval: approval.request.id,
    state: 'waiting',
    call: null,
    runsUntil: null,
    sealed: key.seal({ kind: 'call', call: wanted }, owner),
    createdAt: now,
    updatedAt: now,
    expiresAt: approval.request.expiresAt + KEPT,
    version: 1,
  };
  switch (await recordHeld(held, judged, received, stations, task)) {
    case 'recorded':
      return answerTask(
        taskView(task, key.handle, { kind: 'working', message: waitsFor(approval) }),
        received,
      );
    case 'store_down':
      return answerRefused(STORE_DOWN, received);
    case 'not_masked':
      return answerRefused(NOT_MASKED, received);
    case 'taken':
      return answerRefused(INTERNAL, received);
  }
}

/** Another poll of the same task was faster: that one carries the call out. */
export function answerTaken(received: Received): Answer {
  return received.task === null
    ? answerRefused(INTERNAL, received)
    : answerGoingOn(received.task, 'The call is being carried out.', received);
}

function answerGoingOn({ stored, key }: OpenTask, message: string, received: Received): Answer {
  return answerTask(taskView(stored, key.handle, { kind: 'working', message }), received);
}

export function taskView(task: StoredTask, handle: string, status: TaskView['status']): TaskView {
  const { createdAt, updatedAt, expiresAt } = task;
  return { handle, createdAt, updatedAt, ttlMs: expiresAt - createdAt, pollMs: POLL, status };
}
