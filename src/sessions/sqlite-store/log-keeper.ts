import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { checkpointText, parseCheckpoint } from '../log/checkpoint.ts';
import { BadKeyFile, createKeyFile, readKeyFile } from '../log/key-file.ts';
import { HASH_BYTES } from '../log/merkle.ts';
import { openNote, type Signer } from '../log/note.ts';
import { replaceFile } from '../log/replace-file.ts';
import { grow, LogIncomplete, rootOf, TILE_WIDTH } from '../log/tree.ts';
import { StoreRefused } from '../store.ts';
import { latestCheckpoint, leafHashes, logSize, putCheckpoint, tilesOf, treeSize } from './log-rows.ts';

export interface LogSettings {
  /** Absolute. Made, with the public key beside it, where neither it nor a checkpoint exists. */
  readonly keyFile: string;
  /** Absolute. The latest checkpoint, outside the database: what tells that the database was put back. */
  readonly checkpointFile: string;
  /** The name of the log, which must be that of its key. Null: whatever the key says. */
  readonly origin: string | null;
}

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

export interface OpenedLog {
  readonly verifierKey: string;
  /** False where the database has checkpoints and there is none outside of it. */
  readonly keptOutside: boolean;
}

/** Records a step takes into the tree: some milliseconds, in which nothing is appended. */
const STEP_RECORDS = 2_048;

export function createLogKeeper(
  settings: LogSettings,
  transaction: <T>(work: (db: DatabaseSync) => T) => T,
): LogKeeper {
  const { keyFile, checkpointFile, origin } = settings;
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
    for (const path of [keyFile, checkpointFile]) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Read before the database: it is written after, and so is never ahead of it.
    const kept = readIfThere(checkpointFile);
    const found = signerIn(keyFile);
    if (found === null && (kept !== null || transaction(latestCheckpoint) !== null))
      throw damaged(`the key that signed it is missing: put ${keyFile} back where it was`);
    const key = found ?? createKeyFile(keyFile, origin);
    if (origin !== null && origin !== key.name)
      throw damaged(`record.origin is "${origin}", and ${keyFile} is the key of "${key.name}"`);
    const latest = transaction((db) => {
      const row = latestCheckpoint(db);
      sound(() => {
        checkTail(db);
        if (kept !== null) checkNote(db, kept, key.verifierKey, checkpointFile);
        if (row !== null) checkNote(db, row.note, key.verifierKey, 'the database');
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
      if (before !== null) sound(() => checkNote(db, before, key.verifierKey, 'memory'));
      const tiles = tilesOf(db);
      const from = treeSize(db);
      const leaves = leafHashes(db, from, STEP_RECORDS);
      if (leaves.length > 0) grow(tiles, from, leaves);
      const size = from + leaves.length / HASH_BYTES;
      if (size - from === STEP_RECORDS) return { more: true, note: null };
      const latest = latestCheckpoint(db);
      if (latest?.size === size) {
        if (latest.note !== last) sound(() => checkNote(db, latest.note, key.verifierKey, 'the database'));
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

/** What is missing in the tree is damage like any other. */
function sound(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof LogIncomplete ? damaged(error.message) : error;
  }
}

function signerIn(path: string): Signer | null {
  try {
    return readKeyFile(path);
  } catch (error) {
    throw error instanceof BadKeyFile ? new StoreRefused('log_damaged', error.message) : error;
  }
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

function checkNote(db: DatabaseSync, note: string, key: string, place: string): void {
  const text = openNote(note, key);
  if (text === null) throw damaged(`the checkpoint in ${place} is not signed by the key of this log`);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === null) throw damaged(`the checkpoint in ${place} is none`);
  const { size, root } = checkpoint;
  if (size > treeSize(db))
    throw damaged(
      `the checkpoint in ${place} is of ${size} records, and ${treeSize(db)} are left: it was put back or cut`,
    );
  if (Buffer.compare(rootOf(tilesOf(db), size), root) !== 0)
    throw damaged(`its first ${size} records are not those of the checkpoint in ${place}`);
}

const ADVICE =
  'Look with: sallyport verify. Then bring back what is missing from the newest copy. To go on without it, move the ' +
  'checkpoint file away and keep it: whoever has it can show what was lost';

function damaged(what: string): StoreRefused {
  return new StoreRefused('log_damaged', `the record is not what was signed: ${what}. ${ADVICE}`);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
