import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFacts, factsOf, reasonOf, type Expected } from '../testing/facts.ts';

const table = (cases: readonly [string, Expected][]): void => {
  for (const [text, expected] of cases) assertFacts('mysql', text, expected);
};

const CALM: Expected = { writes: false, unbounded: false, tablesWritten: [] };

test('a query is calm, and its tables, columns and functions are named', () => {
  table([
    ['SELECT 1', { ...CALM, kinds: ['SELECT'], statements: 1 }],
    [
      'SELECT upper(c.Name) FROM Crm.Customers AS c WHERE `Id` = 3',
      { ...CALM, tables: ['crm.customers'], columns: ['id', 'name'], functions: ['upper'] },
    ],
    ['SELECT a FROM t # x\nWHERE b IN (SELECT c FROM u) -- y\n', { ...CALM, tables: ['t', 'u'] }],
    ['SELECT 1--1', { ...CALM, statements: 1 }],
    [
      "SELECT GROUP_CONCAT(DISTINCT b ORDER BY c DESC SEPARATOR ', ') FROM t GROUP BY d WITH ROLLUP",
      { ...CALM, columns: ['b', 'c', 'd'] },
    ],
    [
      "SELECT IF(a, b, c), LEFT(a, 2), REPLACE(a, 'b', 'c'), INSERT(a, 1, 2, 'x'), TRUNCATE(1.5, 1), 7 MOD 2, !a FROM t",
      CALM,
    ],
    [
      "SELECT SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH 'x' FROM b), EXTRACT(YEAR FROM c), CAST(a AS CHAR CHARACTER SET utf8mb4) FROM t",
      CALM,
    ],
    [
      'SELECT a, ROW_NUMBER() OVER (PARTITION BY b ORDER BY c) FROM t',
      { ...CALM, functions: ['row_number'] },
    ],
    ['SELECT * FROM t FORCE INDEX (x) WHERE a BETWEEN NOW() - INTERVAL 1 DAY AND NOW()', CALM],
    ["SELECT a->'$.x', a->>'$.y', x'41', _utf8mb4'abc', N'a', 0x1F, 1e5, .5 FROM t", CALM],
    ['WITH c AS (SELECT ssn AS x FROM t) SELECT x FROM c', { ...CALM, tables: ['t'] }],
    ['(SELECT 1) UNION (SELECT a FROM t) LIMIT 3', { ...CALM, tables: ['t'] }],
    ['SELECT @@version, @a', CALM],
    ['SELECT CONCAT(a, " ", b) AS "Full name" FROM t WHERE c = "x y"', { ...CALM, columns: ['a', 'b', 'c'] }],
  ]);
});

test('SHOW, DESCRIBE and EXPLAIN read', () => {
  table([
    ['SHOW TABLES', { ...CALM, kinds: ['SHOW'] }],
    ['SHOW FULL COLUMNS FROM t LIKE "x%"', { ...CALM, tables: ['t'] }],
    ['SHOW CREATE TABLE crm.t', { ...CALM, tables: ['crm.t'] }],
    ['DESCRIBE t', { ...CALM, kinds: ['DESCRIBE'], tables: ['t'] }],
    ['DESC t ssn', { ...CALM, kinds: ['DESCRIBE'] }],
    ['EXPLAIN SELECT a FROM t', { ...CALM, kinds: ['EXPLAIN', 'SELECT'] }],
    ['EXPLAIN FORMAT=JSON DELETE FROM t', { ...CALM, kinds: ['DELETE', 'EXPLAIN'], tablesRead: ['t'] }],
    ['EXPLAIN SELECT sleep(1)', { writes: true }],
    ['EXPLAIN ANALYZE DELETE FROM t', { writes: true, unbounded: true, tablesWritten: ['t'] }],
    [
      'ANALYZE FORMAT=JSON UPDATE t SET a = 1',
      { writes: true, unbounded: true, kinds: ['ANALYZE', 'UPDATE'] },
    ],
    ['ANALYZE SELECT a FROM t', { writes: false }],
    ['ANALYZE TABLE t', { writes: true, tablesWritten: ['t'] }],
  ]);
});

test('comments that the servers execute are refused, whatever is in them', () => {
  for (const text of [
    'SELECT 1 /*!50000 ; DROP TABLE t */',
    'SELECT /*! 1 */',
    '/*M! DROP TABLE t */',
    '/*m!100100 x*/ SELECT 1',
    'SELECT /*+ SET_VAR(sort_buffer_size = 16M) */ 1',
    'SELECT 1 /* a /*! DROP TABLE t */ b */',
    'SELECT 1 /* a /* b */',
    "SELECT 1 /*!99999 '*/ FROM t",
  ])
    assert.equal(reasonOf('mysql', text), 'executable_comment', text);
  table([
    ["SELECT '/*! DROP TABLE t */' AS a, `/*!x*/` FROM t", CALM],
    ['SELECT 1 # /*! DROP TABLE t */\n', CALM],
    ['SELECT 1 -- /*! DROP TABLE t */', CALM],
    ['SELECT /* plain */ 1', CALM],
  ]);
});

test('a text that sql_mode can read in two ways is refused', () => {
  for (const text of [
    String.raw`SELECT 'it\'s'`,
    String.raw`SELECT '\'; DROP TABLE t; -- '`,
    String.raw`SELECT "a\"; DROP TABLE t; -- "`,
    String.raw`SELECT 'a\\\'b'`,
    'SELECT "ssn" AS x FROM customers',
    'SELECT concat("ssn") FROM customers',
  ])
    assert.equal(reasonOf('mysql', text), 'unsupported', text);
  table([[String.raw`SELECT 'C:\\temp', 'a\nb', '100\%' FROM t`, CALM]]);
  // The same statement with and without ANSI_QUOTES: one of them is always true.
  assertFacts('mysql', 'DELETE FROM t WHERE "id" = id', { unbounded: true });
  assertFacts('mysql', 'DELETE FROM t WHERE "a"', { unbounded: true });
});

test('quotes end where the servers end them', () => {
  table([
    [
      "SELECT 'it''s; DROP TABLE t', `a``b` FROM t".replace('a``b', 'a b'),
      { ...CALM, statements: 1, columns: ['a b'] },
    ],
    ["SELECT 'a' 'b; DROP TABLE t'", { ...CALM, statements: 1 }],
    ['SELECT `select` FROM `from`', { ...CALM, tables: ['from'] }],
    ["SELECT 1; SELECT '; ' ; ", { statements: 2 }],
  ]);
  for (const text of [
    'SELECT `a``b` FROM t',
    'SELECT 1\u00a0FROM t',
    'SELECT\u200b1',
    'SELECT {d "2020-01-01"}',
    String.raw`SELECT \N`,
    'SELECT 1abc',
    'SELECT t.1a FROM t',
    'SELECT @`x`',
  ]) {
    assert.ok(['unsupported', 'syntax'].includes(reasonOf('mysql', text)), text);
  }
});

test('a change names the tables it changes, among those it only reads', () => {
  table([
    [
      'INSERT INTO crm.t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a) + 1',
      { writes: true, kinds: ['INSERT'], tablesWritten: ['crm.t'], columns: ['a'] },
    ],
    [
      'REPLACE INTO t SELECT b FROM u',
      { writes: true, kinds: ['INSERT', 'REPLACE', 'SELECT'], tablesRead: ['u'], tablesWritten: ['t'] },
    ],
    ['INSERT INTO t SET a = 1', { writes: true, tablesWritten: ['t'] }],
    [
      'UPDATE a JOIN b ON a.x = b.x SET a.y = 1 WHERE b.z = 2',
      { tablesWritten: ['a'], tablesRead: ['a', 'b'] },
    ],
    ['UPDATE a JOIN b ON a.x = b.x SET y = 1', { tablesWritten: ['a', 'b'] }],
    ['DELETE a FROM a JOIN b ON a.x = b.x', { tablesWritten: ['a'], tablesRead: ['a', 'b'] }],
    ['DELETE q, b FROM a AS q JOIN b ON q.x = b.x', { tablesWritten: ['a', 'b'] }],
    ['DELETE FROM q USING a AS q JOIN b ON q.x = b.x WHERE b.z = 1', { tablesWritten: ['a'] }],
    [
      'WITH c AS (SELECT 1 AS x) DELETE FROM t WHERE id IN (SELECT x FROM c)',
      { writes: true, kinds: ['DELETE', 'SELECT'], tablesWritten: ['t'] },
    ],
    ['SELECT a FROM t FOR UPDATE', { writes: true }],
    ['SELECT a FROM t LOCK IN SHARE MODE', { writes: true }],
    ['SELECT @a := ssn FROM customers', { writes: true, functions: [':='] }],
    ['SELECT s.NEXTVAL', { writes: true, functions: ['nextval'] }],
    ['DROP TABLE IF EXISTS a, b', { kinds: ['DROP'], tablesWritten: ['a', 'b'] }],
    ['TRUNCATE t', { kinds: ['TRUNCATE'], tablesWritten: ['t'], unbounded: true }],
    ['RENAME TABLE a TO b, c TO d', { kinds: ['RENAME'], tablesWritten: ['a', 'b', 'c', 'd'] }],
    ['LOCK TABLES a READ, b WRITE', { kinds: ['LOCK'], tablesWritten: ['a', 'b'] }],
    [
      'CREATE TABLE t SELECT ssn FROM u',
      { kinds: ['CREATE', 'SELECT'], tablesWritten: ['t'], tablesRead: ['u'] },
    ],
    [
      'CREATE VIEW v AS SELECT ssn AS x FROM u',
      { kinds: ['CREATE', 'SELECT'], tablesWritten: ['v'], columns: ['ssn'] },
    ],
    ['CALL p(f(1))', { kinds: ['CALL'], writes: true, functions: ['f', 'p'] }],
    ['DO SLEEP(1)', { kinds: ['DO'], writes: true, functions: ['sleep'] }],
  ]);
  for (const text of [
    'SET @a = 1',
    'SET GLOBAL x = 1',
    'SET sql_mode = ANSI',
    'USE x',
    'BEGIN',
    'START TRANSACTION',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT a',
    'FLUSH TABLES',
    'KILL 3',
    'GRANT ALL ON t TO x',
    'UNLOCK TABLES',
    'RESET MASTER',
  ]) {
    assertFacts('mysql', text, { writes: true, kinds: [text.split(' ')[0] ?? ''] });
  }
});

test('a function that is not known to be calm counts as a write, wherever it stands', () => {
  for (const text of [
    'SELECT f(1)',
    'SELECT f (1)',
    'SELECT `f`(1)',
    'SELECT db.lower(1)',
    'SELECT 1 FROM t WHERE f(1)',
    'SELECT 1 FROM t ORDER BY f(1)',
    'SELECT 1 FROM t GROUP BY f(1)',
    'SELECT 1 FROM t HAVING f(1)',
    'SELECT 1 FROM a JOIN b ON f(1)',
    'SELECT sum(1) OVER (ORDER BY f(1)) FROM t',
    'SELECT GROUP_CONCAT(a ORDER BY f(1)) FROM t',
    'SELECT CASE WHEN f(1) THEN 1 END',
    'SELECT 1 IN (f(1))',
    'SELECT EXISTS (SELECT f(1))',
    'SELECT a FROM (SELECT f(1) AS a) x',
    'SELECT (f(1), 2) = (1, 2)',
    'SELECT CAST(f(1) AS CHAR)',
    'SELECT 1 + INTERVAL f(1) DAY',
    'SELECT f(1) IS NULL',
    'VALUES ROW(f(1))',
    'SELECT TRIM(f(1))',
    'SELECT sleep(1)',
    'SELECT benchmark(1, 1)',
    "SELECT get_lock('a', 1)",
    "SELECT release_lock('a')",
    "SELECT load_file('/etc/passwd')",
    "SELECT sys_exec('x')",
    "SELECT master_pos_wait('a', 1)",
    'SELECT nextval(s)',
    'SELECT lastval(s)',
    'SELECT setval(s, 1)',
  ])
    assertFacts('mysql', text, { writes: true });
});

test('what hides its effect, or is not known, is refused', () => {
  for (const text of [
    "SELECT a INTO OUTFILE '/tmp/x' FROM t",
    "SELECT a FROM t INTO OUTFILE '/tmp/x'",
    "SELECT a INTO DUMPFILE '/tmp/x' FROM t",
    'SELECT 1 INTO @a',
    'SELECT a FROM t INTO @a',
    "LOAD DATA INFILE 'x' INTO TABLE t",
    'LOAD XML INFILE "x" INTO TABLE t',
    'HANDLER t OPEN',
    'HANDLER t READ FIRST',
    "PREPARE a FROM 'DROP TABLE t'",
    'EXECUTE a',
    "EXECUTE IMMEDIATE 'DROP TABLE t'",
    'DEALLOCATE PREPARE a',
    'DELIMITER //',
    'BEGIN NOT ATOMIC DROP TABLE x; END',
    'IF 1 THEN DROP TABLE t; END IF',
    'XA START "x"',
    'INSTALL PLUGIN x SONAME "y"',
    'CREATE PROCEDURE p() DELETE FROM t',
    'CREATE FUNCTION f() RETURNS int RETURN 1',
    'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW DELETE FROM t',
    'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t',
    'SET @a = (SELECT 1)',
    'SET STATEMENT max_statement_time = 1 FOR DELETE FROM t',
    'SELECT a FROM t PROCEDURE ANALYSE()',
    'SELECT NEXT VALUE FOR s',
    'SHOW TABLES WHERE f(1)',
    'EXPLAIN FOR CONNECTION 5',
    'SELECT * FROM t WHERE a = {fn f()}',
    'CREATE TABLE t (SELECT a FROM u)',
  ]) {
    assert.ok(['unsupported', 'syntax'].includes(reasonOf('mysql', text)), text);
  }
});

test('names are folded, so that case hides no table, and a CTE called by another case is refused', () => {
  assert.deepEqual(factsOf('mysql', 'SELECT Id FROM CUSTOMERS').tables, ['customers']);
  assert.deepEqual(factsOf('sqlite', 'SELECT Id FROM [Customers]').tables, ['customers']);
  assert.equal(reasonOf('mysql', 'WITH c AS (SELECT 1 AS x) SELECT x FROM C'), 'unsupported');
});

test('a letter that the servers fold to an ASCII one hides no name', () => {
  table([
    ['SELECT to\u212aen AS x FROM c', { columns: ['token'], resultColumns: [['token']] }],
    ['SELECT benchmar\u212a(1, 1)', { writes: true, functions: ['benchmark'] }],
  ]);
  assert.equal(
    reasonOf('mysql', 'WITH kk AS (SELECT ssn AS x FROM c) SELECT x FROM \u212a\u212a'),
    'unsupported',
  );
});
