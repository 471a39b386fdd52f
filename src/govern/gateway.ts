import type { Answer } from '../model/answer.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Credential, Identified, IdentityFailure, Principal } from '../model/principal.ts';
import type { ServedSkill } from '../model/skill.ts';
import type { TaskView } from '../model/task.ts';
import type { CallInput, CallOrigin, CallRequest } from '../model/tool-call.ts';

/**
 * The governed side of the gateway as a front (HTTP, stdio, a console) sees it. A front speaks a wire and knows
 * nothing of stores, policies or connectors; everything it may do is here.
 */
export interface Gateway {
  readonly name: string;
  readonly version: string;
  /** For `instructions` of `server/discover` and `initialize`. */
  readonly instructions: string;

  /** Verifies a credential. Cheap when it was seen before (microseconds), so a front may ask at every request. */
  identify(credential: Credential): Identified | Promise<Identified>;

  /** Puts a request that was turned away at the door on record. Never throws: a dead store is logged. */
  doorRefused(refusal: DoorRefusal): Promise<void>;

  /** Governs one call from beginning to end. Never throws; every way it can end is an `Answer`. */
  call(request: CallRequest, io: CallIo): Promise<Answer>;

  /** Held calls that their clients poll for. */
  readonly tasks: Tasks;

  /** The tools that policy could ever let this principal call, sorted by name. */
  tools(principal: Principal): readonly ListedTool[];

  /** The skills these tools are of, sorted by name. */
  skills(principal: Principal): readonly ServedSkill[];

  /** Runs the listener after skills or policies were reloaded: both lists may be others. Returns the way to stop. */
  onListsChanged(listener: () => void): () => void;

  /** A transport session ended (DELETE, idle, stdio closed). */
  sessionEnded(transportSession: string, reason: string): void;

  /** Whether calls can be served now, and what is missing where not. */
  ready(): Promise<Readiness>;

  /** Prometheus text exposition. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Polling, answering and letting go of held calls. None of it ever throws. */
export interface Tasks {
  /** The task as it is now. What was approved meanwhile is carried out first, for a moment in front of the client's eyes. */
  get(request: TaskRequest): Promise<TaskAnswer>;
  /** Takes what a person said, by the keys of the questions. What was not asked, or is answered already, is ignored. */
  update(request: TaskRequest, answers: ReadonlyMap<string, Omit<CallInput, 'state'>>): Promise<TaskAnswer>;
  /** Lets go of it: what waits never runs, what runs is stopped where this process runs it. */
  cancel(request: TaskRequest): Promise<TaskAnswer>;
}

export interface TaskRequest {
  readonly handle: string;
  readonly credential: Credential;
  readonly origin: CallOrigin;
}

export type TaskAnswer =
  | { readonly ok: true; readonly task: TaskView }
  | {
      readonly ok: false;
      /** `unknown`: there is none, it has expired, or it is somebody else's. `unavailable`: ask again. */
      readonly problem: 'unidentified' | 'unknown' | 'unavailable';
    };

export interface DoorRefusal {
  readonly failure:
    | IdentityFailure
    | 'origin_not_allowed'
    | 'host_not_allowed'
    | 'token_in_query'
    | 'body_too_large'
    | 'console_sign_in';
  /** For the record; holds no secret. */
  readonly detail: string;
  readonly transport: 'http' | 'stdio';
  readonly remote?: string;
}

export interface CallIo {
  /** Aborted when the client cancels or goes away: cancels the statement at the database. */
  readonly signal: AbortSignal;
  /** Called about once a second while a call runs longer than a second. */
  readonly progress?: (progress: Progress) => void;
  /** Called when the person who was given a link, in the answer before, has done on the page what they were asked for. */
  readonly visited?: () => void;
}

export interface Progress {
  readonly elapsedMs: number;
  readonly message: string;
}

export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly meta: Readonly<Record<string, Json>>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** The shape that a front puts on the wire for an answer: a `CallToolResult` without its transport envelope. */
export interface WireResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: JsonObject;
  readonly isError: boolean;
  readonly _meta: { readonly 'sallyport/call': string };
}
