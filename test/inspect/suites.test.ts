import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { inspectSql, loadParsers } from '../../src/inspect/sql/inspect-sql.ts';
import { loadPolicies } from '../../src/policy/load.ts';
import { mysqlServer, postgresServer } from '../contracts/servers.ts';
import { question, shippedPolicies, tool, user, vocabulary } from '../policy/fixture.ts';
import { schemaOf } from './suites/schema.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';

await loadParsers();

const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const;
type Dialect = (typeof DIALECTS)[number];

/** One statement a line. `\n` stands for the end of a line inside a statement. */
function suite(name: string): readonly string[] {
  const text = readFileSync(new URL(`suites/${name}.sql`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-- '))
    .map((line) => line.replaceAll('⏎', '\n'));
}

const benign = (dialect: Dialect): readonly string[] => [
  ...suite('common.benign'),
  ...suite(`${dialect}.benign`),
];
const hostile = (dialect: Dialect): readonly string[] => [
  ...suite('common.hostile'),
  ...suite(`${dialect}.hostile`),
];

/** What the shipped policies say to a DBA, whom only the guardrails hold back: `allow`, or why not. */
function endOf(set: PolicySet, dialect: Dialect, statement: string, approved = false): string {
  const inspection = inspectSql(dialect, statement);
  if (!inspection.ok) return `not understood: ${inspection.notUnderstood.message}`;
  const decision = set.decide(
    question({
      tool: tool('run_sql'),
      input: { statement },
      principal: user('dana', 'dba'),
      facts: { sql: inspection.facts },
      approved,
    }),
  );
  if (decision.effect === 'allow') return 'allow';
  if (decision.effect === 'ask') return 'ask';
  return decision.because === 'forbidden' ? decision.policies.map(({ id }) => id).join() : decision.because;
}

function shipped(): PolicySet {
  const loaded = loadPolicies({ ...vocabulary, files: shippedPolicies() });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

for (const dialect of DIALECTS) {
  test(`${dialect}: an ordinary day passes the shipped guardrails untouched`, (t) => {
    const set = shipped();
    t.after(() => set.close());
    const statements = benign(dialect);
    assert.ok(new Set(statements).size >= 300, `${statements.length} statements`);
    const stopped = statements.flatMap((statement) => {
      const end = endOf(set, dialect, statement);
      return end === 'allow' ? [] : [`${end}: ${statement}`];
    });
    assert.deepEqual(stopped, []);
  });

  test(`${dialect}: of an ordinary day only the small writes are said to write`, () => {
    const wrong = benign(dialect).filter((statement) => {
      const inspection = inspectSql(dialect, statement);
      const changes = /^(?:insert|update|delete|replace|merge|with moved)\b/i.test(statement);
      return inspection.ok && inspection.facts.writes !== changes;
    });
    assert.deepEqual(wrong, []);
  });

  test(`${dialect}: what an attacker sends is refused by the shipped guardrails, approved or not`, (t) => {
    const set = shipped();
    t.after(() => set.close());
    const statements = hostile(dialect);
    assert.ok(new Set(statements).size >= 150, `${statements.length} statements`);
    const passed = statements.filter((statement) =>
      [false, true].some((approved) => ['allow', 'ask'].includes(endOf(set, dialect, statement, approved))),
    );
    assert.deepEqual(passed, []);
  });
}

test('PostgreSQL runs every statement of the ordinary day', async (t) => {
  const server = await postgresServer();
  if ('missing' in server) {
    t.skip(server.missing);
    return;
  }
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const schema = `sallyport_suites_${process.pid}`;
  try {
    await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}, public`);
    for (const statement of schemaOf('postgres')) await client.query(statement);
    const failed = await failures('postgres', async (statement) => {
      await client.query('BEGIN');
      try {
        await client.query(statement.replaceAll('public.', `${schema}.`));
      } finally {
        await client.query('ROLLBACK');
      }
    });
    // Until PostgreSQL 17 MERGE has no RETURNING, but everything here is older.
    assert.deepEqual(failed, []);
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
    await server.stop();
  }
});

test('MariaDB runs every statement of the ordinary day', async (t) => {
  const server = await mysqlServer();
  if ('missing' in server) {
    t.skip(server.missing);
    return;
  }
  const client = await mysql.createConnection(server.url);
  const database = `sallyport_suites_${process.pid}`;
  try {
    await client.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await client.query(`USE ${database}`);
    for (const statement of schemaOf('mysql')) await client.query(statement);
    const isMariadb = server.version.includes('MariaDB');
    const failed = await failures('mysql', async (statement) => {
      // MySQL 8 has these, MariaDB does not.
      if (isMariadb && /->|ANY_VALUE/.test(statement)) return;
      await client.query('START TRANSACTION');
      try {
        await client.query(statement);
      } finally {
        await client.query('ROLLBACK');
      }
    });
    assert.deepEqual(failed, []);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${database}`);
    await client.end();
    await server.stop();
  }
});

test('SQLite runs every statement of the ordinary day', async () => {
  const db = new DatabaseSync(':memory:');
  for (const statement of schemaOf('sqlite')) db.exec(statement);
  const failed = await failures('sqlite', async (statement) => {
    db.exec('BEGIN');
    try {
      db.prepare(statement).all();
    } finally {
      db.exec('ROLLBACK');
    }
  });
  db.close();
  assert.deepEqual(failed, []);
});

async function failures(
  dialect: Dialect,
  run: (statement: string) => Promise<void>,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const statement of benign(dialect)) {
    try {
      await run(statement);
    } catch (error) {
      failed.push(`${error instanceof Error ? error.message : String(error)}: ${statement}`);
    }
  }
  return failed;
}
