import type { DatabaseSync } from 'node:sqlite';
import { HASH_BYTES, leafHash } from '../log/merkle.ts';
import { LogIncomplete, TILE_WIDTH, type Tiles } from '../log/tree.ts';
import { blobOf, numberOf, textOf } from '../row.ts';

/** The tiles of the log as the database holds them. */
export function tilesOf(db: DatabaseSync): Tiles {
  const read = db.prepare('SELECT hashes FROM log_tile WHERE level = ? AND idx = ?');
  const write = db.prepare('INSERT OR REPLACE INTO log_tile VALUES (?, ?, ?)');
  return {
    read: (level, index) => {
      const row = read.get(level, index);
      return row === undefined ? null : blobOf(row, 'hashes');
    },
    write: (level, index, hashes) => void write.run(level, index, hashes),
  };
}

/** Leaves that the tiles have. The tree follows the log: there may be more records. */
export function treeSize(db: DatabaseSync): number {
  const sql = 'SELECT idx, length(hashes) AS bytes FROM log_tile WHERE level = 0 ORDER BY idx DESC LIMIT 1';
  const last = db.prepare(sql).get();
  return last === undefined
    ? 0
    : numberOf(last, 'idx') * TILE_WIDTH + Math.floor(numberOf(last, 'bytes') / HASH_BYTES);
}

/** Records in the log. */
export function logSize(db: DatabaseSync): number {
  return numberOf(db.prepare('SELECT coalesce(max(idx) + 1, 0) AS size FROM event').get(), 'size');
}

/** The hashes of the records from `first` on, at most `limit` of them. Throws `LogIncomplete` where one is missing. */
export function leafHashes(db: DatabaseSync, first: number, limit: number): Uint8Array {
  const sql = 'SELECT idx, entry FROM event WHERE idx >= ? AND idx < ? ORDER BY idx';
  const rows = db.prepare(sql).all(first, first + limit);
  return Buffer.concat(
    rows.map((row, at) => {
      if (numberOf(row, 'idx') !== first + at)
        throw new LogIncomplete(`record ${first + at} of the log is missing`);
      return leafHash(textOf(row, 'entry'));
    }),
  );
}

export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
}

export function latestCheckpoint(db: DatabaseSync): CheckpointRow | null {
  const row = db.prepare('SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1').get();
  return row === undefined ? null : { size: numberOf(row, 'size'), note: textOf(row, 'note') };
}

/** `root` is hex, `at` epoch milliseconds. */
export function putCheckpoint(db: DatabaseSync, row: CheckpointRow, root: string, at: number): void {
  db.prepare('INSERT INTO log_checkpoint VALUES (?, ?, ?, ?)').run(row.size, root, row.note, at);
}
