import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import type { ConnectorOptions } from '../../src/connectors/options.ts';
import type { Json } from '../../src/model/json.ts';
import type { ConnectionKind } from '../../src/model/tool.ts';
import type { MissingServer } from './servers.ts';
import { mysqlServer, postgresServer } from './servers.ts';

/** A real backend with a scratch database, as the contract suite uses it. */
export interface TestBackend {
  readonly kind: ConnectionKind;
  /** How a connector is pointed at it; through a proxy's port where one is given. */
  options(changes?: {
    readonly port?: number;
    readonly readOnly?: boolean;
    readonly max?: number;
  }): ConnectorOptions;
  /** Port of the server; null where there is none. */
  readonly port: number | null;
  /** Runs SQL beside the connector, with the same database's own driver. */
  admin(sql: string): Promise<unknown[][]>;
  /** How many statements of connectors are running, other than the one that asks. */
  running(): Promise<number>;
  /** Ends every session of connectors at the server. */
  killSessions(): Promise<void>;
  /** Sessions that connectors hold open. */
  sessions(): Promise<number>;
  readonly sql: {
    /** Runs far longer than any test waits. */
    readonly slowRead: string;
    /** Would insert id 777 after as long. */
    readonly slowWrite: string;
    /** A result of so many rows, one integer column. */
    series(rows: number): string;
    /** One cell of so many bytes. */
    bigCell(bytes: number): string;
    /** Leaves something in the session; then, what must not be seen of it; and what is seen in a fresh session. */
    readonly leaks: readonly {
      readonly leave: string;
      readonly writes: boolean;
      readonly look: string;
      readonly fresh: Json;
    }[];
    /** A write that returns ids 1..n. */
    insertReturning(n: number): string;
    /** Writes that must fail under a permit that says read. */
    readonly writesInDisguise: readonly string[];
    /** Expressions and the cells they must become. */
    readonly values: readonly (readonly [sql: string, cell: Json])[];
  };
  stop(): Promise<void>;
}

const DATABASE = `sallyport_connectors_${process.pid}`;

const DISGUISED = [
  "INSERT INTO items (id, name) VALUES (99, 'x')",
  'UPDATE items SET name = NULL',
  'DELETE FROM items',
  'CREATE TABLE sneaked (a int)',
  'CREATE TEMPORARY TABLE sneaked (a int)',
  'DROP TABLE items',
] as const;

export async function sqliteBackend(): Promise<TestBackend> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'));
  const path = join(directory, 'data.db');
  const run = (sql: string): unknown[][] => {
    const database = new DatabaseSync(path);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement.all() as unknown as unknown[][];
    } finally {
      database.close();
    }
  };
  run('PRAGMA journal_mode = WAL');
  const children = (): number[] =>
    readdirSync(`/proc/${process.pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  const workers = (): number[] =>
    children().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sqlite/worker'));
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';
  return {
    kind: 'sqlite',
    port: null,
    options: ({ readOnly, max } = {}) => ({
      kind: 'sqlite',
      name: 'backend',
      path,
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(max === undefined ? {} : { pool: { max } }),
    }),
    admin: async (sql) => run(sql),
    // A process that waits for its next request sleeps; one that computes runs.
    running: async () =>
      workers().filter((pid) => / R /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))).length,
    killSessions: async () => {
      for (const pid of workers()) process.kill(pid, 'SIGKILL');
    },
    sessions: async () => workers().length,
    sql: {
      slowRead: `${endless} SELECT count(*) FROM c`,
      slowWrite: `INSERT INTO items (id) ${endless} SELECT 777 FROM c WHERE x < 0`,
      series: (rows) => `${endless} SELECT x FROM c LIMIT ${rows}`,
      bigCell: (bytes) => `SELECT hex(zeroblob(${bytes / 2})) AS big`,
      leaks: [],
      insertReturning: (n) =>
        `INSERT INTO many (id) WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ${n}) SELECT x FROM c RETURNING id`,
      writesInDisguise: [
        ...DISGUISED,
        `ATTACH '${path}' AS other`,
        `VACUUM INTO '${directory}/copy.db'`,
        'PRAGMA query_only = OFF',
        'PRAGMA user_version = 7',
        "SELECT load_extension('x')",
      ],
      values: [
        ['9223372036854775807', '9223372036854775807'],
        ['-9007199254740991', -9007199254740991],
        ["'12345678901234567890.1234567890'", '12345678901234567890.1234567890'],
        ['0.1', 0.1],
        ['9e999', 'Infinity'],
        ["x'00ff'", { base64: 'AP8=' }],
        ["''", ''],
        ["'😀 – naïve – \u202e'", '😀 – naïve – \u202e'],
        ['NULL', null],
      ],
    },
    stop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

export async function postgresBackend(): Promise<TestBackend | MissingServer> {
  const server = await postgresServer();
  if ('missing' in server) return server;
  const client = async (url: string): Promise<Client> => {
    const opened = new Client({ connectionString: url, application_name: 'test' });
    await opened.connect();
    return opened;
  };
  const owner = await client(server.url);
  await owner.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await owner.query(`CREATE DATABASE ${DATABASE}`);
  const url = new URL(server.url);
  url.pathname = `/${DATABASE}`;
  const beside = await client(url.href);
  const run = async (sql: string): Promise<unknown[][]> =>
    (await beside.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  const mine = `FROM pg_stat_activity WHERE datname = '${DATABASE}' AND application_name = 'sallyport'`;
  return {
    kind: 'postgres',
    port: Number(url.port || 5432),
    options: ({ port, readOnly, max } = {}) => {
      const to = new URL(url);
      if (port !== undefined) to.port = String(port);
      return {
        kind: 'postgres',
        name: 'backend',
        url: to.href,
        connectTimeoutMs: 2000,
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(max === undefined ? {} : { pool: { max } }),
      };
    },
    admin: run,
    running: async () => Number((await run(`SELECT count(*) ${mine} AND state = 'active'`))[0]![0]),
    sessions: async () => Number((await run(`SELECT count(*) ${mine}`))[0]![0]),
    killSessions: async () => void (await run(`SELECT pg_terminate_backend(pid) ${mine}`)),
    sql: {
      slowRead: 'SELECT pg_sleep(60)',
      slowWrite: 'INSERT INTO items (id) SELECT 777 FROM pg_sleep(60)',
      series: (rows) => `SELECT x FROM generate_series(1, ${rows}) AS x`,
      bigCell: (bytes) => `SELECT repeat('a', ${bytes}) AS big`,
      leaks: [
        {
          leave: "SET search_path = 'nowhere'",
          writes: true,
          look: "SELECT current_setting('search_path')",
          fresh: '"$user", public',
        },
        {
          leave: "SELECT set_config('sallyport.x', 'left', false)",
          writes: false,
          look: "SELECT coalesce(current_setting('sallyport.x', true), '')",
          fresh: '',
        },
        {
          leave: 'SELECT pg_advisory_lock(42)',
          writes: false,
          look: "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
          fresh: 0,
        },
        {
          leave: 'CREATE TEMPORARY TABLE items (id int)',
          writes: true,
          look: 'SELECT count(*)::int FROM items',
          fresh: 3,
        },
      ],
      insertReturning: (n) => `INSERT INTO many (id) SELECT generate_series(1, ${n}) RETURNING id`,
      writesInDisguise: [
        ...DISGUISED.filter((sql) => !sql.includes('TEMPORARY')),
        'TRUNCATE items',
        "SELECT nextval('counter')",
        'WITH gone AS (DELETE FROM items RETURNING id) SELECT id FROM gone',
        'SELECT id INTO sneaked FROM items',
        "SELECT set_config('transaction_read_only', 'off', true), id FROM items",
      ],
      values: [
        ['9223372036854775807::int8', '9223372036854775807'],
        ['42::int8', 42],
        [
          "'1234567890123456789012345678.0123456789'::numeric(38,10)",
          '1234567890123456789012345678.0123456789',
        ],
        ["'NaN'::float8", 'NaN'],
        ["'0.1'::float4", 0.1],
        ["'2024-01-02 03:04:05.123456+00'::timestamptz AT TIME ZONE 'UTC'", '2024-01-02 03:04:05.123456'],
        ["'2024-02-30'::text", '2024-02-30'],
        ["'infinity'::date", 'infinity'],
        ["interval '1 mon -2 days 03:04:05.6'", '1 mon -2 days +03:04:05.6'],
        [
          `'{"a":[1,{"b":null,"c":12345678901234567890,"d":1.5}]}'::jsonb`,
          { a: [1, { b: null, c: '12345678901234567890', d: 1.5 }] },
        ],
        ["'\\x00ff'::bytea", { base64: 'AP8=' }],
        ['ARRAY[1,NULL,3]', '{1,NULL,3}'],
        ['true', true],
        ["'😀 – naïve – \u202e'::text", '😀 – naïve – \u202e'],
        ['NULL::text', null],
      ],
    },
    async stop() {
      await beside.end();
      await owner.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await owner.end();
      await server.stop();
    },
  };
}

export async function mysqlBackend(): Promise<TestBackend | MissingServer> {
  const server = await mysqlServer();
  if ('missing' in server) return server;
  const url = new URL(server.url);
  const beside = await mysql.createConnection({ uri: url.href, rowsAsArray: true });
  const run = async (sql: string): Promise<unknown[][]> => {
    const [rows] = await beside.query(sql);
    return Array.isArray(rows) ? (rows as unknown[][]) : [];
  };
  await run(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await run(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await run(`USE ${DATABASE}`);
  url.pathname = `/${DATABASE}`;
  const mine = `FROM information_schema.processlist WHERE DB = '${DATABASE}' AND ID <> CONNECTION_ID()`;
  const series = (rows: number): string =>
    `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ${rows}) SELECT x FROM c`;
  return {
    kind: 'mysql',
    port: Number(url.port || 3306),
    options: ({ port, readOnly, max } = {}) => {
      const to = new URL(url);
      if (port !== undefined) to.port = String(port);
      return {
        kind: 'mysql',
        name: 'backend',
        url: to.href,
        connectTimeoutMs: 2000,
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(max === undefined ? {} : { pool: { max } }),
      };
    },
    admin: run,
    running: async () => Number((await run(`SELECT count(*) ${mine} AND COMMAND <> 'Sleep'`))[0]![0]),
    sessions: async () => Number((await run(`SELECT count(*) ${mine}`))[0]![0]),
    killSessions: async () => {
      for (const [id] of await run(`SELECT ID ${mine}`)) await run(`KILL ${Number(id)}`).catch(() => []);
    },
    sql: {
      slowRead: 'SELECT SLEEP(60)',
      slowWrite: 'INSERT INTO items (id) SELECT 777 + SLEEP(60)',
      series,
      bigCell: (bytes) => `SELECT REPEAT('a', ${bytes}) AS big`,
      leaks: [
        { leave: "SET @left = 'x'", writes: true, look: 'SELECT @left', fresh: null },
        { leave: "SELECT 'x' INTO @left", writes: false, look: 'SELECT @left', fresh: null },
        {
          leave: "SELECT GET_LOCK('sallyport', 0)",
          writes: false,
          look: "SELECT IS_FREE_LOCK('sallyport')",
          fresh: 1,
        },
        {
          leave: 'SET SESSION sql_select_limit = 1',
          writes: true,
          look: 'SELECT count(*) FROM (SELECT id FROM items) AS i',
          fresh: 3,
        },
        {
          leave: 'CREATE TEMPORARY TABLE items (id int)',
          writes: true,
          look: 'SELECT count(*) FROM items',
          fresh: 3,
        },
      ],
      insertReturning: (n) => `INSERT INTO many (id) ${series(n)} RETURNING id`,
      writesInDisguise: [...DISGUISED, 'TRUNCATE items', 'ALTER TABLE items ADD COLUMN sneaked int'],
      values: [
        ['CAST(18446744073709551615 AS UNSIGNED)', '18446744073709551615'],
        ['CAST(42 AS SIGNED)', 42],
        [
          "CAST('1234567890123456789012345678.0123456789' AS DECIMAL(38,10))",
          '1234567890123456789012345678.0123456789',
        ],
        ["CAST('2024-01-02 03:04:05.123456' AS DATETIME(6))", '2024-01-02 03:04:05.123456'],
        ["CAST('2024-02-29' AS DATE)", '2024-02-29'],
        ["CAST('-11:12:13.5' AS TIME(1))", '-11:12:13.5'],
        ['(SELECT doc FROM shapes)', { a: [1, { b: null, c: '12345678901234567890', d: 1.5 }] }],
        ["x'00ff'", { base64: 'AP8=' }],
        ["'😀 – naïve – \u202e'", '😀 – naïve – \u202e'],
        ['NULL', null],
      ],
    },
    async stop() {
      await run(`DROP DATABASE IF EXISTS ${DATABASE}`);
      await beside.end();
      await server.stop();
    },
  };
}
