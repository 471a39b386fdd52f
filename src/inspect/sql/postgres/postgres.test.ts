import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFacts, assertNotCalm, factsOf, reasonOf, type Expected } from '../testing/facts.ts';

const table = (cases: readonly [string, Expected][]): void => {
  for (const [text, expected] of cases) assertFacts('postgres', text, expected);
};

const CALM: Expected = { writes: false, unbounded: false, tablesWritten: [] };

test('a query is calm, and its tables, columns and functions are named', () => {
  table([
    ['SELECT 1', { ...CALM, kinds: ['SELECT'], tables: [], columns: [], functions: [], statements: 1 }],
    [
      'SELECT upper(c.Name) FROM crm.Customers AS c WHERE "Id" = 3',
      {
        ...CALM,
        tables: ['crm.customers'],
        tablesRead: ['crm.customers'],
        columns: ['id', 'name'],
        functions: ['upper'],
      },
    ],
    [
      'SELECT * FROM a JOIN b USING (id), LATERAL (SELECT 1 FROM c) x',
      { ...CALM, tables: ['a', 'b', 'c'], columns: ['*', 'id'] },
    ],
    [
      'SELECT a FROM t WHERE b IN (SELECT c FROM u) ORDER BY (SELECT d FROM v)',
      { ...CALM, tables: ['t', 'u', 'v'] },
    ],
    ['VALUES (1), (2)', { ...CALM, kinds: ['VALUES'] }],
    ['TABLE t', { ...CALM, kinds: ['SELECT'], tables: ['t'] }],
    ['SHOW server_version', { ...CALM, kinds: ['SHOW'] }],
    [
      'SELECT count(*) FILTER (WHERE a > 1) OVER (PARTITION BY b) FROM t',
      { ...CALM, functions: ['count'], columns: ['a', 'b'] },
    ],
    ["SELECT a ->> 'x', b @> '{}', c::date, d::numeric(8, 2)[], e AT TIME ZONE 'utc' FROM t", CALM],
    ['SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b DESC NULLS LAST LIMIT 5 OFFSET 2', CALM],
  ]);
});

test('a common table expression is no table, and a table of its name inside it is one', () => {
  table([
    ['WITH c AS (SELECT id FROM customers) SELECT id FROM c', { tables: ['customers'] }],
    ['WITH customers AS (SELECT id FROM customers) SELECT id FROM customers', { tables: ['customers'] }],
    ['WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r', { tables: [] }],
    ['WITH c AS (SELECT 1) SELECT * FROM crm.c', { tables: ['crm.c'] }],
    ['SELECT (WITH c AS (SELECT 1 AS x) SELECT x FROM c), x FROM c', { tables: ['c'] }],
  ]);
});

test('a change is found at any depth', () => {
  table([
    [
      'WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d',
      { writes: true, unbounded: true, kinds: ['DELETE', 'SELECT'], tablesWritten: ['t'] },
    ],
    [
      'WITH a AS (WITH b AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id FROM b) SELECT id FROM a',
      { writes: true, kinds: ['INSERT', 'SELECT'], tablesWritten: ['t'], tablesRead: [] },
    ],
    [
      'SELECT x INTO y FROM z',
      { writes: true, kinds: ['CREATE', 'SELECT'], tablesWritten: ['y'], tablesRead: ['z'] },
    ],
    [
      'EXPLAIN ANALYZE DELETE FROM t WHERE id = 1',
      { writes: true, kinds: ['DELETE', 'EXPLAIN'], tablesWritten: ['t'] },
    ],
    ['EXPLAIN (ANALYZE, VERBOSE) UPDATE t SET a = 1', { writes: true, unbounded: true }],
    ['EXPLAIN (ANALYZE true, ANALYZE false) DELETE FROM t', { writes: true }],
    ['PREPARE p AS DELETE FROM t', { writes: true, kinds: ['DELETE', 'PREPARE'], tablesWritten: ['t'] }],
    [
      'COPY (DELETE FROM t RETURNING a) TO STDOUT',
      { writes: true, kinds: ['COPY', 'DELETE'], tablesWritten: ['t'] },
    ],
    [
      'MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE',
      { writes: true, kinds: ['DELETE', 'MERGE'], tablesRead: ['s'], tablesWritten: ['t'] },
    ],
    [
      'INSERT INTO t (a) SELECT ssn FROM c ON CONFLICT (a) DO UPDATE SET b = excluded.b',
      { writes: true, tablesRead: ['c'], tablesWritten: ['t'], columns: ['a', 'b', 'ssn'] },
    ],
    [
      'CREATE RULE r AS ON SELECT TO t DO INSTEAD DELETE FROM u',
      { writes: true, kinds: ['CREATE'], tablesWritten: ['t', 'u'] },
    ],
    ['SELECT a FROM t FOR UPDATE', { writes: true, kinds: ['SELECT'] }],
    ['SELECT a FROM (SELECT a FROM t FOR KEY SHARE) x', { writes: true }],
    [
      'SELECT 1; DROP TABLE t',
      { writes: true, statements: 2, kinds: ['DROP', 'SELECT'], tablesWritten: ['t'] },
    ],
  ]);
});

test('EXPLAIN alone changes nothing, unless planning may run a function nobody knows', () => {
  table([
    ['EXPLAIN DELETE FROM t', { ...CALM, kinds: ['DELETE', 'EXPLAIN'], tablesRead: ['t'] }],
    ['EXPLAIN (ANALYZE off, COSTS off) UPDATE t SET a = 1', CALM],
    ["EXPLAIN SELECT nextval('s')", { writes: true }],
    ['EXPLAIN CREATE TABLE x AS SELECT 1', { writes: true }],
  ]);
});

test('a function that is not known to be calm counts as a write, wherever it stands', () => {
  const places = [
    'SELECT f(1)',
    'SELECT 1 FROM t WHERE f(1) > 0',
    'SELECT 1 ORDER BY f(1)',
    'SELECT 1 LIMIT f(1)',
    'SELECT 1 OFFSET f(1)',
    'SELECT count(*) FILTER (WHERE f(1) > 0)',
    'SELECT sum(1) OVER (ORDER BY f(1))',
    'SELECT sum(1) OVER w FROM t WINDOW w AS (ORDER BY f(1))',
    'SELECT 1 FROM a JOIN b ON f(1) = 1',
    'SELECT a FROM t GROUP BY f(1), a',
    'SELECT 1 FROM t HAVING f(1) > 0',
    'SELECT DISTINCT ON (f(1)) 1 FROM t',
    'SELECT ARRAY[f(1)]',
    'SELECT ROW(f(1))',
    'SELECT f(1)::text',
    'SELECT CASE f(1) WHEN 1 THEN 2 END',
    'SELECT a[f(1)] FROM t',
    'VALUES (f(1))',
    'SELECT * FROM f(1)',
    'SELECT * FROM generate_series(1, f(1))',
    'SELECT coalesce(1, f(1))',
    'SELECT greatest(1, f(1))',
    'SELECT x FROM t TABLESAMPLE bernoulli (f(1))',
    'SELECT 1 FROM ROWS FROM (f(1), g(2)) AS r',
    'SELECT string_agg(a, f(1) ORDER BY b) FROM t',
    'SELECT 1 = ANY (ARRAY[f(1)])',
    'SELECT 1 IN (2, f(1))',
    'SELECT (f(1)).x',
    'SELECT 1 WHERE EXISTS (SELECT f(1))',
    'WITH a AS (SELECT f(1)) SELECT 1 FROM a',
    'SELECT xmlelement(name a, f(1))',
    'SELECT f(1) IS NULL',
    'SELECT NOT f(1)',
    'SELECT 1 BETWEEN 0 AND f(1)',
    'SELECT GROUPING(a) FROM t GROUP BY ROLLUP (a, f(1))',
  ];
  for (const text of places) {
    const facts = factsOf('postgres', text);
    assert.equal(facts.writes, true, text);
    assert.ok(facts.functions.includes('f'), text);
  }
});

test('functions that reach files, settings, sessions, sequences, locks or text run as SQL are never calm', () => {
  const calls = `nextval('s') setval('s', 1) set_config('role', 'x', false) pg_read_file('x') pg_read_binary_file('x') pg_ls_dir('.')
    pg_stat_file('x') lo_import('x') lo_export(1, 'x') lo_create(1) lo_unlink(1) lo_put(1, 0, '') dblink('a', 'b') dblink_exec('a', 'b')
    pg_terminate_backend(1) pg_cancel_backend(1) pg_reload_conf() pg_advisory_lock(1) pg_try_advisory_lock(1) pg_advisory_xact_lock(1)
    pg_sleep(1) pg_notify('a', 'b') query_to_xml('a', true, true, '') table_to_xml('a', true, true, '') cursor_to_xml('a', 1, true, true, '')
    ts_stat('a') pg_logical_emit_message(true, 'a', 'b') pg_create_restore_point('a') pg_switch_wal() pg_promote() txid_current()
    pg_export_snapshot() pg_rotate_logfile() pg_stat_reset() setseed(0.5) lower2('x') public.lower('x') pg_temp.lower('x') "Lower"('x')`;
  for (const call of calls.split(/(?<=\))\s+/)) assertFacts('postgres', `SELECT ${call}`, { writes: true });
  assertFacts('postgres', "SELECT pg_catalog.pg_read_file('x')", {
    functions: ['pg_catalog.pg_read_file', 'pg_read_file'],
  });
  assertFacts('postgres', "SELECT pg_catalog.lower('x')", { writes: false });
});

test('SQL/JSON and XML are read to the bottom: values, defaults, types and columns', () => {
  table([
    [
      "SELECT JSON_VALUE(a, '$.x' RETURNING int), JSON_QUERY(b, '$' PASSING c AS d), JSON_EXISTS(a, '$') FROM t",
      { ...CALM, resultColumns: [['a'], ['b', 'c'], ['a']] },
    ],
    [
      "SELECT JSON_OBJECT('a': ssn), JSON_ARRAY(1, c), JSON_ARRAY(SELECT ssn FROM u), JSON_SERIALIZE(x), a IS JSON FROM t",
      { ...CALM, tables: ['t', 'u'], resultColumns: [['ssn'], ['c'], ['ssn'], ['x'], ['a']] },
    ],
    [
      'SELECT JSON_OBJECTAGG(k: v), JSON_ARRAYAGG(x ORDER BY y) FROM t',
      { ...CALM, resultColumns: [['k', 'v'], ['x']], columnsCompared: ['y'] },
    ],
    [
      "SELECT j.x AS z FROM c, JSON_TABLE(c.data, '$[*]' COLUMNS (x int PATH '$.x', NESTED PATH '$.n' COLUMNS (q int))) j",
      { ...CALM, tables: ['c'], resultColumns: [['data']] },
    ],
    [
      "SELECT * FROM c, XMLTABLE('/a' PASSING c.doc COLUMNS x int PATH 'x') j",
      { ...CALM, resultColumns: [['doc']] },
    ],
  ]);
  for (const text of [
    "SELECT JSON_VALUE(a, '$' DEFAULT evil(1) ON EMPTY) FROM t",
    "SELECT JSON_VALUE(a, '$' DEFAULT evil(1) ON ERROR) FROM t",
    "SELECT JSON_VALUE(a, '$' RETURNING mood) FROM t",
    "SELECT JSON_QUERY(a, '$' PASSING evil(1) AS d) FROM t",
    "SELECT JSON_OBJECT('a': evil(1))",
    'SELECT JSON_ARRAY(SELECT evil(1))',
    'SELECT JSON_ARRAYAGG(a ORDER BY evil(1)) FROM t',
    'SELECT JSON_ARRAYAGG(a) FILTER (WHERE evil(1)) FROM t',
    "SELECT * FROM JSON_TABLE(evil(1), '$' COLUMNS (x int)) j",
    "SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (NESTED PATH '$' COLUMNS (x mood))) j",
    "SELECT * FROM XMLTABLE('/a' PASSING evil(1) COLUMNS x int) j",
    "SELECT * FROM XMLTABLE('/a' PASSING b COLUMNS x int DEFAULT evil(1)) j",
    "SELECT * FROM XMLTABLE('/a' PASSING b COLUMNS x int PATH evil(1)) j",
  ])
    assertFacts('postgres', text, { writes: true });
});

test('operators and types that are not the server own may run anything, and so are not calm', () => {
  for (const text of [
    'SELECT a OPERATOR(public.+) b FROM t',
    'SELECT a @#@ b FROM t',
    'SELECT a FROM t ORDER BY a USING OPERATOR(public.<)',
    'SELECT a OPERATOR(public.=) ANY (ARRAY[1]) FROM t',
    'SELECT a OPERATOR(public.=) ALL (SELECT 1) FROM t',
    "SELECT 'x'::mood",
    "SELECT CAST('x' AS public.text)",
    'SELECT x FROM t TABLESAMPLE public.evil (1)',
    "SELECT * FROM json_to_record('{}') AS r(a mood)",
  ])
    assertFacts('postgres', text, { writes: true });
  assertFacts('postgres', 'SELECT a OPERATOR(pg_catalog.+) b FROM t', { writes: false });
});

test('sessions, settings, transactions, definitions and permissions are writes, each of its kind', () => {
  const kinds: Record<string, string> = {
    BEGIN: 'BEGIN',
    'START TRANSACTION': 'START',
    COMMIT: 'COMMIT',
    ROLLBACK: 'ROLLBACK',
    'SAVEPOINT a': 'SAVEPOINT',
    'ROLLBACK TO a': 'ROLLBACK TO',
    END: 'COMMIT',
    ABORT: 'ROLLBACK',
    "PREPARE TRANSACTION 'x'": 'PREPARE',
    'SET x.y = 1': 'SET',
    'SET LOCAL work_mem = 1': 'SET',
    'SET ROLE x': 'SET',
    'SET SESSION AUTHORIZATION x': 'SET',
    'SET TRANSACTION READ WRITE': 'SET',
    'RESET ALL': 'RESET',
    'DISCARD ALL': 'DISCARD',
    'LISTEN x': 'LISTEN',
    "NOTIFY x, 'y'": 'NOTIFY',
    'UNLISTEN *': 'UNLISTEN',
    'LOCK TABLE t': 'LOCK',
    'VACUUM t': 'VACUUM',
    'ANALYZE t': 'ANALYZE',
    CHECKPOINT: 'CHECKPOINT',
    "LOAD 'x'": 'LOAD',
    'CALL p(1)': 'CALL',
    'DEALLOCATE p': 'DEALLOCATE',
    'CLOSE c': 'CLOSE',
    'REINDEX TABLE t': 'REINDEX',
    'CLUSTER t': 'CLUSTER',
    'CREATE TABLE t (a int)': 'CREATE',
    'CREATE INDEX ON t (a)': 'CREATE',
    'CREATE EXTENSION dblink': 'CREATE',
    'ALTER TABLE t ADD a int': 'ALTER',
    "ALTER SYSTEM SET work_mem = '1MB'": 'ALTER',
    'ALTER ROLE x SUPERUSER': 'ALTER',
    'DROP TABLE t': 'DROP',
    'DROP OWNED BY x': 'DROP',
    'TRUNCATE t': 'TRUNCATE',
    'GRANT ALL ON t TO x': 'GRANT',
    'REVOKE ALL ON t FROM x': 'REVOKE',
    'REASSIGN OWNED BY x TO y': 'REASSIGN',
    "COMMENT ON TABLE t IS 'x'": 'COMMENT',
    "COPY t TO '/tmp/x'": 'COPY',
    "COPY t FROM '/etc/passwd'": 'COPY',
    'REFRESH MATERIALIZED VIEW v': 'REFRESH',
    'CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()': 'CREATE',
  };
  for (const [text, kind] of Object.entries(kinds))
    assertFacts('postgres', text, { writes: true, kinds: [kind] });
});

test('tables of definitions are named as written', () => {
  table([
    ['DROP TABLE a, s.b', { tablesWritten: ['a', 's.b'] }],
    ['TRUNCATE a, b CASCADE', { tablesWritten: ['a', 'b'], unbounded: true }],
    ['ALTER TABLE s.t DROP COLUMN x', { tablesWritten: ['s.t'] }],
    [
      'CREATE VIEW v AS SELECT ssn AS x FROM c',
      { tablesWritten: ['v'], tablesRead: ['c'], columns: ['ssn'] },
    ],
    ["ALTER TABLE t ADD COLUMN x int DEFAULT nextval('s')", { functions: ['nextval'] }],
    ['COPY t FROM STDIN', { tablesWritten: ['t'], tablesRead: [] }],
    ['COPY t TO STDOUT', { tablesWritten: [], tablesRead: ['t'] }],
  ]);
});

test('what hides its effect is refused', () => {
  for (const text of [
    'DO $$ BEGIN DELETE FROM t; END $$',
    "DO LANGUAGE sql 'DELETE FROM t'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM t'",
    "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE t'; END $$",
    'CREATE TABLE x AS EXECUTE p',
    'EXPLAIN ANALYZE EXECUTE p',
    'EXECUTE p',
    'FETCH c',
    'MOVE c',
    "COPY t TO PROGRAM 'sh'",
    "COPY t FROM PROGRAM 'sh'",
    'SELECT * FROM customers AS c (a, b)',
    'SELECT * FROM (a JOIN b ON true) AS j',
    'SELECT * FROM ROWS FROM (f() AS (a int))',
    'WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT x FROM a',
  ])
    assert.equal(reasonOf('postgres', text), 'unsupported', text);
});

test('bytes that readers disagree on are refused before anything is parsed', () => {
  for (const text of ['SELECT 1\0; DROP TABLE t', "SELECT '\ud800'", 'SELECT \udc00']) {
    for (const dialect of ['postgres', 'mysql', 'sqlite'] as const)
      assert.equal(reasonOf(dialect, text), 'forbidden_bytes');
  }
});

test('text that is no statement is refused', () => {
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    for (const text of [
      '',
      ' ',
      '-- nothing\n',
      '/* nothing */',
      ';;',
      'SELEC 1',
      "SELECT 'x",
      'SELECT /* x',
    ]) {
      assert.equal(
        reasonOf(dialect, text),
        text === 'SELEC 1' && dialect !== 'postgres' ? 'unsupported' : 'syntax',
        `${dialect}: ${text}`,
      );
    }
  }
});

test('statements that differ only in literals have one fingerprint, and others another', () => {
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    const print = (text: string): string => factsOf(dialect, text).fingerprint;
    const one = print("SELECT a FROM t WHERE b = 'x' AND c IN (1, 2, 3)");
    assert.match(one, /^[0-9a-f]{16}$/);
    assert.equal(print("SELECT a FROM t WHERE b = 'yy' AND c IN (4, 5)"), one);
    assert.equal(print("select  a from t /* x */ where b = 'z' and c in (7,8,9,10)"), one);
    assert.notEqual(print("SELECT a FROM t WHERE d = 'x' AND c IN (1, 2, 3)"), one);
  }
});

test('a message holds nothing but the statement own words', () => {
  assertNotCalm('postgres', 'SELEC');
  assert.equal(reasonOf('postgres', "COPY t TO PROGRAM 'secret'"), 'unsupported');
});
