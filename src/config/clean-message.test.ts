import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { messageCleaner } from './clean-message.ts';

test('a secret is taken out wherever a sentence repeats it', () => {
  const clean = messageCleaner(['s3cret', 's3cret-and-more']);
  assert.equal(clean('found s3cret-and-more, not s3cret'), 'found (not shown), not (not shown)');
  assert.equal(clean('nothing to hide'), 'nothing to hide');
});

test('the user and the password of a URL are secrets too, encoded or not', () => {
  const clean = messageCleaner(['postgres://user1:p%40ss@h/d']);
  assert.equal(clean('user1 with p%40ss or p@ss'), '(not shown) with (not shown) or (not shown)');
});

test('no secret of three characters or more stays in any sentence', () => {
  const secret = fc.stringMatching(/^[0-9]{3,12}$/);
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, text) => {
      const cleaned = messageCleaner(secrets)(`${secrets.join('')}${text}${secrets.join(' ')}`);
      for (const each of secrets) assert.ok(!cleaned.includes(each), cleaned);
    }),
  );
});
