import type { InputAsk } from './answer.ts';
import type { JsonObject } from './json.ts';

/** `task_` and a time-ordered UUID (version 7): names a task on record. The client's handle is this and a secret. */
export type TaskId = `task_${string}`;

/**
 * `waiting`: for people. `running`: its one execution began. `ended`: there is an answer. `cancelled`: its client let go
 * of it before it ran.
 */
export type TaskState = 'waiting' | 'running' | 'ended' | 'cancelled';

/** A held call whose client polls for it, as a store keeps it. Changes only by compare-and-set on `version`. */
export interface StoredTask {
  readonly id: TaskId;
  /** Whose it is: JSON of kind, issuer and id. Nobody else can tell it from one that does not exist. */
  readonly owner: string;
  /** The request for approval that it waits for. */
  readonly approval: string;
  readonly state: TaskState;
  /** The call that runs or ran for it. */
  readonly call: string | null;
  /** Epoch milliseconds: a `running` task without an answer by then has lost its process. */
  readonly runsUntil: number | null;
  /**
   * The call until there is an answer, then the answer. Encrypted under a key that takes both this store's secret and the
   * secret in the client's handle: neither alone reads it.
   */
  readonly sealed: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** From then on it is as if it had never been. */
  readonly expiresAt: number;
  /** From 1, one more with each change. */
  readonly version: number;
}

export type TaskChange =
  | { readonly kind: 'create_task'; readonly task: StoredTask }
  /** Not done where the stored version is another than `from`. */
  | { readonly kind: 'replace_task'; readonly from: number; readonly task: StoredTask };

/** What a call was answered with, in the shape of the wire: what a task gives back is that and nothing else. */
export type TaskReply =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly error: JsonObject };

/** A task as its client sees it. Times in epoch milliseconds, durations in milliseconds. */
export interface TaskView {
  /** The client's handle. Whoever has it and is the same principal has the task. */
  readonly handle: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** From `createdAt`. */
  readonly ttlMs: number;
  readonly pollMs: number;
  readonly status:
    | { readonly kind: 'working'; readonly message: string }
    | {
        readonly kind: 'input_required';
        readonly message: string;
        /** Never used for another question of the task. */
        readonly key: string;
        readonly ask: InputAsk;
      }
    | { readonly kind: 'ended'; readonly reply: TaskReply }
    | { readonly kind: 'cancelled' };
}
