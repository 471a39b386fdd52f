import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenCache, type VerifiedToken } from './token-cache.ts';

const token: VerifiedToken = {
  principal: {
    kind: 'user',
    id: 'alice',
    issuer: 'https://idp.example',
    groups: [],
    credential: { kind: 'jwt', id: 'one' },
  },
  issuer: 'https://idp.example',
  keyFingerprint: 'key',
  validFrom: 0,
  validUntil: 1,
};

test('the cache holds so many tokens and forgets the one that was used longest ago', () => {
  const cache = createTokenCache(3);
  for (const digest of ['a', 'b', 'c']) cache.set(digest, token);
  assert.equal(cache.get('a'), token);
  cache.set('c', token);
  cache.set('d', token);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter((digest) => cache.get(digest) !== undefined),
    ['a', 'c', 'd'],
  );
  cache.delete('a');
  assert.equal(cache.get('a'), undefined);
});
