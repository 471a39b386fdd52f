import { checkpointText } from '../log/checkpoint.ts';
import { checkNote, damaged, sound } from '../log/continuation.ts';
import { openKey, readKept, type LogSettings, type OpenedLog } from '../log/log-files.ts';
import { HASH_BYTES } from '../log/merkle.ts';
import type { Signer } from '../log/note.ts';
import { replaceFile } from '../log/replace-file.ts';
import { grow, LogIncomplete, rootOf, TILE_WIDTH } from '../log/tree.ts';
import type { Connection } from './connection.ts';
import { transaction, type Link } from './link.ts';
import {
  claimKey,
  latestCheckpoint,
  leafHashes,
  logSize,
  overTiles,
  putCheckpoint,
  readTile,
  treeSize,
} from './log-rows.ts';

/** Grows the Merkle tree over the log, and signs its states: of all gateways on the log, one at a time. */
export interface LogKeeper {
  /** Throws `StoreRefused` where the log is not a continuation of what was signed before, or is signed with another key. */
  open(): Promise<OpenedLog>;
  /**
   * Takes records into the tree, and signs once all are in it. Only what was committed before is signed. `at` is epoch
   * milliseconds. Unless it `mustSign`, it leaves a log alone that was signed within the interval.
   */
  step(at: number, mustSign: boolean): Promise<'done' | 'more' | 'later'>;
}

/** Records a step takes into the tree: some milliseconds of the gateway's own thread. */
const STEP_RECORDS = 512;

/** At most one checkpoint in this time, over all gateways. Milliseconds. */
const EVERY_MS = 900;

export function createLogKeeper(settings: LogSettings, link: Link): LogKeeper {
  const { checkpointFile } = settings;
  let signer: Signer | null = null;
  /** The newest note that this process signed, or found to go on from the one before. */
  let last: string | null = null;
  /** What this process last knew to be in the checkpoint file. */
  let outside: string | null = null;

  function putOutside(note: string): void {
    if (note === outside) return;
    replaceFile(checkpointFile, note);
    outside = note;
  }

  /** Of several notes, each in its place, whether the tree goes on from all of them. */
  async function check(
    connection: Connection,
    key: string,
    notes: readonly (readonly [note: string, place: string])[],
  ): Promise<void> {
    const size = await treeSize(connection);
    await overTiles(connection, size, (tiles) => {
      for (const [note, place] of notes) sound(() => checkNote(tiles, size, { note, key, place }));
    });
  }

  async function open(): Promise<OpenedLog> {
    const kept = readKept(settings);
    const opened = await link.through((connection) =>
      transaction(connection, async () => {
        await lock(connection, true);
        const latest = await latestCheckpoint(connection);
        const key = openKey(settings, kept !== null || latest !== null);
        if ((await claimKey(connection, key.verifierKey)) !== key.verifierKey)
          throw damaged(
            `${settings.keyFile} is another key than the one that signs it: all gateways on one record have the same`,
          );
        await checkTail(connection);
        const notes: (readonly [string, string])[] = [];
        if (kept !== null) notes.push([kept, checkpointFile]);
        if (latest !== null) notes.push([latest.note, 'the database']);
        await check(connection, key.verifierKey, notes);
        return { key, latest };
      }),
    );
    signer = opened.key;
    last = opened.latest?.note ?? null;
    outside = kept;
    // A crash between the commit of a checkpoint and this file leaves the file behind.
    if (last !== null) putOutside(last);
    return {
      verifierKey: opened.key.verifierKey,
      keptOutside: opened.latest === null || kept !== null,
    };
  }

  async function step(at: number, mustSign: boolean): Promise<'done' | 'more' | 'later'> {
    const key = signer;
    if (key === null) throw new Error('the log was not opened');
    const now = await link.through(async (connection) => ({
      size: await logSize(connection),
      latest: await latestCheckpoint(connection),
    }));
    const signed = now.latest?.size ?? 0;
    if (signed === now.size && (now.latest?.note ?? null) === last) {
      if (last !== null) putOutside(last);
      return 'done';
    }
    if (signed < now.size && !mustSign && now.latest !== null && now.latest.age < EVERY_MS) return 'later';
    const done = await link.through((connection) =>
      transaction(connection, () => sign(connection, key, at, mustSign)),
    );
    if (done.note !== null) {
      last = done.note;
      putOutside(done.note);
    }
    return done.next;
  }

  async function sign(
    connection: Connection,
    key: Signer,
    at: number,
    mustSign: boolean,
  ): Promise<{ readonly next: 'done' | 'more' | 'later'; readonly note: string | null }> {
    // Another gateway is at it.
    if (!(await lock(connection, mustSign))) return { next: 'later', note: null };
    const latest = await latestCheckpoint(connection);
    const size = await treeSize(connection);
    const leaves = await within(leafHashes(connection, size, STEP_RECORDS));
    const grown = size + leaves.length / HASH_BYTES;
    const complete = grown - size < STEP_RECORDS;
    const root = await overTiles(connection, size, (tiles) => {
      // Who exchanges the database under a running gateway would have it sign a second history.
      for (const [note, place] of [
        [last, 'memory'],
        [latest?.note ?? null, 'the database'],
      ] as const)
        if (note !== null) sound(() => checkNote(tiles, size, { note, key: key.verifierKey, place }));
      if (leaves.length > 0) grow(tiles, size, leaves);
      return complete && grown > 0 ? rootOf(tiles, grown) : null;
    });
    if (root === null) return { next: complete ? 'done' : 'more', note: null };
    if (latest?.size === grown) return { next: 'done', note: latest.note };
    const note = key.sign(checkpointText({ origin: key.name, size: grown, root }));
    await putCheckpoint(connection, { size: grown, note }, Buffer.from(root).toString('hex'), at);
    return { next: 'done', note };
  }

  return { open, step };
}

/** False where another process has it and it is not waited for. It ends with the transaction, however that ends. */
async function lock(connection: Connection, wait: boolean): Promise<boolean> {
  const rows = await connection.query(
    `SELECT 1 AS one FROM log_lock WHERE name = 'sign' FOR UPDATE ${wait ? '' : 'SKIP LOCKED'}`,
  );
  return rows.length > 0;
}

/** The records under the last tile are read again; the whole log is what `sallyport verify` reads. */
async function checkTail(connection: Connection): Promise<void> {
  const size = await treeSize(connection);
  const records = await logSize(connection);
  if (records < size) throw damaged(`it has ${records} records, and its tree has ${size}`);
  if (size === 0) return;
  const tile = Math.floor((size - 1) / TILE_WIDTH);
  const first = tile * TILE_WIDTH;
  const hashes = (await readTile(connection, 0, tile)) ?? new Uint8Array();
  if (Buffer.compare(await within(leafHashes(connection, first, size - first)), hashes) !== 0)
    throw damaged(`a record from ${first} to ${size - 1} was changed after it was written`);
}

/** What is missing in the log is damage like any other. */
async function within<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof LogIncomplete ? damaged(error.message) : error;
  }
}
