import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { uuidv7 } from './ids.ts';

test('an id is a UUID of version 7 that tells its millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
      const id = uuidv7(now);
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), now);
    }),
  );
});

test('ids of later milliseconds sort behind those of earlier ones, and none comes twice', () => {
  const start = Date.UTC(2026, 10, 21);
  const ids = Array.from({ length: 5000 }, (_, at) => uuidv7(start + Math.floor(at / 100)));
  const heads = ids.map((id) => id.slice(0, 13));
  assert.deepEqual(heads, heads.toSorted());
  assert.equal(new Set(ids).size, ids.length);
});
