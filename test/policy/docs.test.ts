import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadPolicies } from '../../src/policy/load.ts';
import { vocabulary } from './fixture.ts';

test('every policy that the documentation shows loads', () => {
  const page = readFileSync(new URL('../../docs/writing-policies.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^```cedar\n(.*?)^```/gms)].map(([, text = '']) => text);
  assert.ok(examples.length >= 5);
  for (const text of examples) {
    const loaded = loadPolicies({ ...vocabulary, files: [{ path: 'docs/writing-policies.md', text }] });
    assert.ok(loaded.ok, `${text}\n${JSON.stringify(loaded, null, 1)}`);
    assert.deepEqual(loaded.warnings, []);
    loaded.value.close();
  }
});
