import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import * as prettier from 'prettier';
import { connectionSchema } from '../connectors/options.ts';
import { identitySchema } from '../identity/config.ts';
import { patternsJsonSchema } from '../inspect/text/json-schema.ts';
import { configJsonSchema, maskingJsonSchema, toolsJsonSchema } from './json-schema.ts';

const root = new URL('../../', import.meta.url);
const schemas = {
  'schemas/tools.schema.json': toolsJsonSchema(),
  'schemas/patterns.schema.json': patternsJsonSchema(),
  'schemas/masking.schema.json': maskingJsonSchema(),
  'schemas/sallyport.schema.json': configJsonSchema({
    identity: identitySchema,
    connection: connectionSchema,
  }),
};

test('the schemas for editors are those of the loaders (WRITE_SCHEMAS=1 writes them)', async () => {
  for (const [path, schema] of Object.entries(schemas)) {
    const text = await prettier.format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
    if (process.env['WRITE_SCHEMAS'] === '1') {
      mkdirSync(new URL('schemas/', root), { recursive: true });
      writeFileSync(new URL(path, root), text);
    }
    assert.equal(
      readFileSync(new URL(path, root), 'utf8'),
      text,
      `${path} is not current: run this test with WRITE_SCHEMAS=1`,
    );
  }
});

const shipped = (path: string): Record<string, unknown> =>
  parse(readFileSync(new URL(path, root), 'utf8')) as Record<string, unknown>;

test('an editor accepts the shipped files, and marks a misspelt key', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const tools = ajv.compile(schemas['schemas/tools.schema.json']);
  const config = ajv.compile(schemas['schemas/sallyport.schema.json']);
  assert.ok(config(shipped('sallyport.yaml')), JSON.stringify(config.errors));
  assert.ok(tools(shipped('skills/customer-support/tools.yaml')), JSON.stringify(tools.errors));
  const masking = ajv.compile(schemas['schemas/masking.schema.json']);
  assert.ok(masking(shipped('policies/masking.yaml')), JSON.stringify(masking.errors));
  assert.ok(!masking({ clases: {} }));
  assert.ok(!config({ ...shipped('sallyport.yaml'), servers: {} }));
  assert.ok(
    !tools({ tools: { a: { description: 'x', connection: 'crm', input: {}, sql: 'x', limit: {} } } }),
  );
});
