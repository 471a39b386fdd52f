import type { Json, JsonObject } from '../model/json.ts';
import type { RecordType, SessionSummary, StoredRecord } from '../model/record.ts';

/** One line of a session as a person reads it. `index` is that of the record it begins with. */
export type TimelineEntry =
  | {
      readonly kind: 'opened' | 'closed';
      readonly index: number;
      readonly time: number;
      readonly event: JsonObject;
    }
  | TimelineCall
  | {
      readonly kind: 'refused';
      readonly index: number;
      readonly time: number;
      readonly call: string | null;
      readonly tool: string;
      readonly cause: string;
      readonly reason: string;
      readonly policies: readonly string[];
      readonly event: JsonObject;
      /** Masked. */
      readonly arguments: Json;
      readonly gone: Gone;
    }
  | {
      /** A call that ended for now, because a person has to speak first. */
      readonly kind: 'held';
      readonly index: number;
      readonly time: number;
      readonly call: string | null;
      readonly tool: string;
      readonly approval: string;
      /** What the client was told: `awaiting_approval`, `input_required` or `task`. */
      readonly answer: string;
      readonly event: JsonObject;
    }
  | TimelineApproval
  | {
      /** Anything else; and a `call.outcome` whose intent is not among the records, which a whole record never has. */
      readonly kind: 'other';
      readonly index: number;
      readonly time: number;
      readonly type: RecordType;
      readonly call: string | null;
      readonly event: JsonObject;
      readonly payload: Json;
    };

/** Something that happened to a request for approval. */
export interface TimelineApproval {
  readonly kind: 'approval';
  readonly index: number;
  readonly time: number;
  readonly what: ApprovalMoment;
  readonly approval: string;
  /** The call that was held first; for `used`, the one that ran. */
  readonly call: string | null;
  readonly event: JsonObject;
  /** Masked. Null but for `requested`. */
  readonly arguments: Json;
  readonly gone: Gone;
}

/** Payloads that records were written with and that are no longer there: erased, expired, or missing. */
type Gone = readonly ('arguments' | 'result')[];

type ApprovalMoment = 'requested' | 'asked' | 'justified' | 'decided' | 'expired' | 'revoked' | 'used';

/** An intent and what came of it. */
export interface TimelineCall {
  readonly kind: 'call';
  readonly index: number;
  readonly time: number;
  readonly call: string | null;
  readonly tool: string;
  readonly connection: string;
  readonly policies: readonly string[];
  /** The outcome on record; `unknown` where none is: the gateway stopped before it could be written. */
  readonly outcome: string;
  /** Null where no outcome is on record. */
  readonly outcomeIndex: number | null;
  readonly durationMs: number | null;
  readonly rows: number | null;
  readonly rowsAffected: number | null;
  readonly failure: string | null;
  /** The whole events, for what has no field of its own. */
  readonly intent: JsonObject;
  readonly outcomeEvent: JsonObject | null;
  /** Masked. */
  readonly arguments: Json;
  /** Masked. */
  readonly result: Json;
  readonly gone: Gone;
}

/** The records of a session as a story, in the order of the log. Records of other sessions are passed over. */
export function timeline(
  summary: SessionSummary,
  records: readonly StoredRecord[],
): readonly TimelineEntry[] {
  const own = records.filter(({ session }) => session === summary.id).toSorted((a, b) => a.index - b.index);
  const outcomes = new Map<string, StoredRecord>();
  const intended = new Set<string>();
  for (const record of own) {
    if (record.call === null) continue;
    if (record.type === 'call.intent') intended.add(record.call);
    // An outcome counts only after its intent, and only the first one: the log holds no second.
    if (record.type === 'call.outcome' && intended.has(record.call) && !outcomes.has(record.call)) {
      outcomes.set(record.call, record);
    }
  }
  const paired = new Set(outcomes.values());
  return own.filter((record) => !paired.has(record)).map((record) => entryOf(record, outcomes));
}

function entryOf(record: StoredRecord, outcomes: Map<string, StoredRecord>): TimelineEntry {
  const { index, time, type, call, event, payload } = record;
  switch (type) {
    case 'session.opened':
      return { kind: 'opened', index, time, event };
    case 'session.closed':
      return { kind: 'closed', index, time, event };
    case 'call.intent':
      return callOf(record, call === null ? undefined : outcomes.get(call));
    case 'call.refused':
      return {
        kind: 'refused',
        index,
        time,
        call,
        tool: text(event, 'tool') ?? '',
        cause: text(event, 'cause') ?? '',
        reason: text(event, 'reason') ?? '',
        policies: texts(event, 'policies'),
        event,
        arguments: payload,
        gone: goneOf(record),
      };
    case 'call.held':
      return {
        kind: 'held',
        index,
        time,
        call,
        tool: text(event, 'tool') ?? '',
        approval: text(event, 'approval') ?? '',
        answer: text(event, 'answer') ?? '',
        event,
      };
    case 'approval.requested':
      return approvalOf(record, 'requested');
    case 'approval.asked':
      return approvalOf(record, 'asked');
    case 'approval.justified':
      return approvalOf(record, 'justified');
    case 'approval.decided':
      return approvalOf(record, 'decided');
    case 'approval.expired':
      return approvalOf(record, 'expired');
    case 'approval.revoked':
      return approvalOf(record, 'revoked');
    case 'approval.used':
      return approvalOf(record, 'used');
    case 'server.started':
    case 'server.stopped':
    case 'server.crashed':
    case 'config.loaded':
    case 'rules.loaded':
    case 'rules.rejected':
    case 'door.refused':
    case 'call.outcome':
    case 'api_key.created':
    case 'api_key.revoked':
    case 'task.cancelled':
    case 'task.lost':
    case 'payload.erased':
    case 'payload.pruned':
    case 'payload.rekeyed':
    case 'hold.placed':
    case 'hold.released':
    case 'console.signed_in':
    case 'console.signed_out':
    case 'record.read':
    case 'evidence.exported':
    case 'witness.failed':
    case 'witness.recovered':
    case 'timestamp.failed':
    case 'timestamp.recovered':
      return { kind: 'other', index, time, type, call, event, payload };
  }
}

function approvalOf(record: StoredRecord, what: ApprovalMoment): TimelineApproval {
  const { index, time, call, event, payload } = record;
  const approval = text(event, 'approval') ?? '';
  return {
    kind: 'approval',
    index,
    time,
    what,
    approval,
    call,
    event,
    arguments: payload,
    gone: goneOf(record),
  };
}

function callOf(intent: StoredRecord, outcome: StoredRecord | undefined): TimelineCall {
  const { index, time, call, event, payload } = intent;
  const ended = outcome?.event ?? {};
  return {
    kind: 'call',
    index,
    time,
    call,
    tool: text(event, 'tool') ?? '',
    connection: text(event, 'connection') ?? '',
    policies: texts(event, 'policies'),
    outcome: text(ended, 'outcome') ?? 'unknown',
    outcomeIndex: outcome?.index ?? null,
    durationMs: number(ended, 'durationMs'),
    rows: number(ended, 'rows'),
    rowsAffected: number(ended, 'rowsAffected'),
    failure: text(ended, 'failure') ?? text(ended, 'cause'),
    intent: event,
    outcomeEvent: outcome?.event ?? null,
    arguments: payload,
    result: outcome?.payload ?? null,
    gone: [...goneOf(intent), ...(outcome?.payloadGone === true ? (['result'] as const) : [])],
  };
}

function goneOf({ payloadGone }: StoredRecord): Gone {
  return payloadGone === true ? ['arguments'] : [];
}

function text(event: JsonObject, key: string): string | null {
  const value = event[key];
  return typeof value === 'string' ? value : null;
}

function number(event: JsonObject, key: string): number | null {
  const value = event[key];
  return typeof value === 'number' ? value : null;
}

function texts(event: JsonObject, key: string): readonly string[] {
  const value = event[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
