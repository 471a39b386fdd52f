import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { intentOf, sampleRecord } from '../../test/contracts/sample-record.ts';
import { decodeRecord, encodeRecord } from './entry.ts';

test('an entry is canonical JSON of everything, with a commitment in the place of the payload', () => {
  const { entry, payload, commitment } = encodeRecord(intentOf('call_1', 'ses_1'));
  const salted = Buffer.from(payload ?? []);
  const digest = createHmac('sha256', salted.subarray(0, 16)).update(salted.subarray(16)).digest('hex');
  assert.equal(
    entry,
    '{"call":"call_1","event":{"policies":["support#1"],"principal":"alice","tool":"find_customer"},' +
      `"payload":"${digest}","session":"ses_1","time":1763000000000,"type":"call.intent","v":2}`,
  );
  assert.equal(commitment, digest);
  assert.equal(salted.toString('utf8', 16), '{"email":"[email]"}');
});

test('an entry without a payload commits to none', () => {
  const { entry, payload, commitment } = encodeRecord(sampleRecord('server.started'));
  assert.equal(
    entry,
    '{"call":null,"event":{},"session":null,"time":1763000000000,"type":"server.started","v":2}',
  );
  assert.deepEqual([payload, commitment], [null, null]);
});

test('an entry has no room for more than the log takes', () => {
  const detail = (length: number) =>
    encodeRecord(sampleRecord('door.refused', { event: { detail: 'x'.repeat(length) } }));
  const overhead = detail(0).entry.length;
  assert.equal(detail(65_535 - overhead).entry.length, 65_535);
  assert.throws(() => detail(65_536 - overhead), TypeError);
  // Counted in bytes: a euro sign is three.
  assert.throws(
    () => encodeRecord(sampleRecord('door.refused', { event: { detail: '€'.repeat(30_000) } })),
    TypeError,
  );
});

test('a time that is not whole milliseconds is refused', () => {
  assert.throws(() => encodeRecord(sampleRecord('server.started', { time: 1.5 })), TypeError);
});

test('what is not an entry is not read as one', () => {
  const good = { call: null, event: {}, session: null, time: 1, type: 'server.started', v: 1 };
  assert.equal(decodeRecord(7, JSON.stringify(good), null).index, 7);
  for (const damage of [
    { type: 'server.exploded' },
    { type: 'toString' },
    { time: '1' },
    { session: 4 },
    { call: {} },
    { event: [] },
    { event: null },
  ]) {
    assert.throws(() => decodeRecord(7, JSON.stringify({ ...good, ...damage }), null), /record 7/);
  }
  assert.throws(() => decodeRecord(7, 'null', null), /record 7/);
  assert.throws(() => decodeRecord(7, '{"call":', null));
});
