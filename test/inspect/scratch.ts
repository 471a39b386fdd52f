import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { mysqlServer, postgresServer, type MissingServer } from '../contracts/servers.ts';
import { OWN_SCHEMA, SCHEMA } from './corpus.ts';
import type { SqlDialect } from '../../src/model/facts.ts';

export interface ShownColumn {
  readonly name: string;
  /** The stored table and column it shows unchanged, where the server says so. */
  readonly origin: { readonly table: string; readonly column: string } | null;
}

/** A database of its own on a real engine, to find out what statements do. */
export interface Scratch {
  readonly dialect: SqlDialect;
  /** What the engine answers: the columns of its result, or null where it refuses the statement. */
  readonly run: (statement: string) => Promise<readonly ShownColumn[] | null>;
  /** A digest of all rows, objects, settings, locks and the like. */
  readonly state: () => Promise<string>;
  /** Makes everything as it was at first. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const NAME = `sallyport_inspect_${process.pid}`;

export async function postgresScratch(): Promise<Scratch | MissingServer> {
  const server = await postgresServer();
  if ('missing' in server) return server;
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  let client: Client | null = null;
  const connect = async (): Promise<Client> => {
    if (client !== null) return client;
    const url = new URL(server.url);
    url.pathname = `/${NAME}`;
    client = new Client({ connectionString: url.href });
    client.on('error', () => {});
    await client.connect();
    await client.query("SET statement_timeout = '5s'; SET synchronous_commit = off");
    return client;
  };
  const create = async (): Promise<void> => {
    const { rows } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (rows.length === 0) await admin.query(`CREATE DATABASE ${NAME}`);
  };
  const drop = async (): Promise<void> => {
    await client?.end();
    client = null;
    await admin.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
  };
  return {
    dialect: 'postgres',
    async run(statement) {
      const connected = await connect();
      try {
        const answer: unknown = await connected.query(statement);
        const result = Array.isArray(answer) ? answer.at(-1) : answer;
        const fields: readonly { name: string; tableID: number; columnID: number }[] = result.fields;
        const { rows } = await connected.query<{ t: number; n: number; table: string; column: string }>(
          'SELECT c.oid::int AS t, a.attnum AS n, c.relname AS "table", a.attname AS "column" FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.oid = ANY ($1)',
          [fields.map(({ tableID }) => tableID)],
        );
        const columns = fields.map(({ name, tableID, columnID }): ShownColumn => ({
          name,
          origin: rows.find(({ t, n }) => t === tableID && n === columnID) ?? null,
        }));
        return columns;
      } catch {
        return null;
      }
    },
    async state() {
      const connected = await connect();
      const parts = POSTGRES_STATE.map((query) => `(SELECT jsonb_agg(to_jsonb(q)) FROM (${query}) q)`);
      const state = await connected
        .query(`SELECT jsonb_build_array(${parts.join(', ')})::text AS state`)
        .then(
          ({ rows }) => rows,
          (error: Error) => error.message,
        );
      return digest(state);
    },
    async reset() {
      // A new session, for settings and locks; a new schema, for a new database takes a second.
      await client?.end();
      client = null;
      await create();
      const connected = await connect();
      // In one text, and so in one transaction, which waits for the disk once.
      const anew = ['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...SCHEMA, ...OWN_SCHEMA.postgres];
      await connected.query([...anew, 'SELECT lo_unlink(oid) FROM pg_largeobject_metadata'].join('; '));
    },
    async close() {
      await drop();
      await admin.end();
      await server.stop();
    },
  };
}

const POSTGRES_STATE: readonly string[] = [
  'SELECT now() = statement_timestamp() AS alone',
  "SELECT relname, relkind, relhasindex, obj_description(oid) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'pg_toast', 'information_schema')) ORDER BY 1",
  "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1, 2",
  "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
  'SELECT rulename FROM pg_rewrite WHERE oid > 16383 ORDER BY 1',
  "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY 1",
  'SELECT current_user, session_user',
  'SELECT last_value, is_called FROM seq',
  "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
  'SELECT name FROM pg_cursors ORDER BY 1',
  'SELECT name FROM pg_prepared_statements ORDER BY 1',
  'SELECT pg_listening_channels()',
  'SELECT count(*) FROM pg_largeobject_metadata',
  "SELECT relname, query_to_xml(format('SELECT * FROM %s ORDER BY 1', oid::regclass), true, true, '')::text FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, pg_my_temp_schema()) ORDER BY 1",
];

export async function mysqlScratch(): Promise<Scratch | MissingServer> {
  const server = await mysqlServer();
  if ('missing' in server) return server;
  const admin = await mysql.createConnection(server.url);
  let client: mysql.Connection | null = null;
  const connect = async (): Promise<mysql.Connection> => {
    // Several statements in one text are let through, to see what they would do.
    client ??= await mysql.createConnection({ uri: server.url, database: NAME, multipleStatements: true });
    return client;
  };
  const drop = async (): Promise<void> => {
    client?.destroy();
    client = null;
    await admin.query(`DROP DATABASE IF EXISTS ${NAME}`);
  };
  let whole: string | null = null;
  const structure = async (): Promise<string> => {
    const parts: unknown[] = [];
    for (const query of MYSQL_STRUCTURE) parts.push((await admin.query(query))[0]);
    return digest(parts);
  };
  return {
    dialect: 'mysql',
    async run(statement) {
      const connected = await connect();
      try {
        const [, fields] = await connected.query(statement);
        const last: unknown = Array.isArray(fields?.[0]) ? fields.at(-1) : fields;
        if (!Array.isArray(last)) return [];
        return last.map(({ name, orgName, orgTable }: Record<string, string>) => ({
          name: name ?? '',
          origin: orgName && orgTable ? { table: orgTable, column: orgName } : null,
        }));
      } catch {
        return null;
      }
    },
    async state() {
      const connected = await connect();
      const parts: unknown[] = [];
      for (const query of [...MYSQL_STRUCTURE, ...MYSQL_SESSION])
        parts.push(
          await connected.query(query).then(
            ([rows]) => rows,
            (error: Error) => error.message,
          ),
        );
      const [tables] = await connected.query<mysql.RowDataPacket[]>(
        `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = '${NAME}' AND table_type = 'BASE TABLE' ORDER BY 1`,
      );
      for (const { t } of tables)
        parts.push(
          await connected.query(`SELECT * FROM ${NAME}.\`${t}\` ORDER BY 1`).then(
            ([rows]) => rows,
            (error: Error) => error.message,
          ),
        );
      return digest(parts);
    },
    async reset() {
      client?.destroy();
      client = null;
      // A dropped connection holds its locks until the server notices.
      await sleep(5);
      if (whole !== null && (await structure()) === whole) {
        // Only rows changed: a new database costs half a second, new rows next to nothing.
        const connected = await connect();
        for (const table of ['customers', 'orders', 'empty_one'])
          await connected.query(`DELETE FROM ${table}`);
        for (const statement of SCHEMA.filter((text) => text.startsWith('INSERT')))
          await connected.query(statement);
        await connected.query('ALTER SEQUENCE seq RESTART 1');
        return;
      }
      await drop();
      await admin.query(`CREATE DATABASE ${NAME}`);
      const connected = await connect();
      for (const statement of [...SCHEMA, ...OWN_SCHEMA.mysql]) await connected.query(statement);
      whole = await structure();
    },
    async close() {
      await drop();
      await admin.end();
      await server.stop();
    },
  };
}

const MYSQL_STRUCTURE: readonly string[] = [
  `SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '${NAME}' ORDER BY 1`,
  `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${NAME}' ORDER BY 1, 2`,
  `SELECT table_name, index_name FROM information_schema.statistics WHERE table_schema = '${NAME}' ORDER BY 1, 2`,
  `SELECT routine_name FROM information_schema.routines WHERE routine_schema = '${NAME}' ORDER BY 1`,
];

const MYSQL_SESSION: readonly string[] = [
  "SHOW SESSION VARIABLES WHERE variable_name IN ('sql_mode', 'autocommit', 'in_transaction', 'tx_isolation', 'sort_buffer_size', 'max_statement_time')",
  'SELECT database()',
  'SELECT @a',
  "SELECT IS_USED_LOCK('sallyport_inspect') IS NOT NULL",
];

export function sqliteScratch(): Scratch {
  let db = new DatabaseSync(':memory:');
  const rowsOf = (query: string): unknown => {
    try {
      return db.prepare(query).all();
    } catch (error) {
      return String(error);
    }
  };
  return {
    dialect: 'sqlite',
    async run(statement) {
      try {
        // `prepare` takes the first statement only, and the rest must be seen to run.
        const prepared = db.prepare(statement);
        const columns = prepared.columns();
        db.exec(statement);
        return columns.map(({ name, column, table }) => ({
          name,
          origin: column === null || table === null ? null : { table, column },
        }));
      } catch {
        return null;
      }
    },
    async state() {
      const parts = [
        'PRAGMA database_list',
        'SELECT name, sql FROM sqlite_schema ORDER BY 1',
        ...PRAGMAS.map((name) => `PRAGMA ${name}`),
      ].map(rowsOf);
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").all();
      return digest([
        ...parts,
        db.isTransaction,
        ...tables.map(({ name }) => rowsOf(`SELECT * FROM "${String(name)}" ORDER BY 1`)),
      ]);
    },
    async reset() {
      db.close();
      db = new DatabaseSync(':memory:');
      for (const statement of [...SCHEMA, ...OWN_SCHEMA.sqlite]) db.exec(statement);
    },
    async close() {
      db.close();
    },
  };
}

const PRAGMAS = [
  'user_version',
  'foreign_keys',
  'journal_mode',
  'writable_schema',
  'query_only',
  'synchronous',
  'application_id',
  'recursive_triggers',
];

function digest(parts: unknown): string {
  const text = JSON.stringify(parts, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
