import type { Json, JsonObject } from '../model/json.ts';
import type { TaskReply, TaskView } from '../model/task.ts';
import type { Answer } from '../model/answer.ts';
import { toReply } from './answer.ts';
import { elicitationParams } from './elicitation.ts';
import { isJsonObject } from './json.ts';
import { modernVersion } from './modern-message.ts';
import { rpcCode, type RpcError } from './rpc.ts';
import { tasksExtension } from './tasks-declared.ts';

/** `CreateTaskResult`: the handle, without anything that `tasks/get` is for. */
export function toCreatedTask(view: TaskView, call: string) {
  return {
    resultType: 'task',
    ...taskFields(view),
    status: 'working',
    _meta: { 'sallyport/call': call },
  } as const;
}

/** `GetTaskResult`. */
export function toTask(view: TaskView): JsonObject {
  return { resultType: 'complete', ...taskFields(view), ...statusFields(view) };
}

/** What a call would have been answered with, to be kept until its client fetches it. */
export function toTaskReply(answer: Answer, tool: string): TaskReply {
  const reply = toReply(answer, tool);
  switch (reply.kind) {
    case 'result':
    case 'unidentified':
      return { kind: 'result', result: asJson(reply.result) };
    case 'error':
      return { kind: 'error', error: asJson(reply.error) };
    case 'input_required':
    case 'task':
      throw new Error('a task ends with an answer that is no end');
  }
}

/** The extension asks for this of a client that does not declare it (SEP-2575, "Missing Required Capabilities"). */
export const tasksNotDeclared: RpcError = {
  code: rpcCode.missingClientCapability,
  message: `Missing required client capability: ${tasksExtension}`,
  data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
};

function taskFields({ handle, createdAt, updatedAt, ttlMs, pollMs, status }: TaskView) {
  return {
    taskId: handle,
    ...('message' in status ? { statusMessage: status.message } : {}),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    ttlMs,
    pollIntervalMs: pollMs,
  };
}

function statusFields({ status }: TaskView): JsonObject {
  switch (status.kind) {
    case 'working':
    case 'cancelled':
      return { status: status.kind };
    case 'input_required': {
      const params = asJson(elicitationParams(status.ask, modernVersion));
      return {
        status: status.kind,
        inputRequests: { [status.key]: { method: 'elicitation/create', params } },
      };
    }
    case 'ended':
      return status.reply.kind === 'result'
        ? { status: 'completed', result: status.reply.result }
        : { status: 'failed', error: status.reply.error };
  }
}

/** What is about to be sent as JSON, as JSON has it. */
function asJson(value: object): JsonObject {
  const json: Json = JSON.parse(JSON.stringify(value));
  return isJsonObject(json) ? json : {};
}
