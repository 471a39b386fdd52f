import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causesOf } from './causes.ts';
import { factsOf } from './testing/facts.ts';
import type { Cause, SqlDialect } from '../../model/facts.ts';

function causes(dialect: SqlDialect, text: string, fact: Cause['fact']): readonly string[] {
  return causesOf(text, factsOf(dialect, text))
    .filter((cause) => cause.fact === fact)
    .map(({ value, offset, line, column }) => {
      assert.equal(text.split('\n')[line - 1]?.[column - 1], text[offset]);
      return `${value} ${offset}`;
    });
}

test('each fact is traced to the words that made it, and not to comments or strings', () => {
  const text =
    "/* DELETE */ WITH gone AS (\n  DELETE FROM crm.sessions WHERE user_id = 7 RETURNING *)\nSELECT count(*), 'DELETE', evil(1) FROM gone";
  assert.deepEqual(causes('postgres', text, 'kinds'), ['DELETE 30', `SELECT ${text.indexOf('SELECT')}`]);
  assert.deepEqual(causes('postgres', text, 'writes'), ['true 30', `true ${text.indexOf('evil')}`]);
  assert.deepEqual(causes('postgres', text, 'tablesWritten'), [`crm.sessions ${text.indexOf('crm.')}`]);
  assert.deepEqual(causes('postgres', text, 'functions'), [
    `count ${text.indexOf('count')}`,
    `evil ${text.indexOf('evil')}`,
  ]);
  assert.deepEqual(causes('postgres', text, 'columnsCompared'), [`user_id ${text.indexOf('user_id')}`]);
});

test('each dialect tells where a write, a lock, a second statement and a secret stand', () => {
  const cases: readonly [SqlDialect, string, Cause['fact'], readonly string[]][] = [
    ['postgres', 'SELECT a FROM t FOR UPDATE', 'writes', ['true 16']],
    ['postgres', 'SELECT a INTO b FROM t', 'writes', ['true 9']],
    ['postgres', 'SELECT a @#@ b FROM t', 'writes', ['true 9']],
    ['postgres', "SELECT 'x'::mood", 'writes', ['true 12']],
    ['postgres', 'SELECT 1; DROP TABLE t', 'statements', ['2 8']],
    ['postgres', 'SELECT * FROM pg_catalog."pg_authid"', 'systemTables', ['pg_catalog.pg_authid 14']],
    ['mysql', 'DELETE FROM `t` LIMIT 5', 'unbounded', ['true 0']],
    ['mysql', 'SELECT a FROM t LOCK IN SHARE MODE', 'writes', ['true 16']],
    ['mysql', 'SELECT @a := b FROM t', 'writes', ['true 10']],
    ['sqlite', 'PRAGMA writable_schema = 1', 'writes', ['true 0', 'true 7']],
    ['sqlite', 'SELECT [ssn] FROM "Customers"', 'tablesRead', ['customers 18']],
    ['sqlite', 'SELECT [ssn] FROM "Customers"', 'columns', ['ssn 7']],
    ['sqlserver', 'SELECT dbo.f(1) FROM t', 'writes', ['true 7']],
  ];
  for (const [dialect, text, fact, expected] of cases)
    assert.deepEqual(causes(dialect, text, fact), expected, `${dialect}: ${text}`);
});

test('everything that writes has a cause', () => {
  for (const [dialect, text] of [
    ['postgres', 'CALL p(1)'],
    ['postgres', 'END'],
    ['postgres', "COMMENT ON TABLE t IS 'x'"],
    ['postgres', 'EXPLAIN ANALYZE DELETE FROM t'],
    ['mysql', 'REPLACE INTO t VALUES (1)'],
    ['mysql', 'USE x'],
    ['sqlite', 'VACUUM'],
    ['sqlite', 'SELECT * FROM pragma_optimize'],
  ] as const)
    assert.ok(causes(dialect, text, 'writes').length > 0, `${dialect}: ${text}`);
});
