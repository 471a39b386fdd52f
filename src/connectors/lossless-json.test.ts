import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, bigInt, double, jsonValue, property } from 'fast-check';
import { integer, losslessJson } from './lossless-json.ts';

test('a number that a double would change stays as the database printed it', () => {
  for (const [text, value] of [
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992.5', '9007199254740992.5'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['1e400', '1e400'],
    ['-0.5e-3', -0.0005],
    ['1.50', 1.5],
    ['123456.789', 123456.789],
    ['"12345678901234567890"', '12345678901234567890'],
  ] as const)
    assert.deepEqual(losslessJson(text), value, text);
  assert.deepEqual(losslessJson('{"a":[{"b":12345678901234567890}]}'), {
    a: [{ b: '12345678901234567890' }],
  });
});

test('text that is not JSON stays text', () => {
  assert.equal(losslessJson('{'), '{');
});

test('JSON that doubles can hold is read as JSON.parse reads it, keys like __proto__ included', () => {
  check(
    property(jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const printed = JSON.stringify(losslessJson(text));
      // Numbers of more than 15 digits may have become their own text.
      assert.equal(printed.replace(/"(-?\d[\d.e+-]*)"/gu, '$1'), text.replace(/"(-?\d[\d.e+-]*)"/gu, '$1'));
    }),
  );
  assert.equal(JSON.stringify(losslessJson('{"__proto__":{"x":1}}')), '{"__proto__":{"x":1}}');
});

test('every integer survives, as a number or as its text', () => {
  check(property(bigInt(), (value) => assert.equal(BigInt(integer(value.toString())), value)));
  check(
    property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(Number(losslessJson(JSON.stringify(value))), value === 0 ? 0 : value);
    }),
  );
});
