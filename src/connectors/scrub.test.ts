import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { scrubber } from './scrub.ts';

const scrub = scrubber({
  always: ['postgres://app:s3cr:et@db.internal/crm', 's3cr:et'],
  words: ['app', 'db.internal'],
});

test('what was configured is removed, as written and as it is encoded', () => {
  assert.equal(scrub('login with s3cr:et failed'), 'login with [removed] failed');
  assert.equal(scrub('login with s3cr%3Aet failed'), 'login with [removed] failed');
  assert.equal(scrub('app at db.internal'), '[removed] at [removed]');
});

test('what looks like an address, a URL or a user is removed, configured or not', () => {
  for (const [message, secret] of [
    ["SELECT command denied to user 'reader'@'10.1.2.3' for table `t`", 'reader'],
    ['connection to server at "10.1.2.3:5432" failed', '10.1.2.3'],
    ['no route to fe80:0:0:0:1:2:3:4', 'fe80'],
    ['role "owner" does not exist', 'owner'],
    ['see https://u:p@replica.example/x?y', 'replica'],
  ] as const)
    assert.ok(!scrub(message).includes(secret), scrub(message));
});

test('a word is removed only where it stands alone', () => {
  assert.equal(scrub('column "apple" does not exist'), 'column "apple" does not exist');
  assert.equal(
    scrub('date 2024-01-02 03:04:05 is out of range 1.2.3'),
    'date 2024-01-02 03:04:05 is out of range 1.2.3',
  );
});

test('no message still holds a secret, wherever it stood, and long ones are cut', () => {
  check(
    property(string({ minLength: 4, maxLength: 20 }), string(), string(), (secret, before, after) => {
      const out = scrubber({ always: [secret], words: [] })(before + secret + after);
      // What replaces a secret is not one, even where the secret is a part of it.
      const rest = out.replaceAll('[removed]', '');
      assert.ok(!rest.includes(secret) || `${before}${after}`.includes(secret) || rest === before + after);
    }),
  );
  assert.ok(scrub('x'.repeat(10_000)).length < 2100);
});
