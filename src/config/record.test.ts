import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { loadConfig } from './load.ts';

async function problems(record: string): Promise<string> {
  const result = await loadConfig({
    path: 'sallyport.yaml',
    text: `store: sqlite:./s.db\nrecord: ${record}\n`,
    env: {},
    readFile: () => Promise.reject(new Error('there are no files')),
    schemas: { identity: z.any(), connection: z.any() },
  });
  return result.ok ? '' : result.errors.map(({ line, message }) => `${String(line)} ${message}`).join('\n');
}

test('a key of payloads that is not there, or that has two places, is refused', async () => {
  assert.match(
    await problems('{ encryption: { key_env: NOWHERE } }'),
    /^2 .*environment variable NOWHERE is not set/,
  );
  const two = await problems('{ encryption: { key_env: A, key_file: b } }');
  assert.match(two, /^2 .*expected one of key_env, key_file and key_command/);
});

test('retention is a time in hours or days, for all payloads or for a class', async () => {
  assert.equal(await problems('{ retention: 400d }'), '');
  assert.equal(await problems('{ retention: { results: 12h, approvals: 30d } }'), '');
  for (const wrong of ['0d', '30', '5m', '{ results: soon }', '{ secrets: 3d }'])
    assert.notEqual(await problems(`{ retention: ${wrong} }`), '', wrong);
});
