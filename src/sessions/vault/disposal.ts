import type { JsonObject } from '../../model/json.ts';
import type { NewRecord, RecordType } from '../../model/record.ts';
import type { MasterKeySource } from './master-key.ts';

/** What of a store is forgotten, and what must not be: payloads and requests for approval. Entries stay. */
export interface Disposal {
  /**
   * Destroys what there is of a subject, the keys with it, and puts on record who asked for it and why: all in one
   * transaction. `held` where a legal hold is over any part of it; then nothing was done.
   */
  erase(order: Order): Promise<Erasure>;
  /** From then on nothing of the subject is erased or pruned. */
  hold(id: string, order: Order): Promise<void>;
  /** False where there is no such hold, or it was released before. */
  release(id: string, order: Omit<Order, 'subject'>): Promise<boolean>;
  /** Those in force, the oldest first. */
  holds(): Promise<readonly Hold[]>;
  /** Looks at the next few thousand payloads, and destroys those that retention lets go of. */
  prune(step: PruneStep): Promise<PruneProgress>;
  /**
   * Puts the data keys under another payload key than the one that the store was opened with. Of use for nothing else
   * afterwards: open it again with the new one.
   */
  rekey(fresh: MasterKeySource, order: { readonly by: string; readonly at: number }): Promise<Rekeyed>;
}

/** Ids of payload keys, and how many data keys were wrapped anew: none where it is the same key. */
export interface Rekeyed {
  readonly from: string;
  readonly to: string;
  readonly keys: number;
}

/** Whose payloads. Without an issuer, of everybody of that name. */
export type Subject =
  | { readonly kind: 'session'; readonly session: string }
  | { readonly kind: 'principal'; readonly principal: string; readonly issuer: string | null }
  | { readonly kind: 'call'; readonly call: string };

export interface Order {
  readonly subject: Subject;
  /** Who asks, for the record. */
  readonly by: string;
  /** Masked. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type Erasure =
  | {
      readonly kind: 'erased';
      readonly sessions: number;
      readonly payloads: number;
      readonly approvals: number;
      readonly tasks: number;
      /**
       * Whether what was erased is out of every file of the store. If not, it goes with the next checkpoint of
       * SQLite's write-ahead log, or the next vacuum of PostgreSQL: encrypted, and without its key.
       */
      readonly flushed: boolean;
    }
  | { readonly kind: 'held'; readonly holds: readonly Hold[] }
  /** There is nothing of it. */
  | { readonly kind: 'nothing' };

export interface Hold {
  readonly id: string;
  readonly session: string | null;
  readonly principal: string | null;
  readonly issuer: string | null;
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What retention tells apart, and the records whose payloads are of it. */
export const PAYLOAD_CLASSES = {
  arguments: 'call.intent',
  results: 'call.outcome',
  refused: 'call.refused',
  approvals: 'approval.requested',
} as const satisfies Readonly<Record<string, RecordType>>;

export type PayloadClass = keyof typeof PAYLOAD_CLASSES;

/** How long payloads of a class are kept: in milliseconds, and as it was written. A class without one is kept for ever. */
export type Retention = {
  readonly [Class in PayloadClass]?: { readonly ms: number; readonly text: string } | undefined;
};

export interface PruneStep {
  readonly retention: Retention;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Go on after this index: -1, then `through` of the step before. */
  readonly after: number;
  /** Only count. */
  readonly dryRun: boolean;
}

export interface PruneProgress {
  readonly through: number;
  /** Nothing is left to look at. */
  readonly done: boolean;
  readonly pruned: Readonly<Record<PayloadClass, number>>;
  /** That retention would let go of, and a hold keeps. */
  readonly held: number;
  /** Requests for approval that were over. */
  readonly requests: number;
}

/** Names in one record, so that an entry does not outgrow the log. */
export const NAMES_A_RECORD = 1_000;

export function subjectEvent(subject: Subject): JsonObject {
  switch (subject.kind) {
    case 'session':
      return { session: subject.session };
    case 'principal':
      return { principal: subject.principal, ...(subject.issuer === null ? {} : { issuer: subject.issuer }) };
    case 'call':
      return { call: subject.call };
  }
}

/** A record that belongs to no session. */
export function administration(type: RecordType, time: number, event: JsonObject): NewRecord {
  return { type, time, session: null, call: null, event, payload: null };
}
