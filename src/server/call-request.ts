import type { JsonObject } from '../model/json.ts';
import type { CallInput, CallOrigin, CallRequest } from '../model/tool-call.ts';
import type { Caller } from './caller.ts';
import type { Elicitation } from './elicitation.ts';

export interface CallParts {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly protocolVersion: string;
  /** What the client says of itself. */
  readonly client: { readonly name?: unknown; readonly version?: unknown } | undefined;
  /** `params._meta`, as sent. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  readonly elicitation: Elicitation;
  /** Whether the client declares the Tasks extension. */
  readonly tasks?: boolean;
  readonly input: CallInput | null;
}

/** What clients say of themselves is recorded, so it is cut to a length that a record can hold. */
const maxClaim = 128;

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One `tools/call` in the model's words, whichever era and transport it came by. */
export function toCallRequest(parts: CallParts, caller: Caller): CallRequest {
  return {
    tool: parts.tool,
    arguments: parts.arguments,
    credential: caller.credential,
    origin: toOrigin(parts, caller),
    input: parts.input,
  };
}

/** Where a request came from, whatever it asks for. */
export function toOrigin(parts: Omit<CallParts, 'tool' | 'arguments' | 'input'>, caller: Caller): CallOrigin {
  const toolUseId = parts.meta?.['claudecode/toolUseId'];
  const traceparent = [parts.meta?.['traceparent'], caller.traceparent].find(isTraceparent);
  return {
    transport: caller.transport,
    protocolVersion: parts.protocolVersion,
    client: { name: claim(parts.client?.name), version: claim(parts.client?.version) },
    elicitation: parts.elicitation,
    ...(parts.tasks === true ? { tasks: true } : {}),
    ...(caller.transportSession === undefined ? {} : { transportSession: caller.transportSession }),
    ...(typeof toolUseId === 'string' && toolUseId !== '' ? { toolUseId: toolUseId.slice(0, maxClaim) } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(caller.remote === undefined ? {} : { remote: caller.remote }),
  };
}

function claim(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxClaim) : 'unknown';
}

function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && traceparentForm.test(value);
}
