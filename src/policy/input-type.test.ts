import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputType } from './input-type.ts';
import { toCedarType } from './context-type.ts';
import type { JsonObject } from '../model/json.ts';

function attributes(properties: JsonObject, required: readonly string[] = []): unknown {
  return toCedarType(inputType({ type: 'object', properties, required }).type);
}

test('the types of JSON Schema become the types that policies compare', () => {
  assert.deepEqual(
    attributes(
      {
        email: { type: 'string', format: 'email' },
        limit: { type: 'integer' },
        dry: { type: 'boolean' },
        amount: { type: 'number' },
        tags: { type: 'array', items: { type: 'string' } },
        state: { enum: ['open', 'closed'] },
        level: { const: 3 },
        where: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
      ['email'],
    ),
    {
      type: 'Record',
      attributes: {
        email: { type: 'String', required: true },
        limit: { type: 'Long', required: false },
        dry: { type: 'Boolean', required: false },
        amount: { type: 'Extension', name: 'decimal', required: false },
        tags: { type: 'Set', element: { type: 'String' }, required: false },
        state: { type: 'String', required: false },
        level: { type: 'Long', required: false },
        where: { type: 'Record', attributes: { city: { type: 'String', required: true } }, required: false },
      },
    },
  );
});

test('what Cedar has no type for is left out, and says why', () => {
  const { type, omitted } = inputType({
    type: 'object',
    properties: {
      nullable: { type: ['string', 'null'] },
      any: true,
      untyped: { description: 'x' },
      either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      mixed: { enum: ['a', 1] },
      rows: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
      pair: { type: 'array', prefixItems: [{ type: 'string' }] },
      bag: { type: 'object' },
      nested: { type: 'object', properties: { gone: { type: 'null' }, kept: { type: 'string' } } },
    },
  });
  assert.deepEqual([...type.attributes.keys()], ['nested']);
  assert.deepEqual(
    omitted.map(({ path }) => path.join('.')),
    [
      'input.nullable',
      'input.any',
      'input.untyped',
      'input.either',
      'input.mixed',
      'input.rows',
      'input.pair',
      'input.bag',
      'input.nested.gone',
    ],
  );
  assert.ok(omitted.every(({ why }) => why.length > 10));
});

test('names that Cedar or JavaScript would interpret never become attributes', () => {
  const properties: JsonObject = JSON.parse(
    '{"__entity":{"type":"string"},"__extn":{"type":"string"},"__expr":{"type":"string"},"__proto__":{"type":"string"},"constructor":{"type":"string"}}',
  );
  const { type, omitted } = inputType({ type: 'object', properties });
  assert.deepEqual([...type.attributes.keys()], ['constructor']);
  assert.equal(omitted.length, 4);
});
