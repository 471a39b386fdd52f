import type { CallOrigin, PermittedCall, CallId } from '../model/tool-call.ts';
import type { Credential, Identified, Principal } from '../model/principal.ts';
import type { Execution } from '../model/result.ts';
import type { JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';
import type { ServedSkill } from '../model/skill.ts';
import type { Tool } from '../model/tool.ts';
import type { ApprovalChange } from '../model/approval.ts';
import type { StoredTask, TaskChange, TaskId, TaskReply } from '../model/task.ts';
import type { ApprovalDesk } from '../model/approval-desk.ts';
import type { RequestState } from './request-state.ts';
import type { TaskSeal } from './task-seal.ts';
import type { Answer } from '../model/answer.ts';
import type { Watch, Watched } from '../model/watch.ts';
import type { CallInspector } from '../inspect/inspect-call.ts';
import type { TextPatterns } from '../inspect/text/patterns.ts';
import type { Pseudonyms } from '../masking/pseudonyms.ts';
import type { MaskingRules } from '../masking/rules.ts';
import type { PolicySet } from '../policy/policy-set.ts';

/**
 * What skills and policies say, as one immutable whole. A reload replaces it; a call keeps the one it began with,
 * so that no call is decided by half of an edit.
 */
export interface Rules {
  /** SHA-256 over the digests of skills, policies, masking and text patterns: names in the record what a call was decided by. */
  readonly digest: string;
  readonly tools: ReadonlyMap<string, Tool>;
  /** Sorted by name. */
  readonly served: readonly ServedSkill[];
  /** By tool name. Compiled at load. */
  readonly validators: ReadonlyMap<string, ArgumentsValidator>;
  readonly policies: PolicySet;
  readonly masking: MaskingRules;
  readonly patterns: TextPatterns;
}

/** Says whether arguments fit a tool's schema; a problem names a place and an expectation, never a value. */
type ArgumentsValidator = (
  args: JsonObject,
) => { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };

/** Everything outside the line that the line needs, as functions. `app.ts` fills them. */
export interface Stations {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newCallId: () => CallId;
  readonly rules: () => Rules;
  /** False once a shutdown has begun. */
  readonly accepting: () => boolean;
  readonly identify: (credential: Credential) => Identified | Promise<Identified>;
  /** Finds or opens the session a call belongs to, and returns its id. */
  readonly enterSession: (principal: Principal, origin: CallOrigin) => string;
  readonly countInSession: (session: string, what: 'intent' | 'refused') => void;
  readonly desk: ApprovalDesk;
  /** How long a held call waits for a reviewer before it answers `awaiting_approval`. Milliseconds. */
  readonly approvalWaitMs: number;
  readonly requestState: RequestState;
  /** What stands in for values within a scope, for masking rules that ask for it. */
  readonly pseudonyms: (scope: string) => Pseudonyms;
  /** The page where people sign in and decide this request; null where there is no such page. */
  readonly pageOf: (approval: string) => string | null;
  readonly inspector: CallInspector;
  /** Resolves once durable; rejects where the store can't. */
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  /** As `append`, with changes in the same transaction; false where what they change was not as expected. */
  readonly appendWith: (
    records: readonly NewRecord[],
    ...changes: readonly (ApprovalChange | TaskChange)[]
  ) => Promise<boolean>;
  readonly tasks: TaskStations;
  readonly execute: (permitted: PermittedCall, io: { readonly signal: AbortSignal }) => Promise<Execution>;
  readonly watch: (watched: Watched) => Watch;
  /** For the operator's log: a bug or a dead store, by the id of the call or task. The error is masked before it is written. */
  readonly alarm: (about: CallId | TaskId, station: string, error: unknown) => void;
}

/** What held calls that are polled for need. */
export interface TaskStations {
  readonly newId: () => TaskId;
  readonly seal: TaskSeal;
  readonly find: (id: TaskId) => Promise<StoredTask | null>;
  /** How many tasks the owner has that have not expired. */
  readonly count: (owner: string) => Promise<number>;
  /** What the answer is on the wire: a task gives back what the call would have been answered with. */
  readonly reply: (answer: Answer, tool: string) => TaskReply;
}
