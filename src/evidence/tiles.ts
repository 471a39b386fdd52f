import { HASH_BYTES } from '../sessions/log/merkle.ts';
import type { TileReader } from '../sessions/log/proof.ts';
import { LogIncomplete, TILE_WIDTH } from '../sessions/log/tree.ts';

export interface PlacedTile {
  /** As C2SP tlog-tiles names it. */
  readonly path: string;
  readonly hashes: Uint8Array;
}

/** The tiles that lead from the root of `start` leaves to that of `end`: all that hold a hash of a leaf from `start` on. */
export async function* tilesBetween(
  tiles: TileReader,
  start: number,
  end: number,
): AsyncGenerator<PlacedTile> {
  for (let [level, from, to] = [0, start, end]; to > 0; level += 1) {
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index += 1) {
      const width = Math.min(TILE_WIDTH, to - index * TILE_WIDTH);
      const found = await tiles(level, index);
      if (found === null || found.length < width * HASH_BYTES)
        throw new LogIncomplete(`tile ${level}/${index} of the log is incomplete`);
      yield { path: tilePath(level, index, width), hashes: found.subarray(0, width * HASH_BYTES) };
    }
    [from, to] = [Math.floor(from / TILE_WIDTH), Math.floor(to / TILE_WIDTH)];
  }
}

/** `tile/<L>/<N>[.p/<W>]`: N in groups of three digits, all but the last with an x in front. */
function tilePath(level: number, index: number, width: number): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(String(rest % 1000).padStart(3, '0'));
  const number = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Proofs of neighbours read the same tiles: the last few are kept. */
export function remembering(tiles: TileReader): TileReader {
  const kept = new Map<string, Uint8Array | null>();
  return async (level, index) => {
    const key = `${level}/${index}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = await tiles(level, index);
    const [oldest] = kept.keys();
    if (kept.size >= 256 && oldest !== undefined) kept.delete(oldest);
    kept.set(key, found);
    return found;
  };
}
