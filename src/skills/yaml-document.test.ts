import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { LoadError } from '../model/load-error.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

function read(text: string): YamlDocument {
  const parsed = parseYaml('f.yaml', text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.document;
}

function refused(text: string): readonly LoadError[] {
  const parsed = parseYaml('f.yaml', text);
  assert.ok(!parsed.ok);
  for (const error of parsed.errors) assert.equal(error.file, 'f.yaml');
  return parsed.errors;
}

function places(errors: readonly LoadError[]): string[] {
  return errors.map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
}

test('each value and each key is found where it was written', () => {
  const { positionOf, value } = read('a: [x, "y"]\nb:\n  c: 1\n');
  assert.deepEqual(value, { a: ['x', 'y'], b: { c: 1 } });
  assert.deepEqual(positionOf(['a', 1]), { line: 1, column: 8 });
  assert.deepEqual(positionOf(['b', 'c']), { line: 3, column: 6 });
  assert.deepEqual(positionOf(['b', 'c'], 'key'), { line: 3, column: 3 });
});

test('what is missing is placed at the nearest ancestor that is there', () => {
  const { positionOf } = read('a:\n  b:\n    c: 1\n');
  assert.deepEqual(positionOf(['a', 'b', 'zz']), { line: 2, column: 3 });
  assert.deepEqual(positionOf(['zz', 'y']), { line: 1, column: 1 });
});

test('a place inside a string is its line and column in the file', () => {
  const block = read('sql: |\n  SELECT a,\n    b\n\n  FROM t\nnext: 1\n');
  const text = 'SELECT a,\n  b\n\nFROM t\n';
  assert.deepEqual(block.value, { sql: text, next: 1 });
  assert.deepEqual(block.positionOf(['sql'], 'value', text.indexOf('a,')), { line: 2, column: 10 });
  assert.deepEqual(block.positionOf(['sql'], 'value', text.indexOf('b')), { line: 3, column: 5 });
  assert.deepEqual(block.positionOf(['sql'], 'value', text.indexOf('t\n')), { line: 5, column: 8 });
  assert.deepEqual(read('sql: SELECT a\n').positionOf(['sql'], 'value', 7), { line: 1, column: 13 });
  assert.deepEqual(read('sql: "SELECT a"\n').positionOf(['sql'], 'value', 7), { line: 1, column: 14 });
  // Folding loses the way back: the start of the string.
  assert.deepEqual(read('sql: >\n  SELECT\n  a\n').positionOf(['sql'], 'value', 7), { line: 1, column: 6 });
});

test('lines that end in CRLF count like any others', () => {
  const { positionOf } = read('a: 1\r\nsql: |\r\n  SELECT\r\n  b\r\n');
  assert.deepEqual(positionOf(['sql'], 'value', 7), { line: 4, column: 3 });
});

test('a key that is written twice names both places', () => {
  assert.deepEqual(places(refused('a: 1\nb: 2\na: 3\n')), [
    '3:1 the key is written twice; it was first written on line 1',
  ]);
});

test('a tab as indentation says so', () => {
  const [error] = refused('a:\n\tb: 2\n');
  assert.equal(error?.line, 2);
  assert.match(error.message, /tab/);
});

test('a second document, a tag, a directive with another dialect, a key that is no string: each an error', () => {
  assert.match(places(refused('a: 1\n---\nb: 2\n'))[0] ?? '', /^2:1 .*second document/);
  assert.match(places(refused('a: 1\nb: !secret x\n'))[0] ?? '', /^2:4 .*tag/);
  assert.match(places(refused('a: 1\n2: x\n? [b]\n: 1\n'))[0] ?? '', /^3:3 .*key must be a string/);
});

test('numbers that JSON cannot hold, or that would lose digits, are errors', () => {
  assert.match(places(refused('a: .nan\n'))[0] ?? '', /^1:4 .*not finite/);
  assert.match(places(refused('a: 1\nb: 12345678901234567890\n'))[0] ?? '', /^2:4 .*put it in quotes/);
});

test('a key that would reach the prototype is refused', () => {
  assert.match(places(refused('a:\n  __proto__: { admin: true }\n'))[0] ?? '', /^2:3 /);
});

test('an alias stands for what it repeats, and positions lead to where that was written', () => {
  const { value, positionOf } = read('a: &x { b: 1 }\nc: *x\n');
  assert.deepEqual(value, { a: { b: 1 }, c: { b: 1 } });
  assert.deepEqual(positionOf(['c']), { line: 2, column: 4 });
  assert.deepEqual(positionOf(['c', 'b']), { line: 1, column: 12 });
});

test('aliases that multiply, contain themselves or stand for nothing are errors', () => {
  const laughs = Array.from(
    { length: 9 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
  );
  assert.match(refused(`l0: &l0 lol\n${laughs.join('\n')}\n`)[0]?.message ?? '', /aliases/);
  assert.match(
    refused(`a: &a [${'1,'.repeat(30_000)}]\nb: [*a, *a]\n`)[0]?.message ?? '',
    /more than 50000 values/,
  );
  assert.match(places(refused('a: &a [*a]\n'))[0] ?? '', /^1:8 .*inside the value/);
  assert.match(places(refused('a: *nothing\n'))[0] ?? '', /^1:4 .*no anchor/);
});

test('a text that is nested without end is refused, not followed', () => {
  for (const opening of ['[', '{a: ', '- ', '? ', '[,']) {
    const errors = refused(opening.repeat(20_000));
    assert.match(errors[0]?.message ?? '', /nested more than 64 deep/);
  }
});

test('a text that is too long is refused before it is read', () => {
  assert.match(refused('a'.repeat(256 * 1024 + 1))[0]?.message ?? '', /at most 262144/);
});

test('errors of syntax quote nothing of the text', () => {
  for (const text of [
    'password: "hunter2',
    'password: "hunter2" hunter2',
    'a: !hunter2 x',
    'a: "\\hunter2"',
    'hunter2: [}',
  ]) {
    for (const error of refused(text)) assert.doesNotMatch(error.message, /hunter/);
  }
});

test('any JSON value survives being written as YAML and read', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, noUnpairedSurrogates: true } as object), (value) => {
      const text = stringify(value, { aliasDuplicateObjects: false });
      const parsed = parseYaml('f.yaml', text);
      if (!parsed.ok) {
        // What is refused on purpose: numbers beyond exactness, and the key that reaches the prototype.
        assert.ok(
          parsed.errors.every(({ message }) => /too large to be held|not allowed/.test(message)),
          JSON.stringify([text, parsed.errors]),
        );
        return;
      }
      assert.equal(JSON.stringify(parsed.document.value), JSON.stringify(value));
    }),
  );
});

test('any text at all is read or refused with a place inside it', () => {
  const piece = fc.oneof(
    fc.constantFrom(...'[]{}:,-?|>&*!#%@`"\'\n\t ~\\'.split(''), '---', '- ', ': ', '\r\n', '<<'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const parsed = parseYaml('f.yaml', text);
      const lines = text.split('\n').length;
      for (const { line = 1, column = 1 } of parsed.ok
        ? [parsed.document.positionOf(['a', 0])]
        : parsed.errors) {
        assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column} of ${JSON.stringify(text)}`);
      }
    }),
    { numRuns: 500 },
  );
});
