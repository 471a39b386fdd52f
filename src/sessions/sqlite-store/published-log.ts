import type { DatabaseSync } from 'node:sqlite';
import { entryBundle } from '../log/bundle.ts';
import { HASH_BYTES } from '../log/merkle.ts';
import { TILE_WIDTH } from '../log/tree.ts';
import { latestCheckpoint, tilesOf } from './log-rows.ts';
import { textOf } from '../row.ts';

/** The first `width` hashes of a tile; null where no checkpoint covers all of them. */
export function publishedTile(
  db: DatabaseSync,
  level: number,
  index: number,
  width: number,
): Uint8Array | null {
  if (!covered(db, level, index, width)) return null;
  const tile = tilesOf(db).read(level, index);
  const bytes = width * HASH_BYTES;
  return tile === null || tile.length < bytes ? null : tile.slice(0, bytes);
}

/** The entries under the first `width` hashes of a tile of level 0; null where no checkpoint covers all of them. */
export function publishedEntries(db: DatabaseSync, index: number, width: number): Uint8Array | null {
  if (!covered(db, 0, index, width)) return null;
  const first = index * TILE_WIDTH;
  const rows = db
    .prepare('SELECT entry FROM event WHERE idx >= ? AND idx < ? ORDER BY idx')
    .all(first, first + width);
  return rows.length < width ? null : entryBundle(rows.map((row) => textOf(row, 'entry')));
}

/** What no signature covers yet is nobody's business: a reader could not check it. */
function covered(db: DatabaseSync, level: number, index: number, width: number): boolean {
  const size = latestCheckpoint(db)?.size ?? 0;
  return index * TILE_WIDTH + width <= Math.floor(size / TILE_WIDTH ** level);
}
