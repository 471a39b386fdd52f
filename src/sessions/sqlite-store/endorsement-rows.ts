import type { DatabaseSync } from 'node:sqlite';
import type { KeptCosignature, KeptTimestamp } from '../endorsements.ts';
import { blobOf, numberOf, textOf, type Row } from '../row.ts';

export function putCosignature(db: DatabaseSync, { size, key, line, time }: KeptCosignature): void {
  db.prepare('INSERT INTO log_cosignature VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    size,
    key,
    line,
    time,
  );
}

export function putTimestamp(db: DatabaseSync, { size, token, genTime, at }: KeptTimestamp): void {
  db.prepare('INSERT INTO log_timestamp VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    size,
    token,
    genTime,
    at,
  );
}

/** 0 where the witness cosigned nothing. */
export function cosignedSize(db: DatabaseSync, key: string): number {
  const sql = 'SELECT coalesce(max(size), 0) AS size FROM log_cosignature WHERE key = ?';
  return numberOf(db.prepare(sql).get(key), 'size');
}

/** The note of the newest checkpoint, of all or of those that were cosigned, with its cosignatures. */
export function noteWithCosignatures(db: DatabaseSync, which: 'newest' | 'cosigned'): string | null {
  const sql =
    which === 'newest'
      ? 'SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1'
      : `SELECT size, note FROM log_checkpoint
          WHERE size = (SELECT max(size) FROM log_cosignature)`;
  const row = db.prepare(sql).get();
  if (row === undefined) return null;
  const lines = db
    .prepare('SELECT line FROM log_cosignature WHERE size = ? ORDER BY key')
    .all(numberOf(row, 'size'))
    .map((each) => `${textOf(each, 'line')}\n`);
  return `${textOf(row, 'note')}${lines.join('')}`;
}

const TIMESTAMPS = 'SELECT t.*, c.note FROM log_timestamp t JOIN log_checkpoint c ON c.size = t.size';

export function lastTimestamp(db: DatabaseSync): KeptTimestamp | null {
  const row = db.prepare(`${TIMESTAMPS} ORDER BY t.size DESC LIMIT 1`).get();
  return row === undefined ? null : timestampOf(row);
}

export function timestamps(
  db: DatabaseSync,
  after: number,
  limit: number,
): readonly (KeptTimestamp & { readonly note: string })[] {
  const sql = `${TIMESTAMPS} WHERE t.size > ? ORDER BY t.size LIMIT ?`;
  return db
    .prepare(sql)
    .all(after, limit)
    .map((row) => ({ ...timestampOf(row), note: textOf(row, 'note') }));
}

function timestampOf(row: Row): KeptTimestamp {
  return {
    size: numberOf(row, 'size'),
    token: blobOf(row, 'token'),
    genTime: numberOf(row, 'gen_time'),
    at: numberOf(row, 'at'),
  };
}
