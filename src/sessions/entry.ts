import { canonicalJson } from '../model/canonical-json.ts';
import { commitTo } from './commitment.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { NewRecord, RecordType, StoredRecord } from '../model/record.ts';

/** A record as a store writes it: serialised once, on the caller's side, so that no thread does it twice. */
export interface EncodedRecord {
  readonly type: RecordType;
  readonly time: number;
  readonly session: string | null;
  readonly call: string | null;
  /**
   * The bytes of the log: canonical JSON of everything, with a commitment to the payload in its place. What a leaf hash
   * is taken of.
   */
  readonly entry: string;
  /**
   * What is sealed and kept beside the log: 16 bytes of salt, which open the commitment, and JSON in UTF-8. Null where
   * there is none.
   */
  readonly payload: Uint8Array | null;
  /** Hex: the commitment itself, as it stands in the entry. A sealed payload is bound to it. */
  readonly commitment: string | null;
  /** Set on `session.opened` and `session.closed`: what the list of sessions shows. */
  readonly about: SessionAbout | null;
}

export interface SessionAbout {
  readonly principal: string;
  readonly issuer: string;
  readonly client: string;
  readonly transport: string;
}

/** The format of entries. Another number tells a reader that a leaf says more: 1 said nothing of the payload. */
const ENTRY_VERSION = 2;

/** Entry bundles of C2SP tlog-tiles carry a length of 16 bits. */
const MAX_ENTRY_BYTES = 65_535;

/** Throws `TypeError` where the record can't be one. */
export function encodeRecord(record: NewRecord): EncodedRecord {
  const { type, time, session, call } = record;
  const commitment = record.payload === null ? null : commitTo(JSON.stringify(record.payload.value));
  const committed = commitment === null ? {} : { payload: commitment.digest };
  // An agent can write a lone surrogate into the name of a tool. To refuse the record would leave the attempt unrecorded.
  const entry = canonicalJson(
    { call, event: record.event, ...committed, session, time, type, v: ENTRY_VERSION },
    { numbers: 'integers', lone: 'replace' },
  );
  const bytes = Buffer.byteLength(entry);
  if (bytes > MAX_ENTRY_BYTES) {
    throw new TypeError(
      `a ${type} event of ${bytes} bytes is above the ${MAX_ENTRY_BYTES} that the log takes`,
    );
  }
  const about = type === 'session.opened' || type === 'session.closed' ? aboutSession(record.event) : null;
  const { salted = null, digest = null } = commitment ?? {};
  return { type, time, session, call, entry, payload: salted, commitment: digest, about };
}

/** Throws where the text is not an entry: the database was changed by other hands, or is of a newer version. */
export function decodeRecord(index: number, entry: string, payload: string | null): StoredRecord {
  const fields = parseObject(entry, index);
  const { type, time, session, call, event } = fields;
  if (
    !isRecordType(type) ||
    typeof time !== 'number' ||
    !isNullableString(session) ||
    !isNullableString(call) ||
    !isObject(event)
  ) {
    throw new Error(`record ${index} is not an entry that this version can read`);
  }
  const record = { index, type, time, session, call, event };
  if (payload !== null) {
    const body: Json = JSON.parse(payload);
    return { ...record, payload: body };
  }
  // Entries of format 1 say nothing of the payloads that they had.
  return fields['payload'] === undefined
    ? { ...record, payload: null }
    : { ...record, payload: null, payloadGone: true };
}

/** How much of a queue's room a record takes. */
export function sizeOf(record: EncodedRecord): number {
  return record.entry.length + (record.payload?.length ?? 0);
}

/** Null where the event names nobody: what was said of the session before then stands. */
function aboutSession(event: JsonObject): SessionAbout | null {
  const { principal, issuer, client, transport } = event;
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value.toWellFormed() : '');
  if (typeof principal !== 'string') return null;
  return {
    principal: text(principal),
    issuer: text(issuer),
    client: text(client),
    transport: text(transport),
  };
}

function parseObject(text: string, index: number): JsonObject {
  const value: Json = JSON.parse(text);
  if (!isObject(value)) throw new Error(`record ${index} is not a JSON object`);
  return value;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNullableString(value: Json | undefined): value is string | null {
  return value === null || typeof value === 'string';
}

const RECORD_TYPES: Readonly<Record<RecordType, true>> = {
  'server.started': true,
  'server.stopped': true,
  'server.crashed': true,
  'config.loaded': true,
  'rules.loaded': true,
  'rules.rejected': true,
  'session.opened': true,
  'session.closed': true,
  'door.refused': true,
  'call.refused': true,
  'call.intent': true,
  'call.outcome': true,
  'api_key.created': true,
  'api_key.revoked': true,
  'console.signed_in': true,
  'console.signed_out': true,
  'record.read': true,
  'evidence.exported': true,
  'witness.failed': true,
  'witness.recovered': true,
  'timestamp.failed': true,
  'timestamp.recovered': true,
  'call.held': true,
  'approval.requested': true,
  'approval.asked': true,
  'approval.justified': true,
  'approval.decided': true,
  'approval.expired': true,
  'approval.revoked': true,
  'approval.used': true,
  'task.cancelled': true,
  'task.lost': true,
  'payload.erased': true,
  'payload.pruned': true,
  'payload.rekeyed': true,
  'hold.placed': true,
  'hold.released': true,
};

function isRecordType(value: Json | undefined): value is RecordType {
  return typeof value === 'string' && Object.hasOwn(RECORD_TYPES, value);
}
