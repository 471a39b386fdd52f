import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFacts, reasonOf, type Expected } from '../testing/facts.ts';

const table = (cases: readonly [string, Expected][]): void => {
  for (const [text, expected] of cases) assertFacts('sqlite', text, expected);
};

const CALM: Expected = { writes: false, unbounded: false, tablesWritten: [] };

test('a query is calm, and its tables, columns and functions are named', () => {
  table([
    [
      'SELECT "Ssn", `a b`, [c d] FROM "Customers" WHERE main.x.y = 1',
      { ...CALM, tables: ['customers'], columns: ['a b', 'c d', 'ssn', 'y'] },
    ],
    [
      "SELECT a GLOB 'x', a ISNULL, a NOTNULL, a IS b, a IS NOT b, a MATCH 'x', a == b FROM t",
      { ...CALM, columns: ['a', 'b'] },
    ],
    ["SELECT date('now'), printf('%d', a), iif(a, b, c), count(*) FILTER (WHERE a > 1) FROM t", CALM],
    ['SELECT * FROM t INDEXED BY i WHERE a = 1', { ...CALM, tables: ['t'] }],
    ['SELECT * FROM t NOT INDEXED', { ...CALM, tables: ['t'] }],
    ['WITH c AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM c', { ...CALM, tables: [] }],
    ['WITH a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM a) SELECT x FROM a', { ...CALM, tables: [] }],
    ["SELECT value FROM json_each('[1]')", { ...CALM, functions: ['json_each'] }],
    ["SELECT name FROM pragma_table_info('t')", { ...CALM, functions: ['pragma_table_info'] }],
    ['SELECT ?1, :a, @b, $c', CALM],
    ["SELECT x'41', 0x1F, 1e5, 'it''s'", CALM],
    ['EXPLAIN QUERY PLAN DELETE FROM t', { ...CALM, kinds: ['DELETE', 'EXPLAIN'], tablesRead: ['t'] }],
  ]);
});

test('pragmas read only where they are known to, and are named like functions', () => {
  table([
    ['PRAGMA table_info(t)', { ...CALM, kinds: ['PRAGMA'], tables: ['t'], functions: ['pragma_table_info'] }],
    ["PRAGMA main.table_info('t')", { ...CALM, tables: ['t'] }],
    ['PRAGMA journal_mode', CALM],
    ['PRAGMA user_version', CALM],
  ]);
  for (const text of [
    'PRAGMA journal_mode = WAL',
    'PRAGMA journal_mode(WAL)',
    'PRAGMA writable_schema = 1',
    'PRAGMA writable_schema(1)',
    'PRAGMA user_version = 3',
    'PRAGMA optimize',
    'PRAGMA wal_checkpoint',
    'PRAGMA incremental_vacuum',
    'PRAGMA shrink_memory',
    'PRAGMA foreign_keys = OFF',
    'PRAGMA table_info = t',
    'PRAGMA temp_store_directory',
    'EXPLAIN PRAGMA writable_schema = 1',
    'PRAGMA key = x',
    'PRAGMA query_only = 0',
    'PRAGMA unknown_to_all',
  ])
    assertFacts('sqlite', text, { writes: true });
});

test('a change is found at any depth, with the tables it changes', () => {
  table([
    [
      'INSERT OR REPLACE INTO t VALUES (1)',
      { writes: true, kinds: ['INSERT', 'REPLACE'], tablesWritten: ['t'] },
    ],
    [
      'REPLACE INTO main.t VALUES (1)',
      { writes: true, kinds: ['INSERT', 'REPLACE'], tablesWritten: ['main.t'] },
    ],
    [
      'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE c = 1 RETURNING ssn AS x',
      { writes: true, columns: ['a', 'b', 'c', 'ssn'], resultColumns: [['ssn']] },
    ],
    ['INSERT INTO t DEFAULT VALUES', { writes: true, tablesWritten: ['t'] }],
    [
      'UPDATE OR IGNORE t SET a = 1 FROM u WHERE t.id = u.id',
      { writes: true, unbounded: false, tablesRead: ['u'], tablesWritten: ['t'] },
    ],
    [
      'WITH c AS (SELECT 1 AS x) DELETE FROM t WHERE id IN (SELECT x FROM c)',
      { writes: true, kinds: ['DELETE', 'SELECT'], tablesWritten: ['t'] },
    ],
    [
      'CREATE TABLE x AS SELECT ssn FROM t',
      { kinds: ['CREATE', 'SELECT'], tablesWritten: ['x'], tablesRead: ['t'] },
    ],
    ['CREATE VIRTUAL TABLE x USING fts5(a)', { writes: true, kinds: ['CREATE'], tablesWritten: ['x'] }],
    ['ALTER TABLE t RENAME TO u', { kinds: ['ALTER'], tablesWritten: ['t', 'u'] }],
    ['DROP TABLE t', { kinds: ['DROP'], tablesWritten: ['t'] }],
    ['SELECT 1; DELETE FROM t', { statements: 2, writes: true, unbounded: true }],
  ]);
  for (const text of [
    "ATTACH 'x.db' AS y",
    'DETACH y',
    'VACUUM',
    "VACUUM INTO '/tmp/x'",
    'REINDEX',
    'ANALYZE',
    'BEGIN IMMEDIATE',
    'COMMIT',
    'END',
    'ROLLBACK',
    'SAVEPOINT a',
    'RELEASE a',
  ]) {
    assertFacts('sqlite', text, { writes: true, kinds: [text.split(' ')[0] ?? ''] });
  }
});

test('functions of extensions and of the shell are never calm', () => {
  for (const call of [
    "load_extension('x')",
    "readfile('x')",
    "writefile('a', 'b')",
    "edit('x')",
    "fts3_tokenizer('x')",
    'my_function(1)',
    '"lower2"(1)',
    "sqlite_attach('a')",
  ]) {
    for (const text of [
      `SELECT ${call}`,
      `SELECT 1 FROM t WHERE ${call}`,
      `SELECT 1 ORDER BY ${call}`,
      `SELECT * FROM (SELECT ${call} AS x)`,
    ]) {
      assertFacts('sqlite', text, { writes: true });
    }
  }
});

test('double quotes may be a string or a column, and facts allow for both', () => {
  table([
    ['SELECT "ssn" AS x FROM t', { resultColumns: [['ssn']] }],
    ['DELETE FROM t WHERE "1"', { unbounded: true }],
    ['DELETE FROM t WHERE "id" = id', { unbounded: true }],
  ]);
});

test('what hides its effect, or is not known, is refused', () => {
  for (const text of [
    'CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END',
    'SELECT 1 /* not closed',
    'SELECT a FROM t WHERE b IN u',
    'SELECT "a""b" FROM t',
    '.shell ls',
    'EXPLAIN EXPLAIN SELECT 1',
    'SELECT 1 /* a /* b */ c */',
    'EXPLAIN CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END',
    'WITH a AS (SELECT x FROM b), b AS (SELECT 1 AS x) SELECT x FROM a',
  ])
    assert.ok(['unsupported', 'syntax', 'executable_comment'].includes(reasonOf('sqlite', text)), text);
});

test('where SQLite numbers columns of one name, none of them escapes its name', () => {
  for (const text of [
    'SELECT * FROM (SELECT * FROM a, b)',
    'SELECT q.* FROM (SELECT a.*, b.ssn FROM a, b) q',
    'WITH q AS (SELECT * FROM a, b) SELECT * FROM q',
    'SELECT * FROM (a JOIN b ON 1) JOIN (a JOIN b)',
  ])
    assert.equal(reasonOf('sqlite', text), 'unsupported', text);
  table([
    ['SELECT "ssn:1" AS x FROM (SELECT * FROM a, b)', { resultColumns: [['ssn', 'ssn:1']] }],
    ['SELECT q.id FROM (SELECT a.*, b.ssn FROM a, b) q', { resultColumns: [['id']] }],
    ['SELECT * FROM (SELECT * FROM a)', { resultColumns: null }],
    ['SELECT * FROM a JOIN b ON a.id = b.id', { resultColumns: null }],
    [
      'SELECT rowid, a.oid AS x FROM a',
      {
        resultColumns: [
          ['*', 'rowid'],
          ['*', 'oid'],
        ],
      },
    ],
  ]);
});
