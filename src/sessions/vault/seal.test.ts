import assert from 'node:assert/strict';
import { createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { commitTo } from '../commitment.ts';
import { openPayload, openText, sealPayload, sealSalted, sealText } from './seal.ts';

const key = createSecretKey(randomBytes(32));
const bound = randomBytes(32);
const salts = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const payloads = fc.record(
  {
    body: fc.json().map((text) => text.toWellFormed()),
    salt: fc.option(salts, { nil: null }),
  },
  { noNullPrototype: true },
);

test('what is sealed opens to what it was, and says nothing of itself but its length', () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      const sealed = sealPayload(key, bound, payload);
      assert.deepEqual(openPayload(key, bound, sealed), payload);
      const overhead = 29 + (payload.salt === null ? 0 : 16);
      assert.equal(sealed.length, overhead + Buffer.byteLength(payload.body));
    }),
  );
});

test('no byte of it can be changed, and it opens nowhere else and under no other key', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), (payload, at, flip) => {
      const sealed = sealPayload(key, bound, payload);
      const edited = Buffer.from(sealed);
      edited[at % edited.length] = (edited[at % edited.length] ?? 0) ^ flip;
      const broken = { name: 'SealBroken' };
      assert.throws(() => openPayload(key, bound, edited), broken);
      assert.throws(() => openPayload(key, bound, sealed.subarray(0, at % sealed.length)), broken);
      assert.throws(() => openPayload(key, randomBytes(32), sealed), broken);
      assert.throws(() => openPayload(createSecretKey(randomBytes(32)), bound, sealed), broken);
    }),
    { numRuns: 300 },
  );
});

test('what a commitment leaves is sealed to what opens as a payload', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const body = text.toWellFormed();
      const { salted } = commitTo(body);
      const salt = Buffer.from(salted).toString('hex', 0, 16);
      assert.deepEqual(openPayload(key, bound, sealSalted(key, bound, salted)), { body, salt });
    }),
  );
});

test('a text opens only in the place that it was sealed for', () => {
  const sealed = sealText(key, 'approval/a/state/1', 'é😀');
  assert.equal(openText(key, 'approval/a/state/1', sealed), 'é😀');
  for (const place of ['approval/a/state/2', 'approval/b/state/1', 'approval/a/request', ''])
    assert.throws(() => openText(key, place, sealed), { name: 'SealBroken' });
});

test('no nonce comes twice, over more of them than are drawn at a time', () => {
  const nonces = new Set<string>();
  for (let at = 0; at < 2_000; at += 1)
    nonces.add(
      Buffer.from(sealPayload(key, bound, { body: '1', salt: null }).subarray(1, 13)).toString('hex'),
    );
  assert.equal(nonces.size, 2_000);
});

test('the format is the one that docs/session-store.md gives', () => {
  const salt = '000102030405060708090a0b0c0d0e0f';
  const sealed = Buffer.from(sealPayload(key, bound, { body: '{"a":1}', salt }));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13));
  decipher.setAAD(Buffer.concat([Buffer.of(1), bound])).setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]);
  assert.equal(plain.toString('hex'), salt + Buffer.from('{"a":1}').toString('hex'));
});
