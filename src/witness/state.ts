import { DatabaseSync } from 'node:sqlite';
import type { Latest } from './add-checkpoint.ts';

/** What a witness has cosigned: of each log the newest checkpoint, and nothing else. */
export interface WitnessState {
  /**
   * Runs `work` alone, over all processes on this state. What it puts is on disk when this returns; where it throws, or the
   * machine stops, nothing was put.
   */
  alone<T>(work: (rows: WitnessRows) => T): T;
  /** The cosigned note of the log whose origin has this SHA-256, in hex; null where there is none. */
  note(originHash: string): string | null;
  close(): void;
}

interface WitnessRows {
  readonly latest: (origin: string) => Latest | null;
  readonly put: (row: {
    readonly origin: string;
    readonly originHash: string;
    readonly size: number;
    readonly root: Buffer;
    readonly note: string;
  }) => void;
}

export function openState(path: string): WitnessState {
  const db = new DatabaseSync(path);
  // FULL: a cosignature that left for a checkpoint which a power cut then takes back would allow a second history.
  db.exec(`PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS cosigned (
      origin      TEXT PRIMARY KEY,
      origin_hash TEXT NOT NULL UNIQUE,
      size        INTEGER NOT NULL,
      root        BLOB NOT NULL,
      note        TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
  const read = db.prepare('SELECT size, root FROM cosigned WHERE origin = ?');
  const note = db.prepare('SELECT note FROM cosigned WHERE origin_hash = ?');
  // The size goes up or stays: a second look at what `judge` has made sure of.
  const put = db.prepare(`INSERT INTO cosigned VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note
    WHERE excluded.size >= size`);
  const rows: WitnessRows = {
    latest(origin) {
      const row = read.get(origin);
      if (row === undefined) return null;
      const { size, root } = row;
      if (typeof size !== 'number' || !(root instanceof Uint8Array))
        throw new Error('the state of this witness is damaged');
      return { size, root: Buffer.from(root) };
    },
    put(row) {
      const done = put.run(row.origin, row.originHash, row.size, row.root, row.note);
      if (Number(done.changes) !== 1) throw new Error('a smaller checkpoint than the last one');
    },
  };
  return {
    alone(work) {
      // The lock first: who reads before it may go on from what another is just replacing.
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work(rows);
        db.exec('COMMIT');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    note(originHash) {
      const text = note.get(originHash)?.['note'];
      return typeof text === 'string' ? text : null;
    },
    close: () => db.close(),
  };
}
