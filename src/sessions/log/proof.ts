import { emptyRoot, fullRoot, HASH_BYTES, nodeHash } from './merkle.ts';
import { LogIncomplete, subtreePlace } from './tree.ts';

/** Where the hashes of a tree are read, as far as a tile has them: null or short where it has fewer. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array | null>;

/** Leaves `from` to before `to`: what one hash of a proof is over. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The hashes that lead from leaf `index` to the root over the first `size` leaves, the leaf's neighbour first (RFC 9162
 * §2.1.3.1). Throws `RangeError` where there is no such leaf, `LogIncomplete` where tiles are missing.
 */
export async function inclusionProof(
  tiles: TileReader,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  if (!Number.isInteger(index) || index < 0 || index >= size)
    throw new RangeError(`a tree of ${size} has no leaf ${index}`);
  const path: Range[] = [];
  for (let [from, to] = [0, size]; to - from > 1;) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  return await hashesOf(tiles, path.toReversed());
}

/**
 * The hashes that show that the first `older` leaves of the tree of `newer` are the tree of `older` (RFC 9162 §2.1.4.1).
 * Empty where they are the same tree or the older one is empty. Throws as `inclusionProof` does.
 */
export async function consistencyProof(
  tiles: TileReader,
  older: number,
  newer: number,
): Promise<readonly Uint8Array[]> {
  if (!Number.isInteger(older) || older < 0 || older > newer)
    throw new RangeError(`a tree of ${newer} does not go on from one of ${older}`);
  if (older === 0 || older === newer) return [];
  const path: Range[] = [];
  let [from, to] = [0, newer];
  while (to !== older) {
    const middle = from + largestPowerBelow(to - from);
    if (older <= middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  // Whoever has the older root has this hash where it is that root.
  if (from !== 0) path.push({ from, to });
  return await hashesOf(tiles, path.toReversed());
}

/** The root over the first `size` leaves. */
export async function rootFrom(tiles: TileReader, size: number): Promise<Uint8Array> {
  return size === 0 ? emptyRoot() : await hashOf(tiles, { from: 0, to: size });
}

async function hashesOf(tiles: TileReader, path: readonly Range[]): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const range of path) hashes.push(await hashOf(tiles, range));
  return hashes;
}

async function hashOf(tiles: TileReader, { from, to }: Range): Promise<Uint8Array> {
  const width = to - from;
  const below = largestPowerBelow(width);
  if (width !== 1 && width !== 2 * below)
    return nodeHash(
      await hashOf(tiles, { from, to: from + below }),
      await hashOf(tiles, { from: from + below, to }),
    );
  const { level, tile, at, hashes } = subtreePlace(Math.log2(width), from / width);
  const found = await tiles(level, tile);
  const end = (at + hashes) * HASH_BYTES;
  if (found === null || found.length < end)
    throw new LogIncomplete(`tile ${level}/${tile} of the log is incomplete`);
  return fullRoot(found.subarray(at * HASH_BYTES, end));
}

/** For 2 and more. RFC 9162 calls it k. */
function largestPowerBelow(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}
