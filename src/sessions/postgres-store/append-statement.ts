import type { EncodedRecord } from '../entry.ts';
import { sessionChanges } from '../sqlite-store/session-rows.ts';
import type { SqlValue } from './connection.ts';

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
  $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
  $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
  $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])`;

/** The values of `APPEND`. */
export function appendValues(mark: Mark, records: readonly EncodedRecord[]): readonly SqlValue[] {
  const { writer, batch, done, at } = mark;
  const sessions = sessionChanges(records);
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
    records.map(({ payload }) => payload),
    records.map(({ salt }) => salt),
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

/** PostgreSQL has no text with a NUL in it. Entries and payloads are JSON, which writes one as an escape. */
function storable(text: string | undefined): string | null {
  return text?.replaceAll('\0', '\ufffd') ?? null;
}
