import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { BENIGN, DRESSES, HOSTILE, NESTS, OWN } from './corpus.ts';
import { functionIsKnown } from '../../src/inspect/sql/postgres/functions.ts';
import { postgresServer } from '../contracts/servers.ts';
import { inspectSql, loadParsers } from '../../src/inspect/sql/inspect-sql.ts';
import { mysqlScratch, postgresScratch, sqliteScratch, type Scratch, type ShownColumn } from './scratch.ts';
import type { SqlFacts } from '../../src/model/facts.ts';

await loadParsers();

/**
 * Runs the corpus on the real engine, in every dress and nested in every way. Where the facts say that a statement
 * only reads, nothing may be changed by it; and what the engine says a result column shows, the lineage must name.
 */
async function prove(scratch: Scratch): Promise<void> {
  const statements = [...BENIGN, ...HOSTILE, ...OWN[scratch.dialect]];
  const nested = statements.flatMap((statement) => NESTS.map((nest) => nest(statement)));
  const counts = { calm: 0, writes: 0, refused: 0, changed: 0, traced: 0 };
  await scratch.reset();
  let first = await scratch.state();
  for (const statement of [
    ...statements.flatMap((plain) => DRESSES.map((dress) => dress(plain))),
    ...nested,
  ]) {
    const inspection = inspectSql(scratch.dialect, statement);
    const columns = await scratch.run(statement);
    const changed = (await scratch.state()) !== first;
    const where = `${scratch.dialect}: ${statement}`;
    if (changed) {
      assert.ok(
        !inspection.ok || inspection.facts.writes,
        `is said to be calm, and changed something: ${where}`,
      );
      counts.changed += 1;
      await scratch.reset();
      first = await scratch.state();
    }
    if (!inspection.ok) counts.refused += 1;
    else {
      counts[inspection.facts.writes ? 'writes' : 'calm'] += 1;
      if (columns !== null) counts.traced += traced(inspection.facts, columns, where);
    }
  }
  // Guards against a suite that proves nothing: much was calm, much did change something, and columns were compared.
  assert.ok(counts.calm > 150 && counts.changed > 50 && counts.traced > 100, JSON.stringify(counts));
}

/** Compares lineage with what the engine says, and returns how many columns there were to compare. */
function traced(facts: SqlFacts, columns: readonly ShownColumn[], where: string): number {
  const { resultColumns } = facts;
  const inEntries = facts.kinds.some((kind) =>
    ['SHOW', 'DESCRIBE', 'PRAGMA', 'EXPLAIN', 'ANALYZE', 'CALL'].includes(kind),
  );
  // Statements of which another than the last may have answered are left to the unit tests.
  if (inEntries || facts.statements > 1) return 0;
  // MySQL and SQLite look through a view, which the text does not show.
  if (facts.tables.includes('v_customers')) return 0;
  assert.ok(
    resultColumns === null || resultColumns.length <= columns.length,
    `more columns than there are: ${where}`,
  );
  let compared = 0;
  for (const [index, { name, origin }] of columns.entries()) {
    if (origin === null || !STORED.get(origin.table.toLowerCase())?.includes(origin.column.toLowerCase()))
      continue;
    const column = origin.column.toLowerCase();
    const entries = resultColumns ?? [];
    const known = entries.length === columns.length ? (entries[index] ?? []) : entries.flat();
    const told =
      known.includes(column) ||
      known.includes('*') ||
      (entries.length !== columns.length && name.toLowerCase() === column);
    assert.ok(told, `${column} behind ${name} is not told (${JSON.stringify(resultColumns)}): ${where}`);
    const tables = facts.tables.map((table) => table.split('.').at(-1));
    assert.ok(tables.includes(origin.table.toLowerCase()), `${origin.table} is not told: ${where}`);
    compared += 1;
  }
  return compared;
}

/** Engines also call the columns of subqueries and the like an origin. */
const STORED: ReadonlyMap<string, readonly string[]> = new Map([
  ['customers', ['id', 'name', 'email', 'ssn', 'note']],
  ['orders', ['id', 'customer_id', 'total']],
  ['empty_one', ['id', 'a']],
]);

/** Volatile, but of the clock, of chance, of sizes on disk, or of the session's own numbers. */
const HARMLESS = new Set(
  `clock_timestamp timeofday random gen_random_uuid currval lastval pg_database_size pg_indexes_size pg_relation_size pg_table_size
  pg_total_relation_size pg_is_in_recovery bernoulli system`.split(/\s+/),
);

test('PostgreSQL: of its own functions, none that is said to be calm is volatile without a reason', async (t) => {
  const server = await postgresServer();
  if ('missing' in server) {
    t.skip(server.missing);
    return;
  }
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v'",
    );
    const calm = rows
      .map(({ name }) => name)
      .filter((name) => functionIsKnown([name]).calm && !HARMLESS.has(name));
    assert.deepEqual(calm, []);
  } finally {
    await client.end();
    await server.stop();
  }
});

for (const [name, open] of [
  ['PostgreSQL', postgresScratch],
  ['MySQL or MariaDB', mysqlScratch],
  ['SQLite', async () => sqliteScratch()],
] as const) {
  test(`${name}: no statement that is said to read changes anything, and no column escapes its lineage`, async (t) => {
    const scratch = await open();
    if ('missing' in scratch) {
      t.skip(scratch.missing);
      return;
    }
    try {
      await prove(scratch);
    } finally {
      await scratch.close();
    }
  });

  test(`${name}: everyday statements are understood, and calm`, async () => {
    const dialect = name === 'PostgreSQL' ? 'postgres' : name === 'SQLite' ? 'sqlite' : 'mysql';
    for (const statement of BENIGN) {
      if (dialect === 'mysql' && statement.startsWith('VALUES')) continue;
      for (const dress of DRESSES) {
        const inspection = inspectSql(dialect, dress(statement));
        assert.ok(inspection.ok && !inspection.facts.writes, `${statement}\n${JSON.stringify(inspection)}`);
      }
    }
  });
}
