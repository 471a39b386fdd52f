import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf, reasonOf } from './testing/facts.ts';
import type { SqlDialect } from '../../model/facts.ts';

const ALL = ['postgres', 'mysql', 'sqlite'] as const;

function traced(
  dialects: readonly SqlDialect[],
  cases: Record<string, readonly (readonly string[])[] | null>,
): void {
  for (const dialect of dialects) {
    for (const [text, expected] of Object.entries(cases)) {
      assert.deepEqual(factsOf(dialect, text).resultColumns, expected, `${dialect}: ${text}`);
    }
  }
}

test('a result column is traced through aliases, expressions and functions', () => {
  traced(ALL, {
    'SELECT ssn FROM c': [['ssn']],
    'SELECT ssn AS x FROM c': [['ssn']],
    'SELECT Q.SSN AS id FROM c AS q': [['ssn']],
    'SELECT upper(ssn), 1, a + b FROM c': [['ssn'], [], ['a', 'b']],
    'SELECT CASE WHEN a = 1 THEN ssn ELSE b END FROM c': [['a', 'b', 'ssn']],
    'SELECT CAST(ssn AS char(3)), coalesce(a, ssn), (ssn) FROM c': [['ssn'], ['a', 'ssn'], ['ssn']],
    'SELECT max(ssn), count(ssn), count(*), row_number() OVER (ORDER BY ssn) FROM c': [['ssn'], [], [], []],
    'SELECT lag(ssn) OVER (ORDER BY id) FROM c': [['ssn']],
    'SELECT DISTINCT ssn FROM c GROUP BY ssn HAVING count(*) > 1 ORDER BY a LIMIT 3': [['ssn']],
  });
});

test('a result column is traced through subqueries, common table expressions and unions', () => {
  traced(ALL, {
    'SELECT t.x FROM (SELECT ssn AS x FROM c) t': [['ssn']],
    'SELECT t.* FROM (SELECT ssn AS x FROM c) t': [['ssn']],
    'SELECT * FROM (SELECT id, ssn AS x FROM c) t': [['id'], ['ssn']],
    'SELECT x FROM (SELECT ssn AS x FROM c) t': [['ssn']],
    'SELECT (SELECT ssn FROM c) AS y': [['ssn']],
    'SELECT (SELECT t.x) AS y FROM (SELECT ssn AS x FROM c) t': [['ssn']],
    'WITH a AS (SELECT ssn AS x FROM c), b AS (SELECT x AS y FROM a) SELECT y AS z FROM b': [['ssn']],
    'WITH a(x, y) AS (SELECT id, ssn FROM c) SELECT y, x FROM a': [['ssn'], ['id']],
    'SELECT id AS a FROM c UNION ALL SELECT ssn FROM c': [['id', 'ssn']],
    'SELECT a FROM (SELECT id AS a FROM c UNION SELECT ssn FROM c) t': [['id', 'ssn']],
    'WITH RECURSIVE r(a, b) AS (SELECT id, ssn FROM c UNION ALL SELECT b, a FROM r) SELECT a FROM r': [
      ['id', 'ssn'],
    ],
    'SELECT x FROM c, (SELECT ssn AS x FROM d) t': [['ssn', 'x']],
    'SELECT t.q FROM (SELECT t.x AS q FROM (SELECT ssn AS x FROM c) t) t': [['ssn']],
  });
});

test('a star over stored tables leaves it to result names, one over known columns does not', () => {
  traced(ALL, {
    'SELECT * FROM c': null,
    'SELECT c.*, d.id FROM c JOIN d ON c.id = d.id': null,
    'SELECT *, count(*) OVER () AS n FROM c': null,
    'SELECT * FROM (SELECT * FROM c) t': null,
    'WITH a AS (SELECT * FROM c) SELECT * FROM a': null,
    'SELECT * FROM a NATURAL JOIN b': null,
    'SELECT ssn FROM (SELECT * FROM c) t': [['ssn']],
    'SELECT t.ssn AS x FROM (SELECT * FROM c) t': [['ssn']],
    'SELECT * FROM c UNION ALL SELECT * FROM c': null,
  });
});

test('renamed columns beside a star are told, and are fewer than the result has', () => {
  traced(ALL, {
    'SELECT *, ssn AS x FROM c': [['ssn']],
    'SELECT ssn AS x, c.*, upper(a) FROM c': [['ssn'], ['a']],
  });
  traced(['postgres', 'mysql'], { 'SELECT * FROM (SELECT *, ssn AS x FROM c) t': [['ssn']] });
});

test('where no column can be told behind a star, the statement is refused', () => {
  for (const dialect of ALL) {
    for (const text of [
      'SELECT id, 1 FROM a UNION SELECT * FROM c',
      'SELECT * FROM a UNION ALL SELECT * FROM c',
      'SELECT x FROM (SELECT 1 AS x UNION SELECT * FROM c) t',
      'SELECT y FROM (SELECT 1 AS x, c.* FROM c) t UNION SELECT * FROM c',
      'SELECT * FROM (SELECT ssn AS x FROM c) t NATURAL JOIN d',
      'WITH a(x) AS (SELECT * FROM c) SELECT x FROM a',
      'SELECT 1; SELECT * FROM c; SELECT 2',
    ])
      assert.equal(reasonOf(dialect, text), 'unsupported', `${dialect}: ${text}`);
  }
});

test('what a column is compared with is in its lineage, for it tells about its values', () => {
  traced(ALL, {
    // Each digit of a number, as one of a series that is not made of it.
    'SELECT d.n FROM c JOIN (SELECT 1 AS n UNION ALL SELECT 2) d ON substr(c.ssn, 1, 1) = d.n': [['ssn']],
    'WITH RECURSIVE d(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n < 9) SELECT d.n FROM d, c WHERE c.ssn LIKE concat(d.n, 1)':
      [['ssn']],
    'SELECT d.n AS x FROM (SELECT 1 AS n) d WHERE d.n IN (SELECT substr(ssn, 1, 1) FROM c)': [['ssn']],
    'SELECT d.n AS x FROM (SELECT 1 AS n) d WHERE EXISTS (SELECT 1 FROM c WHERE length(c.ssn) > d.n)': [
      ['ssn'],
    ],
    'SELECT max(d.n) FROM (SELECT 1 AS n) d, c WHERE NOT (d.n > c.ssn)': [['ssn']],
    'SELECT (SELECT d.n FROM (SELECT 1 AS n) d WHERE d.n = c.ssn) AS x FROM c': [['ssn']],
    'SELECT d.n FROM (SELECT 1 AS n) d LIMIT 5': [[]],
    'SELECT d.* FROM (SELECT 1 AS n) d JOIN c ON c.ssn = d.n': [['ssn']],
    'SELECT * FROM (SELECT 1 AS ssn) d JOIN c USING (ssn)': null,
    'SELECT d.ssn AS x FROM (SELECT 1 AS ssn) d JOIN c USING (ssn)': [['ssn']],
    'SELECT d.ssn AS x FROM (SELECT 1 AS ssn) d NATURAL JOIN c': [['ssn']],
    // How many made-up rows match is as good as the value.
    'SELECT count(*) FROM c, (SELECT 1 AS n UNION SELECT 2) d WHERE d.n < c.ssn': [['ssn']],
    'SELECT sum(1) AS s FROM c, (SELECT 1 AS n UNION SELECT 2) d WHERE d.n < c.ssn': [['ssn']],
    'SELECT t.k FROM (SELECT count(*) AS k FROM c, (SELECT 1 AS n UNION SELECT 2) d WHERE d.n < c.ssn) t': [
      ['ssn'],
    ],
    'SELECT s.n FROM c JOIN (SELECT row_number() OVER (ORDER BY id) AS n FROM o) s ON s.n = c.ssn': [['ssn']],
    'SELECT count(*), sum(1) FROM c WHERE c.ssn = 1': [[], []],
    'SELECT count(*) FROM c JOIN o ON o.c_id = c.id WHERE c.ssn = lower(1)': [[]],
    // A stored column under another name shows the same values.
    'SELECT o.code FROM o JOIN c ON o.code = c.ssn': [['code', 'ssn']],
    'SELECT a.x FROM a, b, c WHERE a.x = b.y AND b.y = c.ssn': [['ssn', 'x', 'y']],
    // Neither an order, nor a group, nor another comparison puts columns together.
    'SELECT name FROM c WHERE id = 1 AND ssn = 2 GROUP BY name, ssn ORDER BY coalesce(name, ssn)': [['name']],
    'SELECT p.since, c.ssn FROM c, (SELECT 1 AS since, 2 AS other) p WHERE c.made > p.since AND c.ssn = p.other':
      [['made'], ['ssn']],
  });
  traced(['postgres'], {
    'SELECT n FROM c JOIN generate_series(0, 9) n ON substr(ssn, 1, 1) = n::text': [['n', 'ssn']],
    'SELECT * FROM c JOIN generate_series(0, 9) n ON substr(ssn, 1, 1) = n::text': [['n', 'ssn']],
    'SELECT v.x FROM c, (VALUES (1), (2)) v(x) WHERE position(v.x::text IN c.ssn) > 0': [['ssn']],
    'SELECT max(n) FILTER (WHERE n::text = left(ssn, 1)) FROM c, generate_series(0, 9) n': [['n', 'ssn']],
    'SELECT n FROM generate_series(1, 999) n LIMIT (SELECT left(ssn, 3)::int FROM c)': [['n', 'ssn']],
    'SELECT n FROM generate_series(1, 3) n UNION SELECT n FROM generate_series(1, 3) n JOIN c ON left(ssn, 1) = n::text':
      [['n', 'ssn']],
    'UPDATE c SET a = 1 FROM generate_series(0, 9) n WHERE left(c.ssn, 1) = n::text RETURNING n': [
      ['n', 'ssn'],
    ],
    'SELECT v.x FROM c, (VALUES (1)) v(x) WHERE c::text LIKE v.x || 1': [['*', 'c']],
  });
});

test('a statement that compares hundreds of columns with each other is refused, not worked on', () => {
  const columns = Array.from({ length: 600 }, (_, index) => `c${index}`);
  const shown = columns.slice(0, 300).join();
  for (const dialect of ALL) {
    assert.equal(reasonOf(dialect, `SELECT ${shown} FROM t WHERE c1 IN (${columns.join()})`), 'too_large');
    const chain = columns.slice(0, 290).map((name, index) => `${name} = c${index + 1}`);
    const chained = `SELECT ${shown} FROM t WHERE c0 IN (1) AND (${chain.slice(0, 140).join(' AND ')}) AND (${chain.slice(140).join(' AND ')})`;
    assert.equal(reasonOf(dialect, chained), 'too_large', dialect);
  }
});

test('columns that pick, order, group or count rows are named, under the names they are stored under', () => {
  const compared = (text: string): readonly string[] => factsOf('postgres', text).columnsCompared;
  const cases: Record<string, readonly string[]> = {
    'SELECT ssn FROM c': [],
    "SELECT id FROM c WHERE ssn LIKE '1%'": ['ssn'],
    "WITH q AS (SELECT ssn AS x FROM c) SELECT 1 FROM q WHERE x > '1'": ['ssn'],
    'SELECT id FROM c ORDER BY ssn': ['ssn'],
    'SELECT count(*) FROM c GROUP BY ssn': ['ssn'],
    'SELECT count(*) FROM c GROUP BY id HAVING max(ssn) > 1': ['id', 'ssn'],
    "SELECT count(*) FILTER (WHERE ssn LIKE '1%') FROM c": ['ssn'],
    "SELECT count(CASE WHEN ssn LIKE '1%' THEN 1 END) FROM c": ['ssn'],
    'SELECT row_number() OVER (PARTITION BY a ORDER BY ssn) FROM c': ['a', 'ssn'],
    'SELECT 1 FROM a JOIN c ON a.x = c.ssn': ['ssn', 'x'],
    'SELECT 1 FROM a JOIN c USING (ssn)': ['ssn'],
    'SELECT 1 LIMIT (SELECT ssn FROM c)': ['ssn'],
    'SELECT (SELECT 1 FROM c WHERE c.ssn = 1)': ['ssn'],
    "DELETE FROM c WHERE ssn = '1'": ['ssn'],
    "SELECT 1 FROM c WHERE c::text LIKE '%1%'": ['*', 'c'],
    "EXPLAIN SELECT 1 FROM c WHERE ssn = '1'": ['ssn'],
  };
  for (const [text, expected] of Object.entries(cases)) assert.deepEqual(compared(text), expected, text);
});

test('a whole row is said to be one', () => {
  traced(['postgres'], {
    'SELECT c FROM customers c': [['*', 'c']],
    'SELECT to_jsonb(c) FROM customers c': [['*', 'c']],
    'SELECT c.to_jsonb FROM customers c': [['*', 'to_jsonb']],
    'SELECT (c).row_to_json FROM customers c': [['*', 'row_to_json']],
    'SELECT json_agg(t) FROM (SELECT ssn AS x FROM c) t': [['*', 'ssn']],
    'SELECT row(c.*) FROM c': [['*']],
    'SELECT t.y FROM (SELECT ssn AS x FROM c) t': [['*', 'ssn', 'y']],
    "SELECT string_agg(c::text, ',') FROM c": [['*', 'c']],
    'SELECT (c).* FROM customers c': null,
    'SELECT (c).ssn AS x FROM customers c': [['ssn']],
  });
});

test('PostgreSQL: a column is traced through lateral, set-returning and ordered-set functions', () => {
  traced(['postgres'], {
    'SELECT x.q FROM c, LATERAL (SELECT c.ssn AS q) x': [['ssn']],
    'SELECT u.x FROM unnest(ARRAY(SELECT ssn FROM c)) u(x)': [['ssn', 'x']],
    'SELECT * FROM unnest(ARRAY(SELECT ssn FROM c)) u': [['ssn']],
    'SELECT value FROM jsonb_each_text(to_jsonb((SELECT c FROM customers c)))': [['*', 'c', 'value']],
    'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY salary) FROM e': [['salary']],
    "SELECT string_agg(a, ',' ORDER BY b) FROM t": [['a']],
    'SELECT ARRAY(SELECT ssn FROM c), ARRAY[a, b] FROM t': [['ssn'], ['a', 'b']],
    'SELECT f(1) AS x': [['*']],
    'VALUES (1, (SELECT ssn FROM c))': [[], ['ssn']],
    'SELECT v.b FROM (VALUES (1, (SELECT ssn FROM c))) AS v(a, b)': [['ssn']],
    'INSERT INTO t VALUES (1) RETURNING ssn AS x': [['ssn']],
    'UPDATE t SET a = 1 WHERE id = 1 RETURNING *': null,
    'DELETE FROM t WHERE id = 1': [],
    'SELECT * FROM dblink(1) AS t(a int, b int)': [['*'], ['*']],
  });
});

test('MySQL: two aliases that differ by case are both looked at, and a variable may hold anything', () => {
  traced(['mysql'], {
    'SELECT Q.x FROM (SELECT id AS x FROM c) q, (SELECT ssn AS x FROM c) Q': [['id', 'ssn']],
    'SELECT @a': [['*']],
    "SELECT GROUP_CONCAT(ssn SEPARATOR '') AS id FROM c": [['ssn']],
  });
});
