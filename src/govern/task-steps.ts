import type { TaskCall, TaskKey } from './task-seal.ts';
import type { Principal } from '../model/principal.ts';
import type { StoredTask, TaskChange, TaskReply } from '../model/task.ts';
import type { CallId } from '../model/tool-call.ts';

/** A task that its owner has shown the handle of, with the call that it is for. */
export interface OpenTask {
  readonly stored: StoredTask;
  readonly key: TaskKey;
  readonly call: TaskCall;
}

/** How long after the tool's own time limit an execution without an answer is given up. Milliseconds. */
const BEYOND_TIMEOUT = 15_000;

export function ownerOf({ kind, issuer, id }: Principal): string {
  return JSON.stringify([kind, issuer, id]);
}

/** The one execution begins: goes into the transaction of the call's intent, so that no second one can. */
export function begin({ stored }: OpenTask, call: CallId, timeoutMs: number, now: number): TaskChange {
  const task = { ...stored, state: 'running', call, runsUntil: now + timeoutMs + BEYOND_TIMEOUT } as const;
  return replaced(stored, task, now);
}

/** The execution has an answer: goes into the transaction of the outcome. */
export function finish(task: OpenTask, reply: TaskReply, now: number): TaskChange {
  // One step on from the row that was read: `begin` came between.
  const running = { ...task.stored, version: task.stored.version + 1 };
  return end({ ...task, stored: running }, reply, now);
}

/** There is an answer from here on: the call that was sealed is gone with it. */
export function end(
  { stored, key }: Pick<OpenTask, 'stored' | 'key'>,
  reply: TaskReply,
  now: number,
): TaskChange {
  const sealed = key.seal({ kind: 'reply', reply }, stored.owner);
  return replaced(stored, { ...stored, state: 'ended', runsUntil: null, sealed }, now);
}

export function letGo({ stored, key }: Pick<OpenTask, 'stored' | 'key'>, now: number): TaskChange {
  const sealed = key.seal({ kind: 'nothing' }, stored.owner);
  return replaced(stored, { ...stored, state: 'cancelled', runsUntil: null, sealed }, now);
}

function replaced(before: StoredTask, after: StoredTask, now: number): TaskChange {
  const task = { ...after, updatedAt: now, version: before.version + 1 };
  return { kind: 'replace_task', from: before.version, task };
}
