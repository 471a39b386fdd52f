import { entryBundle } from '../log/bundle.ts';
import { HASH_BYTES } from '../log/merkle.ts';
import { TILE_WIDTH } from '../log/tree.ts';
import { textOf } from '../row.ts';
import type { Connection } from './connection.ts';
import { latestCheckpoint, readTile } from './log-rows.ts';

/** The first `width` hashes of a tile; null where no checkpoint covers all of them. */
export async function publishedTile(
  connection: Connection,
  level: number,
  index: number,
  width: number,
): Promise<Uint8Array | null> {
  if (!(await covered(connection, level, index, width))) return null;
  const tile = await readTile(connection, level, index);
  const bytes = width * HASH_BYTES;
  return tile === null || tile.length < bytes ? null : tile.slice(0, bytes);
}

/** The entries under the first `width` hashes of a tile of level 0; null where no checkpoint covers all of them. */
export async function publishedEntries(
  connection: Connection,
  index: number,
  width: number,
): Promise<Uint8Array | null> {
  if (!(await covered(connection, 0, index, width))) return null;
  const first = index * TILE_WIDTH;
  const sql = 'SELECT entry FROM event WHERE idx >= $1::bigint AND idx < $2::bigint ORDER BY idx';
  const rows = await connection.query(sql, first, first + width);
  return rows.length < width ? null : entryBundle(rows.map((row) => textOf(row, 'entry')));
}

/** What no signature covers yet is nobody's business: a reader could not check it. */
async function covered(
  connection: Connection,
  level: number,
  index: number,
  width: number,
): Promise<boolean> {
  const size = (await latestCheckpoint(connection))?.size ?? 0;
  return index * TILE_WIDTH + width <= Math.floor(size / TILE_WIDTH ** level);
}
