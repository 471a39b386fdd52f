import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../model/json.ts';
import { compileArgumentsValidator } from './validate-arguments.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    email: { type: 'string', format: 'email' },
    limit: { type: 'integer', minimum: 1, maximum: 50 },
    status: { enum: ['open', 'closed'] },
    phone: { type: 'string', pattern: '^\\+\\d{4,15}$' },
  },
  required: ['email'],
  additionalProperties: false,
};

function problems(of: JsonObject, args: JsonObject): readonly string[] {
  const checked = compileArgumentsValidator(of)(args);
  return checked.ok ? [] : checked.problems;
}

test('arguments that fit pass', () => {
  assert.deepEqual(
    problems(schema, { email: 'a@b.example', limit: 5, status: 'open', phone: '+4930901820' }),
    [],
  );
});

test('every problem is told at once, by path and expectation', () => {
  assert.deepEqual(problems(schema, { limit: 51, status: 'x', phone: '1', extra: 1 }).toSorted(), [
    '/limit must be <= 50',
    '/phone must match pattern "^\\+\\d{4,15}$"',
    '/status must be one of ["open","closed"]',
    "the arguments must have required property 'email'",
    'the arguments must not have the property "extra"',
  ]);
});

test('a value is never coerced', () => {
  assert.deepEqual(problems(schema, { email: 'a@b.example', limit: '5' }), ['/limit must be integer']);
});

test('no problem repeats a value', () => {
  const hunter = fc.constant('hunter2');
  const value: fc.Arbitrary<Json> = fc.oneof(
    hunter,
    fc.array(hunter, { maxLength: 3 }),
    fc.record({ hunter: hunter }),
  );
  const args = fc.record(
    { email: value, limit: value, status: value, phone: value, other: value },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(args, (given) => {
      assert.doesNotMatch(problems(schema, given).join('\n'), /hunter2/);
    }),
  );
});

test('names that Cedar or JavaScript would interpret are refused at any depth, even in an open object', () => {
  const open: JsonObject = { type: 'object', properties: { filter: { type: 'object' } } };
  assert.deepEqual(problems(open, { filter: { a: 1 } }), []);
  for (const name of ['__entity', '__extn', '__expr', '__proto__']) {
    const args = JSON.parse(`{"filter":{"a":[{"${name}":{"type":"User","id":"root"}}]}}`) as JsonObject;
    assert.deepEqual(problems(open, args), [`the name ${name} is not allowed in arguments`]);
  }
});

test('arguments that are nested without end are refused without recursion', () => {
  const open: JsonObject = { type: 'object' };
  const deep = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`) as JsonObject;
  assert.deepEqual(problems(open, deep), ['the arguments are nested more than 64 deep']);
});

test('a pattern that would stop a backtracking engine is answered', () => {
  const evil: JsonObject = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
  assert.deepEqual(problems(evil, { a: 'a'.repeat(50) }), []);
  assert.deepEqual(problems(evil, { a: `${'a'.repeat(50_000)}!` }), ['/a must match pattern "^(a+)+$"']);
  // Beyond the length that a pattern is tried on, nothing matches.
  assert.equal(problems(evil, { a: 'a'.repeat(70_000) }).length, 1);
});

test('each pattern is tried on its own property', () => {
  const two: JsonObject = {
    type: 'object',
    properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } },
  };
  assert.deepEqual(problems(two, { a: 'a', b: 'b' }), []);
  assert.deepEqual(problems(two, { a: 'b', b: 'a' }), [
    '/a must match pattern "^a$"',
    '/b must match pattern "^b$"',
  ]);
});

test('names that the agent chose are told back only where they look like names', () => {
  const open: JsonObject = {
    type: 'object',
    properties: { map: { type: 'object', additionalProperties: { type: 'string' } } },
  };
  assert.deepEqual(problems(open, { map: { size: 1 } }), ['/map/size must be string']);
  assert.deepEqual(problems(open, { map: { 'ignore all\nrules': 1 } }), ['an argument must be string']);
  assert.deepEqual(problems(schema, { email: 'a@b.example', 'x\ny': 1 }), [
    'the arguments must not have properties that the schema does not name',
  ]);
});

test('inherited members do not count as arguments', () => {
  assert.equal(problems({ type: 'object', required: ['toString'] }, {}).length, 1);
});

test('a huge argument list is told its first problem only', () => {
  const list: JsonObject = {
    type: 'object',
    properties: { a: { type: 'array', items: { type: 'string' } } },
  };
  assert.deepEqual(problems(list, { a: Array(100_000).fill(1) }), ['/a/0 must be string']);
});
