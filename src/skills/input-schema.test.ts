import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../model/json.ts';
import { checkInputSchema, closeObjects } from './input-schema.ts';
import { compileArgumentsValidator } from './validate-arguments.ts';

function found(schema: JsonObject): string[] {
  return checkInputSchema(schema).map(({ path, message, suggestion = '' }) =>
    `${path.join('/')}: ${message} ${suggestion}`.trim(),
  );
}

function property(schema: Json): JsonObject {
  return { type: 'object', properties: { a: schema } };
}

function one(schema: JsonObject, expected: RegExp): void {
  const all = found(schema);
  assert.equal(all.length, 1, all.join('\n'));
  assert.match(all[0] ?? '', expected);
}

test('an ordinary schema has nothing wrong with it', () => {
  assert.deepEqual(
    found({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        email: { type: 'string', format: 'email', description: 'x', examples: ['a@b.example'] },
        since: { type: ['string', 'null'], format: 'date' },
        tags: { type: 'array', items: { $ref: '#/$defs/tag' }, uniqueItems: true, maxItems: 10 },
      },
      $defs: { tag: { type: 'string', pattern: '^[a-z]+$' } },
      required: ['email'],
      additionalProperties: false,
    }),
    [],
  );
});

test('an input that is not an object is refused', () => {
  one({}, /^: "type" is missing; expected type: object/);
  one({ type: 'array' }, /^type: expected type: object/);
  one({ type: ['object', 'null'] }, /^type: /);
});

test('what is not JSON Schema is named where it stands', () => {
  one(property({ type: 'strin' }), /^properties\/a\/type: .*one of array, boolean/);
  one(property({ type: 'string', minLength: -1 }), /^properties\/a\/minLength: .*>= 0/);
  one({ type: 'object', required: 'a' }, /^required: .*must be array/);
  one(property({ minLength: 1 }), /missing type "string" for keyword "minLength"/);
});

test('another dialect of JSON Schema is refused', () => {
  one({ type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' }, /^\$schema: expected https:/);
});

test('an unknown keyword or format names its nearest neighbour', () => {
  one(
    property({ type: 'string', minLenght: 1 }),
    /^properties\/a\/minLenght: unknown keyword .*"minLength"\?$/,
  );
  one(property({ type: 'string', format: 'emial' }), /^properties\/a\/format: unknown format; .*"email"\?$/);
});

test('nothing refers outside the schema, or changes what references mean', () => {
  one(
    property({ $ref: 'https://evil.example/schema' }),
    /^properties\/a\/\$ref: expected a reference of the form/,
  );
  one(property({ $ref: 'file:///etc/passwd' }), /^properties\/a\/\$ref: /);
  one(property({ $ref: '#/properties/a' }), /^properties\/a\/\$ref: /);
  one(
    { ...property({ $ref: '#/$defs/tga' }), $defs: { tag: { type: 'string' } } },
    /"tga" is not among.*"tag"\?$/,
  );
  one({ type: 'object', $id: 'https://evil.example/' }, /^\$id: unknown keyword/);
  one(property({ $dynamicRef: '#x' }), /\$dynamicRef: unknown keyword/);
});

test('a schema that refers to itself is refused', () => {
  const list = { type: 'object', properties: { next: { $ref: '#/$defs/list' } } };
  one({ ...property({ $ref: '#/$defs/list' }), $defs: { list } }, /"list" refers to itself/);
  const loop = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
  assert.match(found({ type: 'object', ...loop }).join(), /refers to itself/);
});

test('references that multiply are refused', () => {
  const $defs: Record<string, Json> = { d0: { type: 'string' } };
  for (let i = 1; i < 30; i++)
    $defs[`d${i}`] = { allOf: [{ $ref: `#/$defs/d${i - 1}` }, { $ref: `#/$defs/d${i - 1}` }] };
  one({ ...property({ $ref: '#/$defs/d29' }), $defs }, /more than 5000 parts/);
});

test('a pattern must be usable by clients and run in linear time here', () => {
  one(property({ type: 'string', pattern: '(' }), /^properties\/a\/pattern: .*ECMA-262/);
  one(property({ type: 'string', pattern: '^\\-$' }), /ECMA-262/);
  one(property({ type: 'string', pattern: '(?=a)b' }), /RE2 syntax/);
  one(property({ type: 'string', pattern: '^(?<n>a)\\k<n>$' }), /without backreferences/);
  one(property({ type: 'string', pattern: '^(a)\\1$' }), /RE2 syntax/);
  one(property({ type: 'string', pattern: 'a'.repeat(1001) }), /at most 1000/);
  one(
    property({ type: 'object', patternProperties: { '(?!a)': {} } }),
    /^properties\/a\/patternProperties\/\(\?!a\): /,
  );
  assert.deepEqual(found(property({ type: 'string', pattern: '^\\\\k$' })), []);
});

test('comparing each item with each needs a bound', () => {
  one(property({ type: 'array', uniqueItems: true }), /^properties\/a\/uniqueItems: .*maxItems/);
  one(property({ type: 'array', uniqueItems: true, maxItems: 5000 }), /maxItems/);
});

test('an argument name that policies or SQL could not name is refused', () => {
  for (const name of [
    'a-b',
    '1a',
    'a b',
    '',
    'ä',
    '__entity',
    '__extn',
    '__expr',
    'constructor',
    'toString',
  ]) {
    one({ type: 'object', properties: { [name]: { type: 'string' } } }, /name is not usable/);
  }
  one(property({ type: 'object', properties: { __entity: { type: 'string' } } }), /reserved/);
});

test('a required argument that is no property is refused with its neighbour', () => {
  one({ ...property({ type: 'string' }), required: ['b'] }, /^required\/0: "b" is required but/);
  one({ type: 'object', properties: { email: {} }, required: ['emial'] }, /"email"\?$/);
});

test('arguments stay closed: open at the top is an error, open further down a warning', () => {
  one({ type: 'object', additionalProperties: true }, /^additionalProperties: expected false/);
  one({ type: 'object', additionalProperties: { type: 'string' } }, /^additionalProperties: expected false/);
  const nested = checkInputSchema(property({ type: 'object', additionalProperties: true }));
  assert.deepEqual(
    nested.map(({ severity }) => severity),
    ['warning'],
  );
});

test('what does not say is closed, and what another keyword opens is left alone', () => {
  const closed = closeObjects(property({ type: 'array', items: { type: 'object', properties: { b: {} } } }));
  assert.deepEqual(closed, {
    type: 'object',
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { b: {} }, additionalProperties: false } },
    },
    additionalProperties: false,
  });
  const open = { type: 'object', anyOf: [{ properties: { b: {} } }] };
  assert.deepEqual(closeObjects(open), open);
});

test('whatever is written as a schema is judged, and what passes compiles', () => {
  const keyword = fc.constantFrom(
    'type',
    'properties',
    'items',
    'required',
    '$ref',
    '$defs',
    'pattern',
    'format',
    'allOf',
    'not',
    'enum',
    'minimum',
  );
  const word = fc.constantFrom('object', 'string', 'array', '#/$defs/a', 'email', '^a+$', 'a', '(');
  const { schema } = fc.letrec<{ schema: Json; object: Json }>((tie) => ({
    object: fc.dictionary(fc.oneof(keyword, fc.constant('a')), tie('schema'), {
      maxKeys: 4,
    }),
    schema: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.integer(),
      tie('object'),
      fc.array(tie('schema'), { maxLength: 2 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(keyword, schema, { maxKeys: 5 }), (rest) => {
      const candidate = { ...rest, type: 'object' } as JsonObject;
      if (checkInputSchema(candidate).some(({ severity }) => severity === 'error')) return;
      compileArgumentsValidator(closeObjects(candidate))({ a: 'x' });
    }),
    { numRuns: 500 },
  );
});
