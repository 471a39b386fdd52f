import type { Json, JsonObject } from './json.ts';
import type { Masked, MaskedResult } from './result.ts';

/** Every kind of event that is on record. */
export type RecordType =
  | 'server.started'
  | 'server.stopped'
  /** A process ended without saying so: found by the next one that starts. */
  | 'server.crashed'
  | 'config.loaded'
  | 'rules.loaded'
  | 'rules.rejected'
  | 'session.opened'
  | 'session.closed'
  | 'door.refused'
  | 'call.refused'
  | 'call.intent'
  | 'call.outcome'
  | 'api_key.created'
  | 'api_key.revoked'
  /** A person signed in to the console. */
  | 'console.signed_in'
  | 'console.signed_out'
  /** Somebody looked at the record: contents of sessions, entries of the log, a request for approval. */
  | 'record.read'
  /** A pack of the record was made for auditors. */
  | 'evidence.exported'
  /** A witness did not cosign: the first time of an outage. */
  | 'witness.failed'
  | 'witness.recovered'
  | 'timestamp.failed'
  | 'timestamp.recovered'
  /** A call ended without running because it waits for a person: `awaiting_approval`, `input_required`, or `task`. */
  | 'call.held'
  /** A request for approval was put on file. Payload: masked arguments. */
  | 'approval.requested'
  /** Somebody was asked, through a channel. */
  | 'approval.asked'
  | 'approval.justified'
  /** Somebody approved or declined. */
  | 'approval.decided'
  | 'approval.expired'
  | 'approval.revoked'
  /** An execution began under a grant: in the same transaction as its `call.intent`. */
  | 'approval.used'
  /** The client let go of a task before its call ran. */
  | 'task.cancelled'
  /** The process that ran the call of a task did not come back: nobody can tell what became of it. */
  | 'task.lost'
  /** Somebody had payloads destroyed. */
  | 'payload.erased'
  /** Retention destroyed payloads. */
  | 'payload.pruned'
  /** The data keys were put under another payload key. */
  | 'payload.rekeyed'
  | 'hold.placed'
  | 'hold.released';

/** An event on its way into the store, which gives it its index. */
export interface NewRecord {
  readonly type: RecordType;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly session: string | null;
  readonly call: string | null;
  /** What happened: ids, names, counts, digests. Never a payload value. */
  readonly event: JsonObject;
  /** Masked arguments or result: kept beside the event, so that it can be erased without touching it. */
  readonly payload: Masked<Json> | MaskedResult | null;
}

/** An event as it is stored and read back. */
export interface StoredRecord {
  /** Position in the log, from 0, without gaps. */
  readonly index: number;
  readonly type: RecordType;
  readonly time: number;
  readonly session: string | null;
  readonly call: string | null;
  readonly event: JsonObject;
  readonly payload: Json;
  /** Set where there was a payload and is none any more: it was erased or expired, or it is missing. */
  readonly payloadGone?: true;
}

/** A session as `sessions list` shows it. */
export interface SessionSummary {
  readonly id: string;
  readonly principal: string;
  readonly issuer: string;
  readonly client: string;
  readonly transport: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly lastAt: number;
  readonly calls: number;
  readonly refused: number;
}
