import type { WireResult } from '../govern/gateway.ts';
import type { Answer } from '../model/answer.ts';
import type { JsonObject } from '../model/json.ts';
import type { BackendResult } from '../model/result.ts';
import { rpcCode, type RpcError } from './rpc.ts';
import { tableText } from './table-text.ts';

/** What an answer is on the wire: a tool result, or, where MCP says so, a JSON-RPC error. */
export type WireReply =
  | { readonly kind: 'result'; readonly result: WireResult }
  | { readonly kind: 'error'; readonly error: RpcError }
  /** The credential stopped being good between the door and the line. */
  | { readonly kind: 'unidentified'; readonly result: WireResult };

/** `tool` is the name that the caller used, for the error that repeats it. */
export function toReply(answer: Answer, tool: string): WireReply {
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

/** An answer as a `CallToolResult`. Pure; adds nothing to what the answer says. */
export function toWire(answer: Answer): WireResult {
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
      return notAnswered(answer.outcome, answer.call, answer.policies, answer.reason);
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
): WireResult {
  const named = `${policies.length === 1 ? 'policy' : 'policies'} ${policies.join(', ')}`;
  const by = outcome === 'refused' ? ` by ${named}` : ` (${named})`;
  return {
    content: [
      {
        type: 'text',
        text: `${headline[outcome]}${policies.length === 0 ? '' : by}: ${reason}\nCall id: ${call}`,
      },
    ],
    structuredContent: { sallyport: { outcome, policies, reason, call } },
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
      },
      required: ['outcome', 'policies', 'reason', 'call'],
    },
  },
  anyOf: [{ required: ['columns', 'rows', 'truncated', 'rowsAffected'] }, { required: ['sallyport'] }],
} as const satisfies JsonObject;
