import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import { NotARecord, type RecordSource } from './record-source.ts';

/** A PostgreSQL database that holds a record, and who reads it. */
export interface RecordDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: ConnectionOptions | false;
  /** The schema that the tables are in. */
  readonly schema: string;
}

type Row = Readonly<Record<string, unknown>>;

/** Rows that are fetched at a time: an entry has at most 64 KiB, and a payload a few times that. */
const FETCH_ROWS = 500;
const CONNECT_MS = 10_000;

/**
 * Opens one snapshot of a record in PostgreSQL: whatever is committed meanwhile is not in it. Takes no lock that anybody
 * waits for, and may be pointed at a replica, where a long look costs the gateways nothing.
 */
export async function openRecordDatabase(place: RecordDatabase): Promise<RecordSource> {
  const { host, port, user, database, ssl, schema } = place;
  const client = new Client({
    host,
    port,
    user,
    // A function, because the driver takes an empty password for a missing one and looks into the environment.
    password: () => place.password,
    database,
    ssl,
    application_name: 'sallyport verify',
    connectionTimeoutMillis: CONNECT_MS,
  });
  // Whatever waits for an answer is told; an error that nobody waits for would end the process.
  client.on('error', () => undefined);

  async function rows(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await client.query<Row>(text, Array.from(values))).rows;
  }

  /** All rows of a query, some at a time. */
  async function* each(cursor: string, query: string): AsyncIterable<Row> {
    await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`);
    for (;;) {
      const some = await rows(`FETCH ${FETCH_ROWS} FROM ${cursor}`);
      yield* some;
      if (some.length < FETCH_ROWS) break;
    }
    await client.query(`CLOSE ${cursor}`);
  }

  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await rows("SELECT set_config('search_path', quote_ident($1) || ', pg_temp', true)", [schema]);
    const [found] = await rows("SELECT to_regclass('log_checkpoint') AS log, to_regclass('event') AS event");
    if (found?.['log'] === null || found?.['event'] === null)
      throw new NotARecord(`the schema ${schema} holds no record of Sallyport`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    async *records() {
      const sql = `SELECT e.idx::text AS idx, e.type, e.time::text AS time, e.session, e.call, e.entry, p.key::text AS key, p.sealed
        FROM event e LEFT JOIN payload p ON p.idx = e.idx ORDER BY e.idx`;
      for await (const { idx, type, time, session, call, entry, key, sealed } of each('records', sql))
        yield {
          index: Number(idx),
          type,
          time: Number(time),
          session,
          call,
          entry: typeof entry === 'string' ? entry : '',
          payload:
            typeof key === 'string' && Buffer.isBuffer(sealed)
              ? { kind: 'sealed', key: Number(key), bytes: sealed }
              : null,
        };
    },
    async *entriesOf(types) {
      // Types are words of this program: nothing of a record is in the statement.
      const list = types.map((type) => client.escapeLiteral(type)).join(', ');
      const sql = `SELECT idx::text AS idx, entry FROM event WHERE type IN (${list}) ORDER BY event.idx`;
      for await (const { idx, entry } of each('entries', sql))
        if (typeof entry === 'string') yield { index: Number(idx), entry };
    },
    async *checkpoints() {
      const sql = 'SELECT size::text AS size, note FROM log_checkpoint ORDER BY log_checkpoint.size';
      for await (const { size, note } of each('checkpoints', sql))
        yield { size: Number(size), note: typeof note === 'string' ? note : '' };
    },
    tile: async (level, index) => {
      const [tile] = await rows('SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2', [level, index]);
      const hashes = tile?.['hashes'];
      return Buffer.isBuffer(hashes) ? hashes : Buffer.alloc(0);
    },
    payloadKey: async () => {
      const [vault] = await rows('SELECT master FROM vault');
      const master = vault?.['master'];
      return typeof master === 'string' ? master : null;
    },
    dataKey: async (id) => {
      const [key] = await rows('SELECT scope, wrapped FROM data_key WHERE id = $1', [id]);
      const { scope, wrapped } = key ?? {};
      return typeof scope === 'string' && Buffer.isBuffer(wrapped) ? { scope, wrapped } : null;
    },
    close: () => client.end(),
  };
}
