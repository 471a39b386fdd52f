import type { JsonObject } from './json.ts';
import type { Approval } from './approval.ts';
import type { Credential, Principal } from './principal.ts';
import type { Facts } from './facts.ts';
import type { Tool } from './tool.ts';

/** `call_` and a time-ordered UUID (version 7): the id under which a call is on record. */
export type CallId = `call_${string}`;

/** A `tools/call` as it came in: nothing in it is trusted yet. */
export interface CallRequest {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly credential: Credential;
  readonly origin: CallOrigin;
  /** What a person answered to an `input_required` before: only from the protocol's own field, never from arguments. */
  readonly input: CallInput | null;
}

/** An answer to an elicitation, as the client passed it on. */
export interface CallInput {
  readonly state: string;
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content: JsonObject;
}

/** Where a call came from, as far as the transport and the client say. */
export interface CallOrigin {
  readonly transport: 'http' | 'stdio';
  readonly protocolVersion: string;
  /** The client's own name for itself: a claim, good for reading a record, not for deciding on its own. */
  readonly client: { readonly name: string; readonly version: string };
  /** Which kinds of elicitation the client declares. `{}` in its capabilities means form. */
  readonly elicitation: { readonly form: boolean; readonly url: boolean };
  /** The client declares the Tasks extension: a call of it that is held may be answered with a task. */
  readonly tasks?: true;
  /** `Mcp-Session-Id` of a 2025-era session, or the one session of a stdio process; absent for 2026-07-28. */
  readonly transportSession?: string;
  /** `_meta["claudecode/toolUseId"]`: ties the call to the prompt that caused it. */
  readonly toolUseId?: string;
  /** W3C Trace Context, from the header or `_meta.traceparent`. */
  readonly traceparent?: string;
  /** Remote address, for the record of refusals at the door. */
  readonly remote?: string;
}

/** A call whose caller is known and whose arguments fit the tool's schema. Frozen: later stations read the same bytes. */
export interface ToolCall {
  readonly id: CallId;
  readonly session: string;
  readonly principal: Principal;
  readonly tool: Tool;
  readonly arguments: JsonObject;
  readonly origin: CallOrigin;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

declare const permitted: unique symbol;

/** A call that policy allowed. Only `govern/permit.ts` makes one, and a connector takes nothing else. */
export interface PermittedCall {
  readonly [permitted]: true;
  readonly call: ToolCall;
  readonly facts: Facts;
  /**
   * The arguments as the connector binds them: those of the call, with values in place of tokens. For the connector only;
   * what is recorded, decided and shown are the arguments of the call.
   */
  readonly bound: JsonObject;
  /** What stands in `bound` in place of tokens, by argument: to be masked wherever it comes back. */
  readonly revealed: Readonly<Record<string, { readonly class: string; readonly value: string }>>;
  /** The ids of the policies that allowed it. */
  readonly policies: readonly string[];
  /** The approval it runs under: spent in the transaction that records the intent. Null where none was needed. */
  readonly grant: Approval | null;
}
