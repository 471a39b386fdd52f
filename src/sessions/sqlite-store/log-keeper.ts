import type { DatabaseSync } from 'node:sqlite';
import { checkpointText } from '../log/checkpoint.ts';
import { checkNote, damaged, sound } from '../log/continuation.ts';
import { openKey, readKept, type LogSettings, type OpenedLog } from '../log/log-files.ts';
import { HASH_BYTES } from '../log/merkle.ts';
import type { Signer } from '../log/note.ts';
import { replaceFile } from '../log/replace-file.ts';
import { grow, rootOf, TILE_WIDTH } from '../log/tree.ts';
import { latestCheckpoint, leafHashes, logSize, putCheckpoint, tilesOf, treeSize } from './log-rows.ts';

/** Grows the Merkle tree over the log, and signs its states. */
export interface LogKeeper {
  /** Throws `StoreRefused` where the log is not a continuation of what was signed before. */
  open(): OpenedLog;
  /**
   * Takes records into the tree, and signs once all are in it. True where there were too many for one step. `at` is
   * epoch milliseconds. Only what was committed before is signed, so a signature never names what a crash takes back.
   */
  step(at: number): boolean;
}

/** Records a step takes into the tree: some milliseconds, in which nothing is appended. */
const STEP_RECORDS = 2_048;

export function createLogKeeper(
  settings: LogSettings,
  transaction: <T>(work: (db: DatabaseSync) => T) => T,
): LogKeeper {
  const { checkpointFile } = settings;
  let signer: Signer | null = null;
  /** The newest note that this process signed or was opened with: whatever it signs goes on from there. */
  let last: string | null = null;
  /** What this process last knew to be in the checkpoint file. */
  let outside: string | null = null;

  function putOutside(note: string): void {
    if (note === outside) return;
    replaceFile(checkpointFile, note);
    outside = note;
  }

  function open(): OpenedLog {
    const kept = readKept(settings);
    const key = openKey(settings, kept !== null || transaction(latestCheckpoint) !== null);
    const latest = transaction((db) => {
      const row = latestCheckpoint(db);
      sound(() => {
        checkTail(db);
        if (kept !== null) checkIn(db, kept, key.verifierKey, checkpointFile);
        if (row !== null) checkIn(db, row.note, key.verifierKey, 'the database');
      });
      return row;
    });
    signer = key;
    last = latest?.note ?? null;
    outside = kept;
    // A crash between the commit of a checkpoint and this file leaves the file behind.
    if (last !== null) putOutside(last);
    return { verifierKey: key.verifierKey, keptOutside: latest === null || kept !== null };
  }

  function step(key: Signer, at: number): boolean {
    const done = transaction((db) => {
      // Who exchanges the file under a running gateway would have it sign a second history.
      const before = last;
      if (before !== null) sound(() => checkIn(db, before, key.verifierKey, 'memory'));
      const tiles = tilesOf(db);
      const from = treeSize(db);
      const leaves = leafHashes(db, from, STEP_RECORDS);
      if (leaves.length > 0) grow(tiles, from, leaves);
      const size = from + leaves.length / HASH_BYTES;
      if (size - from === STEP_RECORDS) return { more: true, note: null };
      const latest = latestCheckpoint(db);
      if (latest?.size === size) {
        if (latest.note !== last) sound(() => checkIn(db, latest.note, key.verifierKey, 'the database'));
        return { more: false, note: latest.note };
      }
      if (size === 0) return { more: false, note: null };
      const root = rootOf(tiles, size);
      const note = key.sign(checkpointText({ origin: key.name, size, root }));
      putCheckpoint(db, { size, note }, Buffer.from(root).toString('hex'), at);
      return { more: false, note };
    });
    if (done.note === null) return done.more;
    last = done.note;
    // Also one that is in the database since the last step, where only this failed, or of another process.
    putOutside(done.note);
    return done.more;
  }

  return {
    open,
    // A thread in the place of one that died begins as a gateway does.
    step: (at) => {
      if (signer === null) open();
      if (signer === null) throw new Error('the log was not opened');
      return step(signer, at);
    },
  };
}

/** The records under the last tile are read again; the whole log is what `sallyport verify` reads. */
function checkTail(db: DatabaseSync): void {
  const size = treeSize(db);
  if (logSize(db) < size) throw damaged(`it has ${logSize(db)} records, and its tree has ${size}`);
  if (size === 0) return;
  const tile = Math.floor((size - 1) / TILE_WIDTH);
  const first = tile * TILE_WIDTH;
  const hashes = tilesOf(db).read(0, tile) ?? new Uint8Array();
  if (Buffer.compare(leafHashes(db, first, size - first), hashes) !== 0)
    throw damaged(`a record from ${first} to ${size - 1} was changed after it was written`);
}

function checkIn(db: DatabaseSync, note: string, key: string, place: string): void {
  checkNote(tilesOf(db), treeSize(db), { note, key, place });
}
