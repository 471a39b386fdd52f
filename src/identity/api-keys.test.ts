import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { API_KEY_MEMORY_MS, rememberApiKeys } from './api-key-lookup.ts';
import { checkApiKey, createApiKey, looksLikeApiKey, parseApiKey } from './api-keys.ts';
import { ending, testClock } from '../../test/support/identity-kit.ts';

const NOW = 1_800_000_000_000;
const wanted = { service: 'ci', groups: ['b', 'a'], createdBy: 'alice', now: NOW, expiresAt: null };
const check = (key: string, row: Parameters<typeof checkApiKey>[1], now = NOW): string => {
  const parsed = parseApiKey(key);
  return parsed === null ? 'no key' : ending(checkApiKey(parsed, row, now));
};

test('a key has its documented shape, and the row holds the hash of its secret and not the secret', () => {
  const { key, row } = createApiKey(wanted, randomBytes);
  assert.match(key, /^sp_[a-z2-7]{16}_[A-Za-z0-9_-]{49}$/);
  const parsed = parseApiKey(key);
  assert.ok(parsed !== null);
  assert.equal(row.id, parsed.id);
  assert.equal(row.hash, createHash('sha256').update(parsed.secret).digest('hex'));
  assert.ok(!JSON.stringify(row).includes(parsed.secret));
  assert.deepEqual(row.groups, ['a', 'b']);
  assert.ok(looksLikeApiKey(key) && !looksLikeApiKey('eyJhbGciOiJFUzI1NiJ9.e30.AA'));
});

test('id and secret are the random bytes that were drawn, all of them', () => {
  const { key } = createApiKey(wanted, (size) => Buffer.alloc(size, 0xff));
  assert.ok(key.startsWith(`sp_${'7'.repeat(16)}_${Buffer.alloc(32, 0xff).toString('base64url')}`));
  const zeros = createApiKey(wanted, (size) => Buffer.alloc(size));
  assert.equal(zeros.row.id, 'a'.repeat(16));
  const counting = createApiKey(wanted, (size) => Buffer.from(Array.from({ length: size }, (_, at) => at)));
  assert.equal(counting.row.id, 'aaaqeayeaudaocaj');
});

test('a key opens with its own row and with no other', () => {
  const mine = createApiKey(wanted, randomBytes);
  const theirs = createApiKey({ ...wanted, service: 'other' }, randomBytes);
  assert.equal(check(mine.key, mine.row), 'is ci');
  assert.equal(check(mine.key, null), 'unknown_api_key');
  assert.equal(check(mine.key, theirs.row), 'unknown_api_key');
  assert.equal(check(mine.key, { ...theirs.row, id: mine.row.id }), 'unknown_api_key');
  assert.equal(check(mine.key, { ...mine.row, id: theirs.row.id }), 'unknown_api_key');
});

test('a row whose hash is damaged opens for nobody', () => {
  const { key, row } = createApiKey(wanted, randomBytes);
  for (const hash of ['', 'zz', row.hash.slice(2), `${row.hash}00`, '0'.repeat(64)]) {
    assert.equal(check(key, { ...row, hash }), 'unknown_api_key', hash);
  }
});

test('only who has the secret learns that a key was revoked or has expired', () => {
  const { key, row } = createApiKey({ ...wanted, expiresAt: NOW + 1000 }, randomBytes);
  const guess = createApiKey(wanted, (size) => (size === 10 ? Buffer.alloc(10) : randomBytes(size)));
  const revoked = { ...row, revokedAt: NOW + 10 };
  assert.equal(check(key, revoked), 'revoked_api_key', 'even where the time of revocation is to come');
  assert.equal(check(key, row, NOW + 999), 'is ci');
  assert.equal(check(key, row, NOW + 1000), 'expired');
  assert.equal(check(guess.key, { ...revoked, id: guess.row.id }), 'unknown_api_key');
});

test('a mistyped key is told from a wrong one without asking anybody', () => {
  const { key } = createApiKey(wanted, randomBytes);
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'abz27AZ09-_.'.split('')), (at, character) => {
      fc.pre(key[at] !== character);
      assert.equal(parseApiKey(key.slice(0, at) + character + key.slice(at + 1)), null);
    }),
  );
  for (const text of ['sp_', `${key}x`, key.slice(0, -1), ` ${key}`, `${key}\n`, key.toUpperCase()]) {
    assert.equal(parseApiKey(text), null, text);
  }
});

test('a row is remembered for a second, a key that does not exist not at all', async () => {
  const clock = testClock(NOW);
  const { row } = createApiKey(wanted, randomBytes);
  const asked: string[] = [];
  const find = rememberApiKeys(async (id) => {
    asked.push(id);
    return id === row.id ? row : null;
  }, clock);
  await find(row.id);
  clock.advance(API_KEY_MEMORY_MS - 1);
  assert.equal(find(row.id), row);
  clock.advance(1);
  assert.equal(await find(row.id), row);
  await find('unknown');
  await find('unknown');
  assert.deepEqual(asked, [row.id, row.id, 'unknown', 'unknown']);
  for (let at = 0; at < 1100; at += 1) assert.equal(await find(`made-up-${at}`), null);
  assert.equal(find(row.id), row, 'made-up ids push nothing out');
});
