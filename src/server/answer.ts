import type { WireResult } from '../govern/gateway.ts';
import type { Answer } from '../model/answer.ts';
import type { JsonObject } from '../model/json.ts';
import type { BackendResult } from '../model/result.ts';
import type { TaskView } from '../model/task.ts';
import { inputKey } from './call-input.ts';
import { elicitationParams, noElicitation, type Elicitation, type ElicitationParams } from './elicitation.ts';
import { modernVersion } from './modern-message.ts';
import { rpcCode, type RpcError } from './rpc.ts';
import { tableText } from './table-text.ts';

/** What an answer is on the wire: a tool result, or, where MCP says so, a JSON-RPC error. */
export type WireReply =
  | { readonly kind: 'result'; readonly result: WireResult }
  | { readonly kind: 'error'; readonly error: RpcError }
  | { readonly kind: 'input_required'; readonly result: InputRequired }
  | { readonly kind: 'task'; readonly task: TaskView; readonly call: string }
  /** The credential stopped being good between the door and the line. */
  | { readonly kind: 'unidentified'; readonly result: WireResult };

/** `InputRequiredResult` of 2026-07-28, without its transport envelope. */
export interface InputRequired {
  readonly resultType: 'input_required';
  readonly inputRequests: Readonly<
    Record<string, { readonly method: 'elicitation/create'; readonly params: ElicitationParams }>
  >;
  readonly requestState: string;
  readonly _meta: WireResult['_meta'];
}

/**
 * @param tool the name that the caller used, for the error that repeats it
 * @param elicitation what the caller may be asked by `input_required`; nothing in the revisions before 2026-07-28
 */
export function toReply(answer: Answer, tool: string, elicitation: Elicitation = noElicitation): WireReply {
  if (answer.outcome === 'input_required') return toInputRequired(answer, elicitation);
  if (answer.outcome === 'task') return { kind: 'task', task: answer.task, call: answer.call };
  const result = toWire(answer);
  if (answer.outcome !== 'refused') return { kind: 'result', result };
  if (answer.cause === 'unidentified') return { kind: 'unidentified', result };
  if (answer.cause !== 'unknown_tool') return { kind: 'result', result };
  // server/tools, "Error Handling": an unknown tool is a protocol error, -32602.
  const message = `Unknown tool: ${tool.slice(0, maxEchoedName)}`;
  return {
    kind: 'error',
    error: { code: rpcCode.invalidParams, message, data: { call: answer.call } },
  };
}

const maxEchoedName = 128;

type Asking = Extract<Answer, { readonly outcome: 'input_required' }>;
type Polled = Extract<Answer, { readonly outcome: 'task' }>;

/** A client is never asked what it did not declare: the gateway knows that, and so this is an error of the gateway. */
function toInputRequired({ ask, state, call }: Asking, elicitation: Elicitation): WireReply {
  if (!elicitation[ask.mode]) {
    const message =
      'Internal error: the call asks what this client can not be asked, and was not carried out';
    return { kind: 'error', error: { code: rpcCode.internalError, message, data: { call } } };
  }
  const params = elicitationParams(ask, modernVersion);
  return {
    kind: 'input_required',
    result: {
      resultType: 'input_required',
      inputRequests: { [inputKey]: { method: 'elicitation/create', params } },
      requestState: state,
      _meta: { 'sallyport/call': call },
    },
  };
}

/** An answer as a `CallToolResult`. Pure; adds nothing to what the answer says. */
export function toWire(answer: Exclude<Answer, Asking | Polled>): WireResult {
  const _meta = { 'sallyport/call': answer.call };
  switch (answer.outcome) {
    case 'answered': {
      const { text, structured } = render(answer.result.value);
      return { content: [{ type: 'text', text }], structuredContent: structured, isError: false, _meta };
    }
    case 'failed':
      return notAnswered(answer.outcome, answer.call, [], answer.message.value);
    case 'refused':
    case 'awaiting_approval':
    case 'unknown':
      return notAnswered(answer.outcome, answer.call, answer.policies, answer.reason, answer.approval);
  }
}

const headline = {
  failed: 'Failed',
  refused: 'Refused',
  awaiting_approval: 'Awaiting approval',
  unknown: 'Outcome unknown',
} as const;

function notAnswered(
  outcome: keyof typeof headline,
  call: string,
  policies: readonly string[],
  reason: string,
  approval?: string,
): WireResult {
  const named = `${policies.length === 1 ? 'policy' : 'policies'} ${policies.join(', ')}`;
  const by = outcome === 'refused' ? ` by ${named}` : ` (${named})`;
  const waits = approval === undefined ? '' : `\nApproval id: ${approval}`;
  return {
    content: [
      {
        type: 'text',
        text: `${headline[outcome]}${policies.length === 0 ? '' : by}: ${reason}${waits}\nCall id: ${call}`,
      },
    ],
    structuredContent: {
      sallyport: { outcome, policies, reason, call, ...(approval === undefined ? {} : { approval }) },
    },
    isError: true,
    _meta: { 'sallyport/call': call },
  };
}

function render(result: BackendResult): { readonly text: string; readonly structured: JsonObject } {
  switch (result.kind) {
    case 'table':
      return {
        text: tableText(result),
        structured: {
          columns: result.columns.map((column) => ({ name: column.name, type: column.type })),
          rows: result.rows,
          truncated: result.truncated === null ? null : { ...result.truncated },
          rowsAffected: result.rowsAffected,
        },
      };
  }
}

/**
 * JSON Schema of `structuredContent` for tools that answer tables. A refusal fits too: the SDK v1 client validates
 * `structuredContent` even where `isError` is set, and would turn a refusal into an exception that hides its reason.
 */
export const tableOutputSchema = {
  type: 'object',
  properties: {
    columns: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, type: { type: 'string' } },
        required: ['name', 'type'],
      },
    },
    rows: { type: 'array', items: { type: 'array' } },
    truncated: {
      anyOf: [
        { type: 'null' },
        {
          type: 'object',
          properties: { by: { enum: ['rows', 'bytes'] }, limit: { type: 'integer' } },
          required: ['by', 'limit'],
        },
      ],
    },
    rowsAffected: { type: ['integer', 'null'] },
    sallyport: {
      type: 'object',
      description: 'Instead of a table where the call was not answered.',
      properties: {
        outcome: { enum: ['failed', 'refused', 'awaiting_approval', 'unknown'] },
        policies: { type: 'array', items: { type: 'string' } },
        reason: { type: 'string' },
        call: { type: 'string' },
        approval: { type: 'string' },
      },
      required: ['outcome', 'policies', 'reason', 'call'],
    },
  },
  anyOf: [{ required: ['columns', 'rows', 'truncated', 'rowsAffected'] }, { required: ['sallyport'] }],
} as const satisfies JsonObject;
