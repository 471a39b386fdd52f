import { emptyRoot, fullRoot, HASH_BYTES, nodeHash } from './merkle.ts';

/**
 * Where the hashes of the tree are kept, as the tiles of C2SP tlog-tiles: a tile of level 0 holds the hashes of up to
 * 256 leaves, one of level L the roots of up to 256 full tiles of level L − 1. `index` counts tiles in their level.
 */
export interface Tiles {
  /** Null where there is no such tile. The last one of a level may hold fewer than 256 hashes. */
  readonly read: (level: number, index: number) => Uint8Array | null;
  /** Replaces the tile by one that begins with the same hashes. */
  readonly write: (level: number, index: number, hashes: Uint8Array) => void;
}

/** Something that the tree has taken in is no longer there: the file was changed by other hands. */
export class LogIncomplete extends Error {
  override readonly name = 'LogIncomplete';
}

/** Levels of the tree that one tile spans. */
const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/**
 * Adds hashes, one after the other in `added`, to a level that has `size` of them. A tile that becomes full adds its
 * root to the level above, so the tree needs nothing but its tiles to grow, and any process can go on with it.
 */
export function grow(tiles: Tiles, size: number, added: Uint8Array, level = 0): void {
  const count = added.length / HASH_BYTES;
  const roots: Uint8Array[] = [];
  for (let done = 0; done < count;) {
    const at = size + done;
    const index = Math.floor(at / TILE_WIDTH);
    const before = at % TILE_WIDTH;
    const taken = Math.min(TILE_WIDTH - before, count - done);
    const more = added.subarray(done * HASH_BYTES, (done + taken) * HASH_BYTES);
    const hashes = before === 0 ? more : Buffer.concat([row(tiles, level, index, 0, before), more]);
    tiles.write(level, index, hashes);
    if (before + taken === TILE_WIDTH) roots.push(fullRoot(hashes));
    done += taken;
  }
  if (roots.length > 0) grow(tiles, Math.floor(size / TILE_WIDTH), Buffer.concat(roots), level + 1);
}

/** The root of the first `size` leaves. Throws `LogIncomplete` where tiles are missing. */
export function rootOf(tiles: Pick<Tiles, 'read'>, size: number): Uint8Array {
  let root: Uint8Array | null = null;
  let rest = size;
  // The tree is a chain of full ones, the largest to the left: each bit of its size is one (RFC 6962 §2.1).
  for (let height = 0; rest > 0; height += 1) {
    const width = 2 ** height;
    if (rest % (2 * width) === 0) continue;
    rest -= width;
    const full = subtree(tiles, height, rest / width);
    root = root === null ? full : nodeHash(full, root);
  }
  return root ?? emptyRoot();
}

/** The hash over the full tree of 2^height leaves that begins at leaf `index` · 2^height. */
function subtree(tiles: Pick<Tiles, 'read'>, height: number, index: number): Uint8Array {
  const { level, tile, at, hashes } = subtreePlace(height, index);
  return fullRoot(row(tiles, level, tile, at, hashes));
}

/** The row of hashes whose root is that of the full tree of 2^height leaves that begins at leaf `index` · 2^height. */
export function subtreePlace(
  height: number,
  index: number,
): { readonly level: number; readonly tile: number; readonly at: number; readonly hashes: number } {
  const level = Math.floor(height / TILE_HEIGHT);
  const hashes = 2 ** (height % TILE_HEIGHT);
  const first = index * hashes;
  return { level, tile: Math.floor(first / TILE_WIDTH), at: first % TILE_WIDTH, hashes };
}

function row(
  tiles: Pick<Tiles, 'read'>,
  level: number,
  index: number,
  from: number,
  count: number,
): Uint8Array {
  const tile = tiles.read(level, index);
  const end = (from + count) * HASH_BYTES;
  if (tile === null || tile.length < end)
    throw new LogIncomplete(`tile ${level}/${index} of the log is incomplete`);
  return tile.subarray(from * HASH_BYTES, end);
}
