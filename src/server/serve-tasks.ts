import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  ProtocolError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Gateway, TaskAnswer, TaskRequest } from '../govern/gateway.ts';
import type { TaskView } from '../model/task.ts';
import { readAnswer, type PersonsAnswer } from './call-input.ts';
import { toOrigin } from './call-request.ts';
import type { Caller } from './caller.ts';
import { declaredElicitation } from './elicitation.ts';
import { isJsonObject } from './json.ts';
import { modernVersion } from './modern-message.ts';
import { rpcCode } from './rpc.ts';
import { tasksNotDeclared, toTask } from './task-wire.ts';
import { declaresTasks } from './tasks-declared.ts';

const params = z.looseObject({ taskId: z.string() });

/**
 * `tasks/get`, `tasks/update` and `tasks/cancel` of the Tasks extension, over every transport of 2026-07-28. The headers
 * that go with them over HTTP (`Mcp-Name` is the id of the task) are checked by the SDK, as for all methods.
 */
export function serveTasks(
  server: Server,
  gateway: Gateway,
  caller: (ctx: ServerContext) => Caller | Promise<Caller>,
): void {
  async function requestOf(taskId: string, ctx: ServerContext): Promise<TaskRequest> {
    const envelope = isJsonObject(ctx.mcpReq.envelope) ? ctx.mcpReq.envelope : {};
    const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY];
    if (!declaresTasks(capabilities)) {
      const { code, message, data } = tasksNotDeclared;
      throw new ProtocolError(code, message, data);
    }
    const who = await caller(ctx);
    const client = envelope[CLIENT_INFO_META_KEY];
    const origin = toOrigin(
      {
        protocolVersion: modernVersion,
        client: isJsonObject(client) ? client : undefined,
        meta: ctx.mcpReq._meta,
        elicitation: declaredElicitation(capabilities, modernVersion),
        tasks: true,
      },
      who,
    );
    return { handle: taskId, credential: who.credential, origin };
  }

  server.setRequestHandler('tasks/get', { params }, async ({ taskId }, ctx) =>
    toTask(found(await gateway.tasks.get(await requestOf(taskId, ctx)))),
  );
  server.setRequestHandler('tasks/update', { params }, async ({ taskId }, ctx) => {
    const request = await requestOf(taskId, ctx);
    found(await gateway.tasks.update(request, answersIn(ctx.mcpReq.inputResponses)));
    return {};
  });
  server.setRequestHandler('tasks/cancel', { params }, async ({ taskId }, ctx) => {
    found(await gateway.tasks.cancel(await requestOf(taskId, ctx)));
    return {};
  });
}

/** Errors that the extension asks for: nobody is told that a task of somebody else exists. */
function found(answer: TaskAnswer): TaskView {
  if (answer.ok) return answer.task;
  switch (answer.problem) {
    case 'unknown':
      throw new ProtocolError(
        rpcCode.invalidParams,
        'Invalid params: there is no such task, or it has expired',
      );
    case 'unidentified':
      throw new ProtocolError(rpcCode.invalidRequest, 'Unauthorized');
    case 'unavailable':
      throw new ProtocolError(
        rpcCode.internalError,
        'Internal error: the task can not be looked at now, ask again',
      );
  }
}

/** Answers that are none are left out, as those to questions that were not asked are. */
function answersIn(responses: unknown): ReadonlyMap<string, PersonsAnswer> {
  const answers = new Map<string, PersonsAnswer>();
  for (const [key, response] of Object.entries(isJsonObject(responses) ? responses : {})) {
    const answer = readAnswer(response);
    if (answer !== null) answers.set(key, answer);
  }
  return answers;
}
