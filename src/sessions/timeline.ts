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
    }
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
      };
    case 'server.started':
    case 'server.stopped':
    case 'rules.loaded':
    case 'rules.rejected':
    case 'door.refused':
    case 'call.outcome':
    case 'api_key.created':
    case 'api_key.revoked':
      return { kind: 'other', index, time, type, call, event, payload };
  }
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
  };
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
