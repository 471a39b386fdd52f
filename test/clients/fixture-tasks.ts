import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway, TaskAnswer, TaskRequest } from '../../src/govern/gateway.ts';
import type { Answer, InputAsk } from '../../src/model/answer.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Masked, MaskedResult } from '../../src/model/result.ts';
import type { TaskView } from '../../src/model/task.ts';
import type { CallId, CallRequest } from '../../src/model/tool-call.ts';
import { toTaskReply } from '../../src/server/task-wire.ts';

/** Tools that are answered with tasks, by the names and with the habits that the published suite asks for. */
export interface FixtureTasks {
  readonly names: readonly string[];
  readonly desk: Gateway['tasks'];
  run(
    call: CallId,
    request: CallRequest,
    echoed: (value: JsonObject) => MaskedResult,
    masked: (text: string) => Masked<string>,
  ): Promise<Answer>;
}

interface Kept {
  readonly createdAt: number;
  readonly until: number;
  readonly answer: Answer;
  asked: boolean;
  cancelled: boolean;
}

const TTL = 60_000;
const ask: InputAsk = {
  mode: 'form',
  message: 'Do this?',
  schema: { type: 'object', properties: { confirm: { type: 'boolean' }, name: { type: 'string' } } },
};

export function createFixtureTasks(): FixtureTasks {
  const kept = new Map<string, Kept>();

  function view(handle: string, task: Kept): TaskView {
    const { createdAt } = task;
    return { handle, createdAt, updatedAt: createdAt, ttlMs: TTL, pollMs: 50, status: statusOf(task) };
  }

  function found({ handle }: TaskRequest, change: (task: Kept) => void = () => undefined): TaskAnswer {
    const task = kept.get(handle);
    if (task === undefined) return { ok: false, problem: 'unknown' };
    change(task);
    return { ok: true, task: view(handle, task) };
  }

  return {
    names: ['slow_compute', 'failing_job', 'protocol_error_job', 'confirm_delete', 'test_tool_with_task'],
    desk: {
      get: (request) => Promise.resolve(found(request)),
      update: (request, answers) =>
        Promise.resolve(found(request, (task) => void (task.asked &&= !answers.has('confirm')))),
      cancel: (request) =>
        Promise.resolve(found(request, (task) => void (task.cancelled ||= performance.now() < task.until))),
    },
    async run(call, { tool, origin, input, arguments: args }, echoed, masked) {
      if (tool === 'test_tool_with_task' && input === null)
        return { outcome: 'input_required', call, ask, state: 'asked' };
      const seconds = typeof args['seconds'] === 'number' ? args['seconds'] : 0.1;
      const answer = answerOf(tool);
      if (origin.tasks !== true) {
        await sleep(seconds * 1000);
        return answer;
      }
      const handle = `task_${randomUUID()}`;
      const until = performance.now() + seconds * 1000;
      const asked = tool === 'confirm_delete';
      const task: Kept = { createdAt: Date.now(), until, answer, asked, cancelled: false };
      kept.set(handle, task);
      return { outcome: 'task', call, task: view(handle, task) };

      function answerOf(name: string): Answer {
        if (name === 'failing_job') return { outcome: 'failed', call, message: masked('It failed.') };
        if (name === 'protocol_error_job')
          return { outcome: 'refused', cause: 'unknown_tool', call, policies: [], reason: 'It is gone.' };
        return { outcome: 'answered', call, result: echoed({ ...args, ...input?.content }) };
      }
    },
  };
}

function statusOf({ until, answer, asked, cancelled }: Kept): TaskView['status'] {
  if (cancelled) return { kind: 'cancelled' };
  if (asked) return { kind: 'input_required', message: 'asked', key: 'confirm', ask };
  if (performance.now() < until) return { kind: 'working', message: 'at it' };
  return { kind: 'ended', reply: toTaskReply(answer, 'tool') };
}
