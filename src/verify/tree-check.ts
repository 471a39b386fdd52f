import { explain, type Mismatch } from './explain-mismatches.ts';
import type { Findings } from './finding.ts';
import { createRunningRoot } from './merkle-root.ts';
import type { RecordSource } from './record-source.ts';

/** A root that the key signed. */
export interface SignedRoot {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Whether it is the one that was kept outside of the database. */
  readonly kept: boolean;
}

export interface TreeCheck {
  /** The next record. */
  add(index: number, leaf: Buffer): Promise<void>;
  /** After the last record. */
  end(): Promise<void>;
}

const TILE_WIDTH = 256;
const HASH_BYTES = 32;
const MAX_MISMATCHES = 20_000;

/**
 * Follows two trees at once: the one over the hashes that the record keeps in its tiles, and the one over its records.
 * Where the signed roots are those of the first, a record that differs from its hash is named; where they are those of
 * the second, the tiles were edited and the records were not. `roots` by size.
 */
export function createTreeCheck(
  source: Pick<RecordSource, 'tile'>,
  roots: readonly SignedRoot[],
  findings: Findings,
): TreeCheck {
  const mismatches: Mismatch[] = [];
  const unexplained: SignedRoot[] = [];
  /** Of `roots`, how many were reached. */
  let reached = 0;
  let cached: { readonly index: number; readonly hashes: Buffer } = { index: -1, hashes: Buffer.alloc(0) };
  let records = 0;
  let leaves = 0;
  let gaps = false;
  /** Records are missing, and so are their hashes: nothing after them has a place. */
  let lost = false;
  let untold = true;
  const signedInside = roots.findLast((each) => !each.kept)?.size ?? 0;
  let lastGood = 0;
  let tilesWrongBelow = 0;

  /** Hashes over full tiles that are to be compared with the tile above. */
  let above: { readonly level: number; readonly place: number; readonly hash: Buffer }[] = [];
  const kept = createRunningRoot((level, place, hash) => void above.push({ level, place, hash }));
  const actual = createRunningRoot();

  async function compareAbove(): Promise<void> {
    const full = above;
    above = [];
    for (const { level, place, hash } of full) {
      const tile = await source.tile(level, Math.floor(place / TILE_WIDTH));
      const at = (place % TILE_WIDTH) * HASH_BYTES;
      if (!tile.subarray(at, at + HASH_BYTES).equals(hash))
        findings.add('tiles_edited', null, `hash ${place} of level ${level} is not that of the tiles below`);
    }
  }

  async function keptLeaf(index: number): Promise<Buffer | null> {
    const tile = Math.floor(index / TILE_WIDTH);
    if (cached.index !== tile) cached = { index: tile, hashes: await source.tile(0, tile) };
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    const leaf = cached.hashes.subarray(at, at + HASH_BYTES);
    return leaf.length === HASH_BYTES ? leaf : null;
  }

  async function grow(leaf: Buffer): Promise<void> {
    kept.add(leaf);
    leaves += 1;
    if (above.length > 0) await compareAbove();
    for (let next = roots[reached]; next?.size === leaves; next = roots[reached]) {
      reached += 1;
      compare(next);
    }
  }

  function compare(signed: SignedRoot): void {
    const ofRecords = !gaps && records === signed.size && actual.root().toString('hex') === signed.root;
    const ofTiles = kept.root().toString('hex') === signed.root;
    if (ofRecords && !ofTiles) {
      const message = `the tiles over the first ${signed.size} records were edited; the records were not`;
      if (tilesWrongBelow === 0) findings.add('tiles_edited', null, message);
      tilesWrongBelow = signed.size;
    }
    if (ofRecords || ofTiles) lastGood = signed.size;
    else unexplained.push(signed);
  }

  return {
    async add(index, leaf) {
      if (lost) return;
      if (index < leaves)
        return findings.add('record_inserted', index, `record ${index} is outside of the log`);
      const from = leaves;
      while (leaves < index) {
        const missing = await keptLeaf(leaves);
        if (missing === null) break;
        await grow(missing);
      }
      if (from < index) {
        gaps = true;
        findings.add('record_deleted', from, `${range(from, index - 1)} deleted`);
      }
      lost = leaves < index;
      if (lost) return;
      records += 1;
      actual.add(leaf);
      const was = await keptLeaf(index);
      if (was === null && index < signedInside && untold) {
        untold = false;
        findings.add(
          'tiles_edited',
          null,
          `hashes are missing in the tiles, from that of record ${index} on`,
        );
      }
      if (was !== null && !was.equals(leaf) && mismatches.length < MAX_MISMATCHES)
        mismatches.push({ index, is: leaf.toString('hex'), was: was.toString('hex') });
      await grow(was ?? leaf);
    },

    async end() {
      const end = leaves;
      for (let more = await keptLeaf(leaves); more !== null; more = await keptLeaf(leaves)) await grow(more);
      const shifted = await explain(
        mismatches.filter(({ index }) => index >= tilesWrongBelow),
        async (index) => (await keptLeaf(index))?.toString('hex') ?? null,
        findings,
      );
      const signed = Math.max(leaves, signedInside);
      if (signed > end && !shifted && !lost)
        findings.add('truncated', end, `the log was cut: ${range(end, signed - 1)} gone`);
      for (const root of unexplained) rewritten(root);
      for (const { size } of roots.slice(reached).filter((each) => each.kept))
        findings.add(
          'rolled_back',
          leaves,
          `the checkpoint that was kept is of ${size} records, and the database knows of ${signed}: it was put back or cut`,
        );
    },
  };

  function rewritten({ size, root, kept: outside }: SignedRoot): void {
    const rival = roots.find((other) => other.size === size && other.kept !== outside && other.root !== root);
    if (rival !== undefined) {
      if (!outside) return;
      const message = `two histories of ${size} records are signed with one key: the one in the database and the one that was kept`;
      findings.add('two_histories', null, message);
      return;
    }
    const message = `records ${lastGood} to ${size - 1} are not those that were signed${outside ? ', as the checkpoint that was kept shows' : ''}`;
    findings.add('history_rewritten', lastGood, message);
  }
}

function range(first: number, last: number): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`;
}
