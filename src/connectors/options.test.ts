import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionSchema } from './options.ts';

test('an entry names its kind; what it leaves out has a default', () => {
  assert.deepEqual(connectionSchema.parse({ kind: 'sqlite', path: 'crm.db' }), {
    kind: 'sqlite',
    path: 'crm.db',
    readOnly: false,
    environment: 'development',
    pool: { max: 4 },
  });
  const entry = {
    kind: 'postgres',
    url: 'postgres://app:p%40ss@db/crm?sslmode=verify-ca',
    environment: 'production',
    ssl: { ca_file: 'ca.pem' },
    read_only: true,
    pool: { max: 3 },
  };
  assert.deepEqual(connectionSchema.parse(entry), {
    kind: 'postgres',
    url: entry.url,
    environment: 'production',
    ssl: { caFile: 'ca.pem' },
    readOnly: true,
    pool: { max: 3 },
  });
});

test('an entry that is wrong is told so without a word of its URL', () => {
  for (const url of [
    'planted-secret',
    'postgres://u:planted-secret@h/d?sslmode=prefer',
    'postgres://u:planted-secret@h/d?password=planted-secret',
    'postgres://:planted-secret@h/d',
    'postgres://u:planted-secret@h',
    'postgres://u:%zzplanted-secret@h/d',
    'mysql://u:planted-secret@h/d',
  ]) {
    const parsed = connectionSchema.safeParse({ kind: 'postgres', url });
    assert.ok(!parsed.success, url);
    const [issue] = parsed.error.issues;
    assert.deepEqual(issue?.path, ['url']);
    assert.ok(!JSON.stringify(parsed.error.issues).includes('planted-secret'), issue?.message);
  }
});

test('unknown kinds, unknown keys and databases in memory are refused', () => {
  for (const entry of [
    { kind: 'oracle', url: 'x' },
    { kind: 'sqlite', path: 'a.db', pth: 'b' },
    { kind: 'sqlite', path: ':memory:' },
    { kind: 'mysql', url: 'mysql://u@h/d', pool: { max: 0 } },
    { kind: 'postgres', url: 'postgres://u@h/d', ssl: { cert_file: 'only-one.pem' } },
  ])
    assert.equal(connectionSchema.safeParse(entry).success, false, JSON.stringify(entry));
});
