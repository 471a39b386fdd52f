import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { assert as holds, oneof, property, string } from 'fast-check';
import { commitTo } from './commitment.ts';

test('a commitment is the HMAC-SHA-256 of the payload under its salt', () => {
  holds(
    property(oneof(string({ unit: 'binary' }), string({ minLength: 3_000, maxLength: 9_000 })), (payload) => {
      const { digest, salted } = commitTo(payload);
      assert.deepEqual(salted.subarray(16), Buffer.from(payload, 'utf8'));
      assert.equal(digest, createHmac('sha256', salted.subarray(0, 16)).update(payload).digest('hex'));
    }),
  );
});

test('no salt comes twice, so equal payloads have unequal commitments', () => {
  const made = Array.from({ length: 2_000 }, () => commitTo('null'));
  assert.equal(
    new Set(made.map(({ salted }) => Buffer.from(salted).toString('hex', 0, 16))).size,
    made.length,
  );
  assert.equal(new Set(made.map(({ digest }) => digest)).size, made.length);
});

test('a payload that is larger than any before is committed to whole', () => {
  const large = '€'.repeat(100_000);
  const { digest, salted } = commitTo(large);
  assert.equal(salted.length, 16 + 300_000);
  assert.equal(digest, createHmac('sha256', salted.subarray(0, 16)).update(large).digest('hex'));
});
