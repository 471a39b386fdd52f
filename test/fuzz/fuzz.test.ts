import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

test('some hundred mutated texts break no promise of the inspectors (npm run fuzz runs longer)', async (t) => {
  const { ends, broken } = await fuzz({ seed: 20_261, cases: 400 });
  t.diagnostic([...ends].map(([end, count]) => `${end} ${count}`).join(', '));
  assert.deepEqual(broken, []);
  assert.ok(ends.size > 3, 'cases end in several ways');
});
