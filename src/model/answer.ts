import type { CallId } from './tool-call.ts';
import type { JsonObject } from './json.ts';
import type { Masked, MaskedResult } from './result.ts';
import type { TaskView } from './task.ts';

/** How a call can end. A closed list: it is the label in records and metrics. */
export type OutcomeKind =
  /** Executed; the result was masked and answered. */
  | 'answered'
  /** Permitted, but the backend gave no result; nothing was changed. */
  | 'failed'
  /** Not permitted, or a station failed closed. Nothing was executed. */
  | 'refused'
  | 'awaiting_approval'
  /** A person is asked through the client; the client calls again. */
  | 'input_required'
  /** Held, and its client polls for it. */
  | 'task'
  /** Permitted, and nobody can tell whether the backend carried it out. */
  | 'unknown';

/** Why a call was refused. A closed list, told apart in records and metrics. */
export type RefusalCause =
  | 'unidentified'
  | 'unknown_tool'
  | 'invalid_arguments'
  | 'not_understood'
  | 'default_deny'
  | 'forbidden'
  | 'policy_error'
  | 'approval_required'
  | 'approval_declined'
  | 'approval_expired'
  | 'masking_failed'
  | 'data_blocked'
  | 'store_unavailable'
  | 'shutting_down'
  | 'internal';

/** What a person behind the client is asked. */
export type InputAsk =
  | {
      readonly mode: 'form';
      readonly message: string;
      /** The restricted JSON Schema of MCP elicitation: an object of flat primitive properties. */
      readonly schema: JsonObject;
    }
  | { readonly mode: 'url'; readonly message: string; readonly url: string };

/** What the agent is told. The server turns it into the wire's shape and adds nothing to it. */
export type Answer =
  | {
      /** The call is not over: a person is to be asked, and the client calls again with what the person said. */
      readonly outcome: 'input_required';
      readonly call: CallId;
      readonly ask: InputAsk;
      /** Opaque to the client, signed, and worth nothing without what the store says. */
      readonly state: string;
    }
  | { readonly outcome: 'task'; readonly call: CallId; readonly task: TaskView }
  | { readonly outcome: 'answered'; readonly call: CallId; readonly result: MaskedResult }
  | { readonly outcome: 'failed'; readonly call: CallId; readonly message: Masked<string> }
  | {
      readonly outcome: 'refused' | 'awaiting_approval' | 'unknown';
      readonly cause: RefusalCause | null;
      readonly call: CallId;
      /** Ids of the policies that spoke. */
      readonly policies: readonly string[];
      /** Sentences for the agent: why, and what to do. */
      readonly reason: string;
      /** The request that waits, or that was declined. */
      readonly approval?: string;
    };
