import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { inspectFixed } from './fixed-statement.ts';
import { inspectSql } from './inspect-sql.ts';
import { splitParameters } from './parameters.ts';
import './testing/facts.ts';

const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const;

test('names are found where a value can stand, in order, as often as they are used', () => {
  for (const dialect of DIALECTS) {
    assert.deepEqual(splitParameters(dialect, 'SELECT a FROM t WHERE b = :b AND (c=:c OR d IN (:b,:_d1))'), {
      ok: true,
      parts: ['SELECT a FROM t WHERE b = ', ' AND (c=', ' OR d IN (', ',', '))'],
      names: ['b', 'c', 'b', '_d1'],
    });
    assert.deepEqual(splitParameters(dialect, 'SELECT 1'), { ok: true, parts: ['SELECT 1'], names: [] });
  }
});

test('a colon in a string, a quoted name or a comment is no parameter', () => {
  const common = ["SELECT ':a'", "SELECT 'it''s :a'", 'SELECT 1 -- :a\n', 'SELECT 1 /* :a */', 'SELECT ":a"'];
  const own = {
    postgres: [
      "SELECT E'\\':a'",
      'SELECT $$ :a $$',
      'SELECT $x$ :a $$ :b $x$',
      'SELECT 1 /* /* :a */ :b */',
      'SELECT a::text',
      "SELECT '{}'::json",
      'SELECT f(a := 1)',
      'SELECT a[1:2]',
      'SELECT a[:2]',
      'SELECT j @> \'{"a": 1}\'',
      'SELECT U&":a"',
      'SELECT a$b$:c FROM t'.replace(':c', ''),
    ],
    mysql: ['SELECT `:a`', 'SELECT 1 # :a\n', 'SELECT @a := 1'],
    sqlite: ['SELECT `:a`', 'SELECT [:a]'],
  };
  for (const dialect of DIALECTS) {
    for (const text of [...common, ...own[dialect]]) {
      assert.deepEqual(
        splitParameters(dialect, text),
        { ok: true, parts: [text], names: [] },
        `${dialect}: ${text}`,
      );
    }
  }
});

test('what could be read in two ways, or would be bound by nothing, is said where it stands', () => {
  const refused = (dialect: (typeof DIALECTS)[number], text: string, offset: number): void => {
    const split = splitParameters(dialect, text);
    assert.ok(!split.ok, text);
    assert.equal(split.offset, offset, text);
  };
  refused('postgres', 'SELECT $1', 7);
  refused('mysql', 'SELECT ?', 7);
  refused('sqlite', 'SELECT @a', 7);
  refused('sqlite', 'SELECT $a', 7);
  refused('postgres', 'SELECT 1 LIMIT:n', 14);
  refused('postgres', 'SELECT a[1:n]', 10);
  refused('postgres', 'SELECT a[:n]', 9);
  refused('postgres', "SELECT 'x", 0);
  assert.deepEqual(splitParameters('postgres', 'SELECT ARRAY[:a, :b]'), {
    ok: true,
    parts: ['SELECT ARRAY[', ', ', ']'],
    names: ['a', 'b'],
  });
  assert.deepEqual(splitParameters('postgres', 'SELECT a[(:i)], :x::text'), {
    ok: true,
    parts: ['SELECT a[(', ')], ', '::text'],
    names: ['i', 'x'],
  });
});

test('parts and names put together are the text again', () => {
  const piece = fc.constantFrom(
    ':a',
    ':b2',
    "':x'",
    '"q"',
    '::',
    ':=',
    '[',
    ']',
    '(',
    ')',
    ',',
    ' ',
    '$$',
    'e',
    '--',
    '/*',
    '*/',
    '\n',
    '1',
    '?',
  );
  fc.assert(
    fc.property(fc.constantFrom(...DIALECTS), fc.array(piece, { maxLength: 25 }), (dialect, pieces) => {
      const text = pieces.join('');
      const split = splitParameters(dialect, text);
      if (!split.ok) return;
      assert.equal(split.parts.length, split.names.length + 1);
      const joined = split.parts
        .map((part, i) => `${part}${i < split.names.length ? `:${split.names[i]}` : ''}`)
        .join('');
      assert.equal(joined, text);
    }),
    { numRuns: 500 },
  );
});

test('an author statement is inspected with its parameters bound, and must be one statement', async () => {
  for (const dialect of DIALECTS) {
    const text = 'SELECT id, ssn AS x FROM customers WHERE email = :email LIMIT :n';
    const fixed = await inspectFixed(inspectSql, dialect, text);
    assert.ok(fixed.ok, JSON.stringify(fixed));
    assert.equal(fixed.statement.text, text);
    assert.deepEqual(fixed.statement.names, ['email', 'n']);
    assert.deepEqual(fixed.statement.facts.tables, ['customers']);
    assert.deepEqual(fixed.statement.facts.resultColumns, [['id'], ['ssn']]);
    assert.equal(fixed.statement.facts.writes, false);
    for (const bad of ['SELECT 1; SELECT 2', 'SELECT FROM WHERE', 'SELECT ?, $1']) {
      const refused = await inspectFixed(inspectSql, dialect, bad);
      assert.ok(!refused.ok && refused.message.length > 10, bad);
    }
  }
});
