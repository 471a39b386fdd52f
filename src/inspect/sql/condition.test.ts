import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from './testing/facts.ts';

const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const;

const ALWAYS = [
  '1 = 1',
  "'a' = 'a'",
  'id = id',
  't.id = id',
  'id >= id',
  'id LIKE id',
  'NOT false',
  'NOT (1 = 2)',
  'NOT NOT true',
  'true',
  'true OR id = 3',
  'id = 3 OR 1 = 1',
  'id = 3 OR NOT false',
  '1 < 2',
  '2 > 1 AND 3 > 2',
  'id IS NULL OR id IS NOT NULL',
  'id = 1 OR id <> 1',
  'id = 1 OR NOT id = 1',
  "name LIKE '%'",
  "name LIKE '%%'",
  'id IN (1, id)',
  'id BETWEEN id AND id',
  '(((1 = 1)))',
  'coalesce(NULL, true)',
  'EXISTS (SELECT 1)',
  '(SELECT true)',
  "now() > '2000-01-01'",
  'abs(1) = 1',
  '1 IN (1, 2)',
  'CASE WHEN true THEN true END',
  '1 = 1.0',
  '(id = id) IS NOT FALSE',
  '(1 = 1) IS TRUE',
  'id = 3 OR (1 = 1 AND true)',
  '1 BETWEEN 0 AND 2',
  "upper('a') = 'A'",
  'id = id + 0',
  'id > id - 1',
  'id * 1 = id',
  'abs(id) >= id',
  "name = concat(name, '')",
  'id IN (SELECT id FROM t)',
  'EXISTS (SELECT 1 FROM t)',
  'EXISTS (SELECT 1 FROM t AS u WHERE u.id = t.id)',
];

const BOUNDED = [
  'id IN (SELECT id FROM t WHERE name = 1)',
  'id IN (SELECT id FROM u)',
  'a = b + 0',
  'EXISTS (SELECT 1 FROM t AS u WHERE u.parent = t.id)',
  'id = 3',
  'id = 3 AND 1 = 1',
  'id IN (1, 2)',
  'id IN (SELECT id FROM u)',
  'id > 0',
  'id IS NOT NULL',
  "name LIKE 'a%'",
  'id = 3 OR id = 4',
  'NOT id = 3',
  'EXISTS (SELECT 1 FROM u WHERE u.id = t.id)',
  'false',
  '1 = 0',
  'id = 3 AND true',
  'lower(name) = lower(other)',
  'id BETWEEN 1 AND 3',
  'id = (SELECT max(id) FROM u)',
  'a = b',
  'id = 3 OR false',
];

test('an UPDATE or DELETE without a condition, or with one that is always true, is unbounded', () => {
  for (const dialect of DIALECTS) {
    for (const start of ['UPDATE t SET a = 1', 'DELETE FROM t']) {
      assert.equal(factsOf(dialect, start).unbounded, true, `${dialect}: ${start}`);
      for (const condition of ALWAYS) {
        assert.equal(
          factsOf(dialect, `${start} WHERE ${condition}`).unbounded,
          true,
          `${dialect}: ${start} WHERE ${condition}`,
        );
      }
    }
  }
});

test('a condition that depends on the row, or lets no row through, is bounded', () => {
  for (const dialect of DIALECTS) {
    for (const start of ['UPDATE t SET a = 1', 'DELETE FROM t']) {
      for (const condition of BOUNDED) {
        assert.equal(
          factsOf(dialect, `${start} WHERE ${condition}`).unbounded,
          false,
          `${dialect}: ${start} WHERE ${condition}`,
        );
      }
    }
  }
});

test('a condition on another table only does not narrow the one that is changed', () => {
  assert.equal(factsOf('postgres', 'DELETE FROM t USING u WHERE u.x = 1').unbounded, true);
  assert.equal(factsOf('postgres', 'DELETE FROM t USING u WHERE u.x = t.x').unbounded, false);
  assert.equal(factsOf('postgres', 'UPDATE t SET a = 1 FROM u JOIN v ON u.x = v.x').unbounded, true);
  assert.equal(factsOf('sqlite', 'UPDATE t SET a = 1 FROM u WHERE u.x = 1').unbounded, true);
  assert.equal(factsOf('mysql', 'DELETE a FROM a JOIN b ON a.x = b.x').unbounded, false);
  assert.equal(factsOf('mysql', 'DELETE a FROM a LEFT JOIN b ON a.x = b.x').unbounded, true);
  assert.equal(factsOf('mysql', 'UPDATE a JOIN b ON 1 = 1 SET a.x = 1').unbounded, true);
  assert.equal(factsOf('postgres', 'MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE').unbounded, true);
});

test('only changes can be unbounded, at any depth, and TRUNCATE is', () => {
  for (const dialect of DIALECTS)
    assert.equal(factsOf(dialect, 'SELECT a FROM t WHERE 1 = 1').unbounded, false);
  assert.equal(
    factsOf('postgres', 'WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d').unbounded,
    true,
  );
  assert.equal(factsOf('postgres', 'EXPLAIN DELETE FROM t').unbounded, false);
  assert.equal(factsOf('mysql', 'DELETE FROM t LIMIT 10').unbounded, true);
  assert.equal(factsOf('mysql', 'DELETE FROM t WHERE id || 1').unbounded, true);
  assert.equal(factsOf('postgres', 'TRUNCATE t').unbounded, true);
});
