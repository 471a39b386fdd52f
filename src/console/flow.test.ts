import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createFlows, FLOW_MS } from './flow.ts';

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
const flow = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/console/approvals', until: FLOW_MS };

test('a sign-in is taken with its own state, once, and in time', () => {
  let now = 0;
  const flows = createFlows(() => now, random);
  const sealed = flows.seal(flow);
  assert.equal(flows.take(sealed, 'another'), null);
  assert.equal(flows.take(sealed, null), null);
  assert.deepEqual(flows.take(sealed, 's'), flow);
  assert.equal(flows.take(sealed, 's'), null);
  now = FLOW_MS;
  assert.equal(flows.take(flows.seal({ ...flow, state: 't' }), 't'), null);
});

test('a sign-in that was changed by a bit, cut, or sealed by another process is none', () => {
  const flows = createFlows(() => 0, random);
  const bytes = Buffer.from(flows.seal(flow), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const bent = Buffer.from(bytes);
    bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
    assert.equal(flows.take(bent.toString('base64url'), 's'), null);
    assert.equal(flows.take(bytes.subarray(0, at).toString('base64url'), 's'), null);
  }
  assert.equal(flows.take(createFlows(() => 0, random).seal(flow), 's'), null);
  assert.deepEqual(flows.take(bytes.toString('base64url'), 's'), flow);
});
