import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve } from 'node:path';
import { connectionSchema } from '../connectors/options.ts';
import { identitySchema } from '../identity/config.ts';
import { loadConfig } from './load.ts';

function load(text: string) {
  const schemas = { identity: identitySchema, connection: connectionSchema };
  return loadConfig({
    path: 'etc/sallyport.yaml',
    text,
    env: {},
    readFile: () => Promise.reject(new Error()),
    schemas,
  });
}

async function errorsOf(text: string): Promise<string[]> {
  const result = await load(text);
  assert.ok(!result.ok, 'it loaded');
  return result.errors.map(
    ({ line, column, message, suggestion = '' }) => `${line}:${column} ${message} ${suggestion}`,
  );
}

async function storeOf(text: string) {
  const result = await load(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.store;
}

test('a store that is none, or one that would be lost, is refused', async () => {
  assert.match(
    (await errorsOf('store: mysql://u:hunter2@h/s\n')).join(),
    /^1:8 store: .*expected sqlite:<path> or/,
  );
  assert.match((await errorsOf('store: "sqlite::memory:"\n')).join(), /lost with the process/);
  assert.match((await errorsOf('log: {}\n')).join(), /^1:1 the file: "store" is missing/);
});

test('a record in PostgreSQL is one line, or says more of itself', async () => {
  const directory = resolve('etc');
  const server = { host: 'db.example', port: 5432, user: 'u', password: 'p', database: 's', tls: null };
  const beside = resolve(directory, 'data/sallyport');
  assert.deepEqual(await storeOf('store: postgres://u:p@db.example/s\n'), {
    kind: 'postgres',
    address: server,
    owner: null,
    schema: 'sallyport',
    tls: {},
    beside,
  });
  const long = [
    'store:',
    '  url: postgres://u:p@db.example/s?sslmode=require',
    '  migrate_url: postgres://owner@db.example/s',
    '  schema: audit',
    '  ssl: { ca_file: ca.pem }',
  ];
  assert.deepEqual(await storeOf(`${long.join('\n')}\n`), {
    kind: 'postgres',
    address: { ...server, tls: 'require' },
    owner: { ...server, user: 'owner', password: '' },
    schema: 'audit',
    tls: { caFile: resolve(directory, 'ca.pem') },
    beside,
  });
});

test('what is wrong with the URL of a store is said without a word of it', async () => {
  for (const [text, problem] of [
    ['postgres://:hunter2@h/s', 'names no user'],
    ['postgres://u:hunter2@h', 'names no database'],
    ['postgres://u:hunter2@h/s?sslmode=prefer', 'sslmode is one of'],
    ['postgres://u:hunter2@h/s?options=-c', 'a parameter other than'],
    ['postgresql://u:%hunter2@h/s', 'percent-encoding'],
    ['{ url: "postgres://u:hunter2@h" }', 'names no database'],
    ['{ url: "postgres://u:hunter2@h/s", shema: x }', 'did you mean "schema"'],
    ['{ url: "postgres://u:hunter2@h/s", schema: pg_x }', 'lower-case name'],
    ['{ url: "postgres://u:hunter2@h/s", ssl: { cert_file: a } }', 'belong together'],
  ] as const) {
    const errors = (await errorsOf(`store: ${text}\n`)).join();
    assert.ok(errors.includes(problem), `${text}: ${errors}`);
    assert.doesNotMatch(errors, /hunter2/);
  }
});
