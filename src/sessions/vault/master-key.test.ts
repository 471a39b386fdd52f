import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findMasterKey, newDataKey, parseMasterKey, unwrapKey, wrapKey } from './master-key.ts';

test('a key is 32 bytes, in base64 or as hex digits, and its id tells nothing of it', () => {
  const bytes = randomBytes(32);
  const written = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  for (const text of written) {
    const key = parseMasterKey(` ${text}\n`);
    assert.deepEqual(key?.key.export(), bytes);
    assert.equal(key?.id, parseMasterKey(written[0] ?? '')?.id);
    assert.ok(!text.includes(key?.id ?? ''));
  }
  const bad = ['', 'key', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')];
  for (const text of [
    ...bad,
    randomBytes(31).toString('hex'),
    `${written[0]}x`,
    `${written[0]}\n${written[0]}`,
  ])
    assert.equal(parseMasterKey(text), null, text);
});

test('a data key opens only under its master key, as that of its scope', () => {
  const [one, two] = [randomBytes(32), randomBytes(32)].map((bytes) => parseMasterKey(bytes.toString('hex')));
  assert.ok(one && two);
  const data = newDataKey();
  const wrapped = wrapKey(one, 'ses_1', data);
  assert.ok(unwrapKey(one, 'ses_1', wrapped).equals(data));
  assert.throws(() => unwrapKey(one, 'ses_2', wrapped), { name: 'SealBroken' });
  assert.throws(() => unwrapKey(two, 'ses_1', wrapped), { name: 'SealBroken' });
});

test('a file is made once, for its owner alone, and only for a store that has no key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-key-'));
  try {
    const source = { kind: 'file', path: join(directory, 'keys', 'payload-key') } as const;
    const missing = { name: 'StoreRefused', reason: 'key_missing' };
    assert.throws(() => findMasterKey(source, '0123456789abcdef'), missing);
    assert.deepEqual(readdirSync(directory), [], 'nothing is made in the place of a key that is missing');

    const made = findMasterKey(source, null);
    assert.equal(statSync(source.path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(directory, 'keys')), ['payload-key']);
    assert.equal(findMasterKey(source, null).id, made.id);
    assert.equal(findMasterKey(source, made.id).id, made.id);

    const text = readFileSync(source.path, 'utf8').trim();
    const wrong = { name: 'StoreRefused', reason: 'key_wrong' };
    for (const from of [source, { kind: 'text', text, from: 'the variable X' } as const])
      assert.throws(
        () => findMasterKey(from, '0123456789abcdef'),
        (error: Error) => {
          assert.match(error.message, /under key 0123456789abcdef/);
          assert.ok(!error.message.includes(text), 'no word of the key is told');
          assert.equal('reason' in error && error.reason, wrong.reason);
          return true;
        },
      );

    chmodSync(source.path, 0o640);
    assert.throws(() => findMasterKey(source, made.id), missing);
    chmodSync(source.path, 0o600);
    writeFileSync(source.path, 'half a k');
    assert.throws(
      () => findMasterKey(source, null),
      (error: Error) => error.name === 'StoreRefused' && !error.message.includes('half a k'),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
