import type { DatabaseSync } from 'node:sqlite';
import type { CheckpointQuery, SourcePayload, SourceRecord, StoredCheckpoint } from '../store.ts';
import { PAYLOAD_COLUMNS, payloadOf } from './payload-rows.ts';
import { numberOf, textOf, type Row } from '../row.ts';
import type { Vault } from './vault-rows.ts';

export interface SourceBounds {
  readonly first: number;
  readonly last: number;
}

/** Where a page is cut, in characters. */
const MAX_PAGE = 4 * 1024 * 1024;
const MAX_PAGE_RECORDS = 4_096;

/** Throws where an index is missing: what is exported has no gap. */
export function sourceRecords(
  { db, vault }: { readonly db: DatabaseSync; readonly vault: Vault },
  first: number,
  end: number,
): readonly SourceRecord[] {
  const sql = `SELECT e.idx, e.entry, ${PAYLOAD_COLUMNS}, e.entry ->> '$.payload' IS NOT NULL AS committed
    FROM event e LEFT JOIN payload p ON p.idx = e.idx
    WHERE e.idx >= ? AND e.idx < ? ORDER BY e.idx LIMIT ?`;
  const page: SourceRecord[] = [];
  let size = 0;
  for (const row of db.prepare(sql).iterate(first, end, MAX_PAGE_RECORDS)) {
    const index = numberOf(row, 'idx');
    if (index !== first + page.length) throw new Error(`record ${first + page.length} of the log is missing`);
    const entry = textOf(row, 'entry');
    const payload = sourcePayload(row, vault);
    page.push({ index, entry, payload });
    size += entry.length + (payload.kind === 'kept' ? payload.body.length : 0);
    if (size > MAX_PAGE) break;
  }
  return page;
}

function sourcePayload(row: Row, vault: Vault): SourcePayload {
  const payload = payloadOf(row, vault);
  if (payload !== null) return { kind: 'kept', ...payload };
  return { kind: numberOf(row, 'committed') === 1 ? 'missing' : 'none' };
}

export function sourceCheckpoints(db: DatabaseSync, query: CheckpointQuery): readonly StoredCheckpoint[] {
  const { from, to, lastOfDay = false, order, limit } = query;
  const which = lastOfDay
    ? `size IN (SELECT max(size) FROM log_checkpoint WHERE size BETWEEN ?1 AND ?2 GROUP BY at / 86400000)`
    : 'size BETWEEN ?1 AND ?2';
  const sql = `SELECT size, note, at FROM log_checkpoint WHERE ${which}
    ORDER BY size ${order === 'smallest_first' ? 'ASC' : 'DESC'} LIMIT ?3`;
  return db
    .prepare(sql)
    .all(from, to, limit)
    .map((row) => ({ size: numberOf(row, 'size'), note: textOf(row, 'note'), at: numberOf(row, 'at') }));
}

/** No index is over the time, and none is needed: the log is nearly in its order, so both ends are found soon. */
export function sourceBounds(db: DatabaseSync, from: number, to: number): SourceBounds | null {
  const first = db.prepare('SELECT idx FROM event WHERE time >= ? ORDER BY idx LIMIT 1').get(from);
  const last = db.prepare('SELECT idx FROM event WHERE time < ? ORDER BY idx DESC LIMIT 1').get(to);
  if (first === undefined || last === undefined) return null;
  const bounds = { first: numberOf(first, 'idx'), last: numberOf(last, 'idx') };
  return bounds.first <= bounds.last ? bounds : null;
}
