import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { startAuthority, type TimeStampAuthority } from '../../../test/support/time-stamp-authority.ts';
import { openStamp, stampRequest } from './time-stamp.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-stamp-'));
let authority: TimeStampAuthority | null = null;
before(async () => {
  authority = await startAuthority(join(house, 'tsa'));
});
after(async () => {
  await authority?.close();
  rmSync(house, { recursive: true });
});

const request = {
  data: 'example.com/log\n5\nroot\n\n— example.com/log signature\n',
  nonce: Buffer.alloc(8, 0xff),
};

function asked(t: TestContext): Buffer | null {
  if (authority === null) {
    t.skip('openssl is not installed');
    return null;
  }
  return authority.reply(stampRequest(request));
}

test('a request is what OpenSSL reads as one: SHA-256, a nonce, and the certificate wanted', (t) => {
  if (asked(t) === null) return;
  const path = join(house, 'request.tsq');
  for (const first of [0x00, 0x40, 0x80, 0xff]) {
    writeFileSync(path, stampRequest({ ...request, nonce: Buffer.of(first, 2, 3, 4, 5, 6, 7, 8) }));
    const text = execFileSync('openssl', ['ts', '-query', '-in', path, '-text'], { encoding: 'utf8' });
    assert.match(text, /Hash Algorithm: sha256/);
    assert.match(text, /Nonce: 0x[4-7][0-9A-F]02030405060708/);
    assert.match(text, /Certificate required: yes/);
  }
});

test('a time stamp is opened, and OpenSSL verifies the token that is kept', (t) => {
  const answer = asked(t);
  if (answer === null || authority === null) return;
  const stamp = openStamp(answer, request);
  assert.ok(stamp.ok);
  assert.ok(Math.abs(stamp.genTime - Date.now()) < 60_000);
  const [token, data] = [join(house, 'token'), join(house, 'data')];
  writeFileSync(token, stamp.token);
  writeFileSync(data, request.data);
  const args = ['ts', '-verify', '-token_in', '-in', token, '-data', data, '-CAfile', authority.ca];
  assert.match(
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    /Verification: OK/,
  );
  writeFileSync(data, `${request.data} `);
  assert.throws(() => execFileSync('openssl', args, { stdio: 'pipe' }));
});

test('a time stamp over other data, with another nonce, or none at all is not taken', (t) => {
  const answer = asked(t);
  if (answer === null || authority === null) return;
  assert.deepEqual(openStamp(answer, { ...request, data: 'other' }), {
    ok: false,
    failure: 'bad_answer',
    detail: 'it is over other data',
  });
  assert.deepEqual(openStamp(answer, { ...request, nonce: Buffer.alloc(8, 1) }), {
    ok: false,
    failure: 'bad_answer',
    detail: 'it has another nonce',
  });
  // An algorithm that the authority does not take: status 2, rejection.
  const sha512 = Buffer.from(
    stampRequest(request).toString('hex').replace('608648016503040201', '608648016503040203'),
    'hex',
  );
  const rejected = openStamp(authority.reply(sha512), request);
  assert.deepEqual(rejected, {
    ok: false,
    failure: 'refused',
    detail: 'the authority answered with status 02',
  });
});

test('an answer that was cut anywhere, or has a byte changed, is no time stamp and no exception', (t) => {
  const answer = asked(t);
  if (answer === null) return;
  for (let end = 0; end < answer.length; end += 1)
    assert.equal(openStamp(answer.subarray(0, end), request).ok, false);
  for (let at = 0; at < 200; at += 1)
    for (const value of [0x00, 0x80, 0x84, 0xff]) {
      const bytes: Buffer = Buffer.from(answer);
      bytes[at] = value;
      assert.equal(typeof openStamp(bytes, request).ok, 'boolean');
    }
  assert.equal(openStamp(Buffer.concat([answer, answer]), request).ok, false);
});
