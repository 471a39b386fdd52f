import { HASH_BYTES, leafHash } from '../log/merkle.ts';
import { LogIncomplete, TILE_WIDTH, type Tiles } from '../log/tree.ts';
import { blobOf, numberOf, textOf } from '../row.ts';
import type { Connection } from './connection.ts';

/** Null where there is no such tile. */
export async function readTile(
  connection: Connection,
  level: number,
  index: number,
): Promise<Uint8Array | null> {
  const sql = 'SELECT hashes FROM log_tile WHERE level = $1::int AND idx = $2::bigint';
  const [row] = await connection.query(sql, level, index);
  return row === undefined ? null : blobOf(row, 'hashes');
}

/** Leaves that the tiles have. The tree follows the log: there may be more records. */
export async function treeSize(connection: Connection): Promise<number> {
  const sql =
    'SELECT idx, octet_length(hashes) AS bytes FROM log_tile WHERE level = 0 ORDER BY idx DESC LIMIT 1';
  const [last] = await connection.query(sql);
  return last === undefined
    ? 0
    : numberOf(last, 'idx') * TILE_WIDTH + Math.floor(numberOf(last, 'bytes') / HASH_BYTES);
}

/** Records in the log. */
export async function logSize(connection: Connection): Promise<number> {
  const [row] = await connection.query('SELECT coalesce(max(idx) + 1, 0) AS size FROM event');
  return numberOf(row, 'size');
}

/** The hashes of the records from `first` on, at most `limit` of them. Throws `LogIncomplete` where one is missing. */
export async function leafHashes(connection: Connection, first: number, limit: number): Promise<Uint8Array> {
  const sql = 'SELECT idx, entry FROM event WHERE idx >= $1::bigint AND idx < $2::bigint ORDER BY idx';
  const rows = await connection.query(sql, first, first + limit);
  return Buffer.concat(
    rows.map((row, at) => {
      if (numberOf(row, 'idx') !== first + at)
        throw new LogIncomplete(`record ${first + at} of the log is missing`);
      return leafHash(textOf(row, 'entry'));
    }),
  );
}

export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
  /** Milliseconds, by the clock of the database. */
  readonly age: number;
}

export async function latestCheckpoint(connection: Connection): Promise<CheckpointRow | null> {
  const [row] = await connection.query(`SELECT size, note,
      (extract(epoch FROM clock_timestamp() - made) * 1000)::bigint AS age
    FROM log_checkpoint ORDER BY size DESC LIMIT 1`);
  return row === undefined
    ? null
    : { size: numberOf(row, 'size'), note: textOf(row, 'note'), age: numberOf(row, 'age') };
}

/** `root` is hex, `at` epoch milliseconds. */
export async function putCheckpoint(
  connection: Connection,
  { size, note }: Pick<CheckpointRow, 'size' | 'note'>,
  root: string,
  at: number,
): Promise<void> {
  const sql =
    'INSERT INTO log_checkpoint (size, root, note, at) VALUES ($1::bigint, $2::text, $3::text, $4::bigint)';
  await connection.query(sql, size, root, note, at);
}

/** The key that signs this log: `mine` where there was none before. */
export async function claimKey(connection: Connection, mine: string): Promise<string> {
  const sql = 'INSERT INTO log_key (verifier_key) VALUES ($1::text) ON CONFLICT DO NOTHING';
  await connection.query(sql, mine);
  const [row] = await connection.query('SELECT verifier_key FROM log_key');
  return textOf(row, 'verifier_key');
}

/** A tile that was asked for and is not here yet. */
class TileWanted extends Error {
  readonly level: number;
  readonly index: number;

  constructor(level: number, index: number) {
    super(`tile ${level}/${index}`);
    this.level = level;
    this.index = index;
  }
}

/**
 * Runs work that reads tiles as if they were at hand: where one is not, it is fetched and the work is begun again, so it
 * must do nothing else. The tiles at the right edge of a tree of `size`, which are all that growing takes, are fetched
 * beforehand, in one round trip. What the work wrote is put into the database at the end.
 */
export async function overTiles<T>(
  connection: Connection,
  size: number,
  work: (tiles: Tiles) => T,
): Promise<T> {
  const here = await edge(connection, size);
  for (;;) {
    const written = new Map<
      string,
      { readonly level: number; readonly index: number; readonly hashes: Uint8Array }
    >();
    try {
      const value = work({
        read: (level, index) => {
          const name = `${level}/${index}`;
          const found = written.get(name)?.hashes ?? here.get(name);
          if (found === undefined) throw new TileWanted(level, index);
          return found;
        },
        write: (level, index, hashes) => void written.set(`${level}/${index}`, { level, index, hashes }),
      });
      for (const { level, index, hashes } of written.values())
        await connection.query(PUT_TILE, level, index, hashes);
      return value;
    } catch (error) {
      if (!(error instanceof TileWanted)) throw error;
      const { level, index } = error;
      here.set(`${level}/${index}`, await readTile(connection, level, index));
    }
  }
}

const PUT_TILE = `INSERT INTO log_tile VALUES ($1::int, $2::bigint, $3::bytea)
  ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes`;

/** The last tile of each level, as far as there are hashes in it; null for one that is missing. */
async function edge(connection: Connection, size: number): Promise<Map<string, Uint8Array | null>> {
  const levels: number[] = [];
  const places: number[] = [];
  for (let [level, hashes] = [0, size]; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    levels.push(level);
    places.push(Math.floor(hashes / TILE_WIDTH));
  }
  const rows = await connection.query(
    `SELECT level, idx, hashes FROM log_tile
     WHERE (level, idx) IN (SELECT * FROM unnest($1::int[], $2::bigint[]))`,
    levels,
    places,
  );
  const found = new Map<string, Uint8Array | null>(
    levels.map((level, at) => [`${level}/${places[at]}`, null]),
  );
  for (const row of rows)
    found.set(`${numberOf(row, 'level')}/${numberOf(row, 'idx')}`, blobOf(row, 'hashes'));
  return found;
}
