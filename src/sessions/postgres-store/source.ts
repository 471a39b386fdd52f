import { numberOf, textOf, type Row } from '../row.ts';
import { checkLimit } from '../page-limit.ts';
import type { RecordSource, SourcePayload, SourceRecord } from '../store.ts';
import type { Connection } from './connection.ts';
import { readTile } from './log-rows.ts';
import { MAX_PAGE_BYTES } from './reader.ts';
import { commitmentIn, PAYLOAD_COLUMNS, PAYLOAD_TABLES, payloadOf, type Vault } from './vault-rows.ts';

const MAX_PAGE_RECORDS = 4_096;

/** The log as it lies in the tables. */
export function sourceOf(
  read: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>,
  vault: Vault,
): RecordSource {
  return {
    records: (first, end) => read((connection) => sourceRecords(connection, first, end, vault)),
    checkpoints: async ({ from, to, lastOfDay = false, order, limit }) => {
      checkLimit(limit);
      const which = lastOfDay
        ? `size IN (SELECT max(size) FROM log_checkpoint WHERE size BETWEEN $1::bigint AND $2::bigint GROUP BY at / 86400000)`
        : 'size BETWEEN $1::bigint AND $2::bigint';
      const sql = `SELECT size, note, at FROM log_checkpoint WHERE ${which}
        ORDER BY size ${order === 'smallest_first' ? 'ASC' : 'DESC'} LIMIT $3::bigint`;
      // Infinity is a bound for others, and no number of the database's.
      const rows = await read((connection) => connection.query(sql, bounded(from), bounded(to), limit));
      return rows.map((row) => ({
        size: numberOf(row, 'size'),
        note: textOf(row, 'note'),
        at: numberOf(row, 'at'),
      }));
    },
    bounds: (from, to) => read((connection) => sourceBounds(connection, from, to)),
    tile: (level, index) => read((connection) => readTile(connection, level, index)),
  };
}

/** Throws where an index is missing: what is exported has no gap. */
async function sourceRecords(
  connection: Connection,
  first: number,
  end: number,
  vault: Vault,
): Promise<readonly SourceRecord[]> {
  const sql = `
    SELECT * FROM (
      SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS},
        coalesce(sum(octet_length(e.entry) + coalesce(octet_length(p.sealed), 0)) OVER (
          ORDER BY e.idx ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM ${PAYLOAD_TABLES}
      WHERE e.idx >= $1::bigint AND e.idx < $2::bigint ORDER BY e.idx LIMIT ${MAX_PAGE_RECORDS}
    ) AS page WHERE before <= ${MAX_PAGE_BYTES} ORDER BY idx`;
  const rows = await connection.query(sql, bounded(first), bounded(end));
  return rows.map((row, at) => {
    const index = numberOf(row, 'idx');
    if (index !== first + at) throw new Error(`record ${first + at} of the log is missing`);
    const entry = textOf(row, 'entry');
    return { index, entry, payload: sourcePayload(row, entry, vault) };
  });
}

function sourcePayload(row: Row, entry: string, vault: Vault): SourcePayload {
  const payload = payloadOf(row, vault);
  if (payload !== null) return { kind: 'kept', ...payload };
  return { kind: commitmentIn(entry) === null ? 'none' : 'missing' };
}

/** No index is over the time, and none is needed: the log is nearly in its order, so both ends are found soon. */
async function sourceBounds(
  connection: Connection,
  from: number,
  to: number,
): Promise<{ readonly first: number; readonly last: number } | null> {
  const [first] = await connection.query(
    'SELECT idx FROM event WHERE time >= $1::bigint ORDER BY idx LIMIT 1',
    bounded(from),
  );
  const [last] = await connection.query(
    'SELECT idx FROM event WHERE time < $1::bigint ORDER BY idx DESC LIMIT 1',
    bounded(to),
  );
  if (first === undefined || last === undefined) return null;
  const bounds = { first: numberOf(first, 'idx'), last: numberOf(last, 'idx') };
  return bounds.first <= bounds.last ? bounds : null;
}

function bounded(value: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
}
