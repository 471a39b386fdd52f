/** The Tasks extension byte for byte, by a client written after its specification. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseHeaders, envelope, modernCall, send, type Reply } from '../clients/http-fixture.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';

export const TASKS = 'io.modelcontextprotocol/tasks';

/** What a client declares in each request. */
export function declaring(capabilities: object = {}): object {
  return {
    'io.modelcontextprotocol/clientCapabilities': { ...capabilities, extensions: { [TASKS]: {} } },
  };
}

/** One that also takes forms. */
export const WITH_FORMS = declaring({ elicitation: { form: {} } });

export interface Task {
  readonly taskId: string;
  readonly status: string;
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: number;
  readonly pollIntervalMs: number;
  readonly inputRequests?: Readonly<
    Record<
      string,
      {
        readonly method: string;
        readonly params: { readonly message: string; readonly mode?: string; readonly url?: string };
      }
    >
  >;
  readonly result?: {
    readonly isError: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly structuredContent: {
      readonly rowsAffected?: number;
      readonly sallyport?: { readonly outcome: string; readonly reason: string; readonly approval?: string };
    };
    readonly _meta: { readonly 'sallyport/call': string };
  };
  readonly error?: { readonly code: number; readonly message: string };
}

export type Gateway = Pick<GatewayProcess, 'endpoint'>;

/** The answer to `tools/call`, whatever it is. */
export async function callTool(
  { endpoint }: Gateway,
  token: string,
  args: object,
  meta: object = declaring(),
): Promise<Reply> {
  const { headers, message } = modernCall('run_sql', args, meta);
  return await send(endpoint, { ...headers, authorization: `Bearer ${token}` }, message);
}

/** Makes the call, which must come back as a task. */
export async function asTask(
  gateway: Gateway,
  token: string,
  args: object,
  meta: object = declaring(),
): Promise<Task> {
  const reply = await callTool(gateway, token, args, meta);
  const { result } = reply.messages.at(-1) as { readonly result?: Task & { readonly resultType: string } };
  assert.equal(result?.resultType, 'task', reply.text);
  return result;
}

/** One request of the extension; the headers are those that it asks for, unless the test bends them. */
export async function ask(
  { endpoint }: Gateway,
  token: string,
  method: string,
  taskId: string,
  more: { readonly params?: object; readonly meta?: object; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { params = {}, meta = declaring(), headers = {} } = more;
  return await send(
    endpoint,
    {
      ...baseHeaders,
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': taskId,
      ...headers,
    },
    { jsonrpc: '2.0', id: 1, method, params: { taskId, ...params, _meta: { ...envelope, ...meta } } },
  );
}

/** The task as it is. */
export async function get(
  gateway: Gateway,
  token: string,
  taskId: string,
  meta: object = declaring(),
): Promise<Task> {
  const reply = await ask(gateway, token, 'tasks/get', taskId, { meta });
  const { result } = reply.messages.at(-1) as { readonly result?: Task & { readonly resultType: string } };
  assert.equal(result?.resultType, 'complete', reply.text);
  return result;
}

/** Polls until the task has come to an end, which the test's own time limit bounds. */
export async function ended(gateway: Gateway, token: string, taskId: string): Promise<Task> {
  for (;;) {
    const task = await get(gateway, token, taskId);
    if (!['working', 'input_required'].includes(task.status)) return task;
    await sleep(50);
  }
}

/** What the requester's person says to the one question of the task. */
export async function answer(gateway: Gateway, token: string, task: Task, response: object): Promise<Reply> {
  const [key] = Object.keys(task.inputRequests ?? {});
  if (key === undefined) return assert.fail(`nothing is asked: ${JSON.stringify(task)}`);
  const params = { inputResponses: { [key]: response } };
  return await ask(gateway, token, 'tasks/update', task.taskId, { params, meta: WITH_FORMS });
}

export function errorOf(reply: Reply): { readonly code: number; readonly message: string } | undefined {
  return (reply.messages.at(-1) as { readonly error?: { readonly code: number; readonly message: string } })
    ?.error;
}

/** The request for approval that the task waits for, as its message says. */
export function approvalIn({ statusMessage = '' }: Task): string {
  return /apr_[\w-]+/.exec(statusMessage)?.[0] ?? assert.fail(`no approval in ${statusMessage}`);
}
