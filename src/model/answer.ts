import type { CallId } from './tool-call.ts';
import type { Masked, MaskedResult } from './result.ts';

/** How a call can end. A closed list: it is the label in records and metrics. */
export type OutcomeKind =
  /** Executed; the result was masked and answered. */
  | 'answered'
  /** Permitted, but the backend gave no result; nothing was changed. */
  | 'failed'
  /** Not permitted, or a station failed closed. Nothing was executed. */
  | 'refused'
  | 'awaiting_approval'
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
  | 'masking_failed'
  | 'store_unavailable'
  | 'shutting_down'
  | 'internal';

/** What the agent is told. The server turns it into the wire's shape and adds nothing to it. */
export type Answer =
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
    };
