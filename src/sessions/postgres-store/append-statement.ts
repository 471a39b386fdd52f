import type { EncodedRecord } from '../entry.ts';
import { sessionChanges } from '../session-rows.ts';
import { keyScope } from '../vault/scope.ts';
import { sealSalted } from '../vault/seal.ts';
import type { SqlValue } from './connection.ts';
import type { Sealing } from './vault-rows.ts';

/** What a batch leaves behind of itself. */
export interface Mark {
  readonly writer: string;
  readonly batch: number;
  /** Which of its guarded items were done, in order. */
  readonly done: readonly boolean[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Everything that a batch writes, in one statement and so in one round trip. */
export const APPEND = `SELECT append($1::text, $2::bigint, $3::text, $4::bigint,
  $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bytea[], $12::bigint,
  $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[])`;

/** The values of `APPEND`, with the payloads sealed. */
export function appendValues(
  mark: Mark,
  records: readonly EncodedRecord[],
  keys: Sealing,
): readonly SqlValue[] {
  const { writer, batch, done, at } = mark;
  const sessions = sessionChanges(records);
  const payloads = records.map((record) => sealedPayload(record, keys));
  return [
    writer,
    batch,
    done.map(Number).join(''),
    at,
    records.map(({ type }) => type),
    records.map(({ time }) => time),
    records.map(({ session }) => session),
    records.map(({ call }) => call),
    records.map(({ entry }) => entry),
    payloads.map((payload) => payload?.key ?? null),
    payloads.map((payload) => payload?.sealed ?? null),
    keys.erasures,
    sessions.map(({ id }) => id),
    sessions.map(({ about }) => storable(about?.principal)),
    sessions.map(({ about }) => storable(about?.issuer)),
    sessions.map(({ about }) => storable(about?.client)),
    sessions.map(({ about }) => storable(about?.transport)),
    sessions.map(({ openedAt }) => openedAt),
    sessions.map(({ closedAt }) => closedAt),
    sessions.map(({ lastAt }) => lastAt),
    sessions.map(({ calls }) => calls),
    sessions.map(({ refused }) => refused),
  ];
}

/** What the payloads of these records are sealed under. */
export function scopesOf(records: readonly EncodedRecord[]): readonly string[] {
  return records
    .filter(({ payload }) => payload !== null)
    .map(({ session, time }) => keyScope(session, time));
}

function sealedPayload(
  { session, time, payload, commitment }: EncodedRecord,
  keys: Sealing,
): { readonly key: number; readonly sealed: Uint8Array } | null {
  if (payload === null || commitment === null) return null;
  const { id, key } = keys.key(keyScope(session, time));
  return { key: id, sealed: sealSalted(key, Buffer.from(commitment, 'hex'), payload) };
}

/** PostgreSQL has no text with a NUL in it. Entries and payloads are JSON, which writes one as an escape. */
function storable(text: string | undefined): string | null {
  return text?.replaceAll('\0', '\ufffd') ?? null;
}
