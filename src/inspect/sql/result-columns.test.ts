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
