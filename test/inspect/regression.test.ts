import assert from 'node:assert/strict';
import { test } from 'node:test';
import mysql from 'mysql2/promise';
import { Client, type QueryResult } from 'pg';
import { inspectSql, loadParsers } from '../../src/inspect/sql/inspect-sql.ts';
import { mariadbMaterial, postgresMaterial, type Material } from './regression-material.ts';
import { mysqlServer, postgresServer } from '../contracts/servers.ts';
import type { SqlDialect, SqlFacts } from '../../src/model/facts.ts';

await loadParsers();

/**
 * The engines' own regression suites, run file by file on a server of our own. Whatever the facts say only reads must
 * leave no trace: no transaction id, no lock, no setting, no row.
 */
interface Engine {
  /** Runs it, and returns the columns it answered with; null where the server refuses it. */
  readonly run: (statement: string) => Promise<readonly Shown[] | null>;
  /** Runs a statement that is said to read, and says what trace it left. */
  readonly watch: (
    statement: string,
  ) => Promise<{ readonly shown: readonly Shown[] | null; readonly trace: string }>;
  readonly begin: (file: string) => Promise<void>;
}

interface Shown {
  readonly name: string;
  readonly origin: { readonly table: string; readonly column: string } | null;
}

interface Tally {
  statements: number;
  understood: number;
  calm: number;
  ran: number;
  traced: number;
  readonly wrong: string[];
}

async function prove(dialect: SqlDialect, materials: readonly Material[], engine: Engine): Promise<Tally> {
  const tally: Tally = { statements: 0, understood: 0, calm: 0, ran: 0, traced: 0, wrong: [] };
  await engine.begin('probe');
  await engine.run('CREATE TABLE sallyport_probe (a integer)');
  for (const write of PROBES) {
    const { trace } = await engine.watch(write);
    assert.notEqual(trace, '', `no trace of ${write}: the proof would prove nothing`);
  }
  for (const { file, statements } of materials) {
    await engine.begin(file);
    for (const statement of statements) {
      tally.statements += 1;
      const inspection = inspectSql(dialect, statement);
      if (!inspection.ok && inspection.notUnderstood.reason === 'crashed')
        tally.wrong.push(`${file}: crashed: ${statement}`);
      if (inspection.ok) tally.understood += 1;
      if (inspection.ok && !inspection.facts.writes && inspection.facts.statements === 1) {
        tally.calm += 1;
        const { shown, trace } = await engine.watch(statement);
        if (shown !== null) tally.ran += 1;
        if (trace !== '' && !isExpected(inspection.facts, trace))
          tally.wrong.push(`${file}: is said to read, and left ${trace}: ${statement}`);
        if (shown !== null) untold(inspection.facts, shown, tally, `${file}: ${statement}`);
      } else if (SETS_UP.test(statement)) await engine.run(statement);
    }
  }
  return tally;
}

const PROBES = [
  'INSERT INTO sallyport_probe VALUES (1)',
  'UPDATE sallyport_probe SET a = 2 WHERE a = 1',
  'DELETE FROM sallyport_probe WHERE a = 2',
];

/**
 * Traces of what changes nothing: planning takes the locks of what is planned, and reading `pg_sequences` those of its
 * sequences. `my_locks` is a view that calls a function: what a view does is not in the text, as the documentation says.
 */
function isExpected({ kinds, tables }: SqlFacts, trace: string): boolean {
  const onlyLocks = trace.split(', ').every((one) => /^the lock Row(?:Exclusive|Share)Lock$/.test(one));
  return (
    (onlyLocks && (kinds.includes('EXPLAIN') || tables.includes('pg_sequences'))) ||
    tables.includes('my_locks')
  );
}

/** What later statements of a file need. */
const SETS_UP =
  /^(?:create\s+(?:or\s+replace\s+)?(?:global\s+|local\s+)?(?:temp|temporary|unlogged|unique)?\s*(?:table|view|sequence|index|function|procedure|type|domain|operator|aggregate|schema|trigger|rule|materialized)|insert|update|delete|alter\s+table|drop\s+(?:table|view|function|type|schema|sequence|trigger|domain)|truncate|replace)\b/i;

/** Whether a column of a stored table shows in the result that the lineage does not name. */
function untold(facts: SqlFacts, shown: readonly Shown[], tally: Tally, where: string): void {
  if (!facts.kinds.every((kind) => kind === 'SELECT' || kind === 'VALUES')) return;
  const entries = facts.resultColumns;
  for (const [index, { name, origin }] of shown.entries()) {
    if (origin === null) continue;
    const column = origin.column.toLowerCase();
    const exact = entries !== null && entries.length === shown.length;
    const known = exact ? (entries[index] ?? []) : (entries?.flat() ?? []);
    tally.traced += 1;
    const told = known.includes(column) || known.includes('*') || (!exact && name.toLowerCase() === column);
    if (!told)
      tally.wrong.push(`${column} behind ${name} is not told (${JSON.stringify(entries)}): ${where}`);
  }
}

function report(
  what: string,
  { statements, understood, calm, ran, traced, wrong }: Tally,
  leastTraced: number,
): void {
  console.log(
    `# ${what}: ${statements} statements, ${understood} understood, ${calm} said to read, ${ran} of them ran, ${traced} columns traced`,
  );
  assert.deepEqual(wrong, []);
  assert.ok(
    calm > 1000 && ran > 500 && traced >= leastTraced,
    'the material is too little to prove anything',
  );
}

test('PostgreSQL: of its own regression suite, nothing that is said to read leaves a trace', async (t) => {
  const materials = postgresMaterial();
  if ('missing' in materials) {
    t.skip(materials.missing);
    return;
  }
  const server = await postgresServer({ own: [] });
  if ('missing' in server) {
    t.skip(server.missing);
    return;
  }
  let client = new Client({ connectionString: server.url });
  client.on('error', () => {});
  const query = async (text: string): Promise<QueryResult<Record<string, unknown>> | null> => {
    try {
      const answer: unknown = await client.query(text);
      const results: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
      const last = results.at(-1);
      return isResult(last) ? last : null;
    } catch {
      return null;
    }
  };
  const run: Engine['run'] = async (statement) => {
    const result = await query(statement);
    if (result === null) return null;
    const { rows = [] } =
      (await query(
        `SELECT c.oid::int AS t, a.attnum AS n, c.relname AS "table", a.attname AS "column" FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p', 'm', 'v') AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND c.oid = ANY ('{${(result.fields ?? []).map(({ tableID }) => tableID).join(',')}}')`,
      )) ?? {};
    return (result.fields ?? []).map(({ name, tableID, columnID }) => ({
      name,
      origin: originOf(rows.find((row) => row['t'] === tableID && row['n'] === columnID)),
    }));
  };
  try {
    const tally = await prove('postgres', materials, {
      run,
      async begin() {
        await client.end();
        client = new Client({ connectionString: server.url });
        client.on('error', () => {});
        await client.connect();
        await query("SET statement_timeout = '3s'; SET client_min_messages = error");
      },
      async watch(statement) {
        await query('ROLLBACK');
        const before = await query(SESSION);
        await query('BEGIN');
        const shown = await run(statement);
        const traces = shown === null ? null : await query(TRACES);
        await query(shown === null ? 'ROLLBACK' : 'COMMIT');
        const after = await query(SESSION);
        const session =
          JSON.stringify(before?.rows) === JSON.stringify(after?.rows) ? '' : 'a change of the session ';
        return {
          shown,
          trace: `${session}${(traces?.rows ?? []).map((row) => String(row['trace'])).join(', ')}`.trim(),
        };
      },
    });
    report(server.version, tally, 300);
  } finally {
    await client.end();
    await server.stop();
  }
});

function isResult(value: unknown): value is QueryResult<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

function originOf(row: Record<string, unknown> | undefined): Shown['origin'] {
  return row === undefined ? null : { table: String(row['table']), column: String(row['column']) };
}

/** What a reader never has: a transaction id, a lock above that of a reader, another session's attention. */
const TRACES = `
  SELECT 'a transaction id' AS trace WHERE pg_current_xact_id_if_assigned() IS NOT NULL
  UNION ALL SELECT 'the lock ' || mode FROM pg_locks WHERE pid = pg_backend_pid() AND (locktype IN ('advisory', 'tuple') OR (locktype = 'relation' AND mode <> 'AccessShareLock'))`;

const SESSION = `SELECT current_user, session_user, (SELECT json_agg(s) FROM (SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY 1) s),
  (SELECT json_agg(name) FROM pg_prepared_statements), (SELECT json_agg(name) FROM pg_cursors), (SELECT json_agg(c) FROM pg_listening_channels() c)`;

test('MariaDB: of its own regression suite, nothing that is said to read leaves a trace', async (t) => {
  const materials = mariadbMaterial();
  if ('missing' in materials) {
    t.skip(materials.missing);
    return;
  }
  const server = await mysqlServer({
    own: [
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--innodb-flush-method=nosync',
      '--userstat=1',
    ],
  });
  if ('missing' in server) {
    t.skip(server.missing);
    return;
  }
  let client: mysql.Connection | null = null;
  let known: string | null = null;
  const drop = (): void => {
    client?.destroy();
    client = null;
    known = null;
  };
  const connected = async (): Promise<mysql.Connection> => {
    if (client !== null) return client;
    client = await mysql.createConnection({ uri: server.url, multipleStatements: true, charset: 'utf8mb4' });
    client.on('error', () => {
      client = null;
    });
    await client.query('CREATE DATABASE IF NOT EXISTS test; USE test; SET SESSION max_statement_time = 2');
    return client;
  };
  const run: Engine['run'] = async (statement) => {
    known = null;
    try {
      const [, fields] = await (await connected()).query(statement);
      if (!Array.isArray(fields) || Array.isArray(fields[0])) return [];
      return fields.map(({ name, orgName, orgTable, db, schema }) => ({
        name,
        origin:
          orgName && orgTable && (db ?? schema) === 'test' ? { table: orgTable, column: orgName } : null,
      }));
    } catch {
      return null;
    }
  };
  const state = async (): Promise<string> => {
    const [rows] = await (await connected()).query(MARIADB_STATE.join('; '));
    return JSON.stringify(rows);
  };
  try {
    const tally = await prove('mysql', materials, {
      run,
      async begin() {
        drop();
        await run('DROP DATABASE IF EXISTS test');
        drop();
      },
      async watch(statement) {
        // What one statement left is what the next one finds.
        const before = known ?? (await state());
        const shown = await run(statement);
        const after = await state();
        known = after;
        return {
          shown: shown === null ? null : [],
          trace: before === after ? '' : `a change: ${differenceOf(before, after)}`,
        };
      },
    });
    report(server.version, tally, 0);
  } finally {
    await server.stop();
  }
});

/** Rows that the session has written, by the engine's own count, and what else it holds. */
const MARIADB_STATE = [
  // Handler_update and Handler_delete count the rows of temporary tables as well, so changed rows are asked for by table.
  'SELECT sum(rows_changed) AS changed FROM information_schema.table_statistics',
  "SHOW SESSION STATUS WHERE variable_name = 'Handler_write'",
  "SHOW SESSION VARIABLES WHERE variable_name NOT IN ('timestamp', 'rand_seed1', 'rand_seed2', 'last_insert_id', 'identity', 'error_count', 'warning_count', 'in_transaction', 'pseudo_thread_id', 'last_gtid')",
  'SELECT variable_name, variable_value FROM information_schema.user_variables ORDER BY 1',
  'SELECT database()',
];

function differenceOf(before: string, after: string): string {
  let at = 0;
  while (before[at] === after[at]) at += 1;
  return `${before.slice(Math.max(0, at - 60), at + 40)} → ${after.slice(Math.max(0, at - 20), at + 40)}`;
}
