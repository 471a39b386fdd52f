import type { Endorsements, KeptTimestamp } from '../endorsements.ts';
import { checkLimit } from '../page-limit.ts';
import { blobOf, numberOf, textOf, type Row } from '../row.ts';
import type { Connection } from './connection.ts';

type Use = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

/** What others said of checkpoints. `write` resolves once it is durable. */
export function endorsementsOf(read: Use, write: Use): Endorsements {
  return {
    keepCosignature: async ({ size, key, line, time }) => {
      const sql = `INSERT INTO log_cosignature VALUES ($1::bigint, $2::text, $3::text, $4::bigint)
        ON CONFLICT DO NOTHING`;
      await write((connection) => connection.query(sql, size, key, line, time));
    },
    keepTimestamp: async ({ size, token, genTime, at }) => {
      const sql = `INSERT INTO log_timestamp VALUES ($1::bigint, $2::bytea, $3::bigint, $4::bigint)
        ON CONFLICT DO NOTHING`;
      await write((connection) => connection.query(sql, size, token, genTime, at));
    },
    cosigned: () => read((connection) => noteWithCosignatures(connection, 'cosigned')),
    cosignedSize: async (key) => {
      const sql = 'SELECT coalesce(max(size), 0) AS size FROM log_cosignature WHERE key = $1::text';
      const [row] = await read((connection) => connection.query(sql, key));
      return numberOf(row, 'size');
    },
    lastTimestamp: async () => {
      const [row] = await read((connection) =>
        connection.query(`${TIMESTAMPS} ORDER BY t.size DESC LIMIT 1`),
      );
      return row === undefined ? null : timestampOf(row);
    },
    timestamps: async (after, limit) => {
      checkLimit(limit);
      const sql = `${TIMESTAMPS} WHERE t.size > $1::bigint ORDER BY t.size LIMIT $2::bigint`;
      const rows = await read((connection) => connection.query(sql, after, limit));
      return rows.map((row) => ({ ...timestampOf(row), note: textOf(row, 'note') }));
    },
  };
}

/** The note of the newest checkpoint, of all or of those that were cosigned, with its cosignatures. */
export async function noteWithCosignatures(
  connection: Connection,
  which: 'newest' | 'cosigned',
): Promise<string | null> {
  const [row] = await connection.query(
    which === 'newest'
      ? 'SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1'
      : 'SELECT size, note FROM log_checkpoint WHERE size = (SELECT max(size) FROM log_cosignature)',
  );
  if (row === undefined) return null;
  const sql = 'SELECT line FROM log_cosignature WHERE size = $1::bigint ORDER BY key';
  const lines = await connection.query(sql, numberOf(row, 'size'));
  return `${textOf(row, 'note')}${lines.map((each) => `${textOf(each, 'line')}\n`).join('')}`;
}

const TIMESTAMPS = 'SELECT t.*, c.note FROM log_timestamp t JOIN log_checkpoint c ON c.size = t.size';

function timestampOf(row: Row): KeptTimestamp {
  return {
    size: numberOf(row, 'size'),
    token: blobOf(row, 'token'),
    genTime: numberOf(row, 'gen_time'),
    at: numberOf(row, 'at'),
  };
}
