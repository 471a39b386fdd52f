import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ending,
  goodClaims,
  identityKit,
  issuerOptions,
  type IdentityKit,
} from '../../test/support/identity-kit.ts';
import {
  newSigningKey,
  signClaims,
  startTestIssuer,
  type SigningKey,
  type TestIssuer,
} from '../../test/support/test-issuer.ts';

const first = await newSigningKey('ES256', 'first');
const second = await newSigningKey('ES256', 'second');

let issuer: TestIssuer;
let kit: IdentityKit;

beforeEach(async () => {
  issuer = await startTestIssuer([first]);
  kit = identityKit({ issuers: [issuerOptions({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` })] });
});

afterEach(async () => {
  kit.close();
  await issuer.close();
});

const MINUTE = 60_000;
const goDown = (): void => {
  issuer.intercept = (_req, res) => {
    res.destroy();
    return true;
  };
};
const comeBack = (): void => {
  issuer.intercept = () => false;
};
/** A token of an hour, so that the key decides and not the expiry. */
const token = (key: SigningKey, sub = 'alice'): Promise<string> =>
  signClaims(key, { ...goodClaims(issuer.url, kit.clock), sub, exp: kit.clock() / 1000 + 7200 });
const endingOf = async (text: string): Promise<string> => ending(await kit.bearer(text));
/** Looks again and again until the fetch in the background has come to its end. */
const eventually = async (text: string, expected: string): Promise<void> => {
  const deadline = Date.now() + 10_000;
  let found = await endingOf(text);
  while (found !== expected && Date.now() < deadline) {
    await sleep(5);
    found = await endingOf(text);
  }
  assert.equal(found, expected);
};
const asked = async (requests: number): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (issuer.requests.length < requests && Date.now() < deadline) await sleep(5);
  assert.equal(issuer.requests.length, requests);
};

test('a second look at a token is answered at once, without a promise', async () => {
  const text = await token(first);
  assert.equal(await endingOf(text), 'is alice');
  const [once, again] = [1, 2].map(() => kit.identify({ kind: 'bearer', token: text }));
  assert.ok(again !== undefined && !(again instanceof Promise) && again.ok);
  assert.ok(once !== undefined && !(once instanceof Promise) && once.ok);
  assert.equal(again.principal, once.principal, 'remembered, not verified again');
  assert.ok(Object.isFrozen(again.principal) && Object.isFrozen(again.principal.groups));
});

test('a first look with keys at hand is answered at once, too', async () => {
  await kit.bearer(await token(first));
  const other = kit.identify({ kind: 'bearer', token: await token(first, 'bob') });
  assert.ok(!(other instanceof Promise) && other.ok);
});

test('a remembered token expires on time', async () => {
  const text = await signClaims(first, goodClaims(issuer.url, kit.clock));
  assert.equal(await endingOf(text), 'is alice');
  kit.clock.advance(629_000);
  assert.equal(await endingOf(text), 'is alice');
  kit.clock.advance(1000);
  assert.equal(await endingOf(text), 'expired');
});

test('a remembered token is refused when the clock is set back before it was issued', async () => {
  const text = await token(first);
  assert.equal(await endingOf(text), 'is alice');
  kit.clock.advance(-5 * MINUTE);
  assert.equal(await endingOf(text), 'not_yet_valid');
});

test('a hundred callers at once make the issuer answer once', async () => {
  const texts = await Promise.all(Array.from({ length: 100 }, (_, at) => token(first, `user${at}`)));
  const endings = await Promise.all(texts.map(endingOf));
  assert.deepEqual(
    endings,
    texts.map((_, at) => `is user${at}`),
  );
  assert.equal(issuer.requests.length, 1);
});

test('a new key is taken up when a token first names it', async () => {
  assert.equal(await endingOf(await token(first)), 'is alice');
  issuer.jwks = { keys: [first.publicJwk, second.publicJwk] };
  kit.clock.advance(31_000);
  assert.equal(await endingOf(await token(second)), 'is alice');
  assert.equal(issuer.requests.length, 2);
});

test('made-up key ids make the issuer answer once in half a minute', async () => {
  await kit.bearer(await token(first));
  kit.clock.advance(31_000);
  for (let at = 0; at < 50; at += 1) {
    const text = await signClaims(second, goodClaims(issuer.url, kit.clock), { kid: `made-up-${at}` });
    assert.equal(await endingOf(text), 'unknown_key');
  }
  assert.equal(issuer.requests.length, 2);
  assert.equal(await endingOf(await token(first)), 'is alice');
});

test('a token falls with its key, remembered or not', async () => {
  const text = await token(first);
  assert.equal(await endingOf(text), 'is alice');
  issuer.jwks = { keys: [second.publicJwk] };
  kit.clock.advance(11 * MINUTE);
  assert.equal(await endingOf(text), 'unknown_key');
  assert.equal(await endingOf(await token(first, 'bob')), 'unknown_key');
});

test('a token does not fall when other keys change', async () => {
  const text = await token(first);
  const before = await kit.bearer(text);
  issuer.jwks = { keys: [second.publicJwk, first.publicJwk] };
  kit.clock.advance(6 * MINUTE);
  await eventually(await token(second), 'is alice');
  const after = kit.identify({ kind: 'bearer', token: text });
  assert.ok(before.ok && !(after instanceof Promise) && after.ok);
  assert.equal(after.principal, before.principal, 'still remembered');
});

test('a remembered token falls as soon as the fetch in the background has come without its key', async () => {
  const text = await token(first);
  assert.equal(await endingOf(text), 'is alice');
  issuer.jwks = { keys: [second.publicJwk] };
  kit.clock.advance(6 * MINUTE);
  assert.equal(await endingOf(text), 'is alice');
  await eventually(text, 'unknown_key');
});

test('a remembered token falls when its key is given another algorithm or name', async () => {
  const rsa = await newSigningKey('RS256', 'rsa');
  const changes = [
    [{ alg: 'PS256' }, 'algorithm_not_allowed'],
    [{ kid: 'renamed' }, 'unknown_key'],
  ] as const;
  for (const [change, refusal] of changes) {
    issuer.jwks = { keys: [rsa.publicJwk] };
    kit.clock.advance(31_000);
    const text = await token(rsa);
    assert.equal(await endingOf(text), 'is alice');
    issuer.jwks = { keys: [{ ...rsa.publicJwk, ...change }] };
    kit.clock.advance(6 * MINUTE);
    assert.equal(await endingOf(text), 'is alice');
    await eventually(text, refusal);
  }
});

test('a busy server renews the keys without making anybody wait', async () => {
  const text = await token(first);
  const atOnce = (): boolean => !(kit.identify({ kind: 'bearer', token: text }) instanceof Promise);
  assert.equal(await endingOf(text), 'is alice');
  issuer.jwks = { keys: [first.publicJwk, second.publicJwk] };
  kit.clock.advance(6 * MINUTE);
  assert.ok(atOnce());
  // The second key is known as soon as the fetch in the background is done.
  await eventually(await token(second), 'is alice');
  assert.equal(issuer.requests.length, 2);
  kit.clock.advance(5 * MINUTE);
  assert.ok(atOnce());
});

test('while the issuer is down, known keys go on working for the stated time and no longer', async () => {
  const text = await token(first);
  assert.equal(await endingOf(text), 'is alice');
  goDown();
  kit.clock.advance(59 * MINUTE);
  assert.equal(await endingOf(text), 'is alice', 'remembered');
  assert.equal(await endingOf(await token(first, 'bob')), 'is bob', 'new, with a known key');
  kit.clock.advance(2 * MINUTE);
  assert.equal(await endingOf(text), 'keys_unavailable');
  assert.equal(await endingOf(await token(first)), 'keys_unavailable');
  comeBack();
  kit.clock.advance(6000);
  assert.equal(await endingOf(text), 'is alice');
});

test('while the issuer is down, unknown keys are refused, and it is said why', async () => {
  await kit.bearer(await token(first));
  goDown();
  kit.clock.advance(MINUTE);
  assert.equal(await endingOf(await token(second)), 'keys_unavailable');
  const [event] = kit.events;
  assert.ok(event?.kind === 'keys_refresh_failed');
  assert.equal(event.issuer, issuer.url);
  assert.match(event.detail, /could not be read/);
});

test('an issuer that was never reached is asked again, but not by every caller', async () => {
  goDown();
  for (let at = 0; at < 20; at += 1) assert.equal(await endingOf(await token(first)), 'keys_unavailable');
  assert.equal(issuer.requests.length, 1);
  comeBack();
  kit.clock.advance(5001);
  assert.equal(await endingOf(await token(first)), 'is alice');
});

test('a token without a key id is accepted from an issuer with one key and refused from one with more', async () => {
  const claims = goodClaims(issuer.url, kit.clock);
  const { CompactSign } = await import('jose');
  const text = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(first.privateKey);
  assert.equal(await endingOf(text), 'is alice');
  issuer.jwks = { keys: [first.publicJwk, second.publicJwk] };
  kit.clock.advance(11 * MINUTE);
  const later = await new CompactSign(Buffer.from(JSON.stringify(goodClaims(issuer.url, kit.clock))))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(first.privateKey);
  assert.equal(await endingOf(later), 'unknown_key');
});

test('keys that are weak, private, for encryption or broken are left out', async () => {
  const weak = await newSigningKey('RS256', 'weak', 2048);
  const { generateKeyPairSync } = await import('node:crypto');
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const shortJwk = short.publicKey.export({ format: 'jwk' });
  const bad = [
    { ...shortJwk, kid: 'weak', alg: 'RS256' },
    { ...weak.publicJwk, e: 'AQ' },
    { ...weak.publicJwk, d: 'AQAB' },
    { ...weak.publicJwk, use: 'enc' },
    { ...weak.publicJwk, key_ops: ['encrypt'] },
    { ...weak.publicJwk, key_ops: 'verify' },
    { ...weak.publicJwk, alg: 'RSA-OAEP' },
    { ...weak.publicJwk, kty: 'EC' },
    { ...weak.publicJwk, n: undefined },
    { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'weak' },
  ];
  for (const jwk of bad) {
    issuer.jwks = { keys: [jwk as never, first.publicJwk] };
    kit.clock.advance(11 * MINUTE);
    assert.equal(await endingOf(await token(first)), 'is alice');
    assert.equal(await endingOf(await token(weak)), 'unknown_key', JSON.stringify(jwk).slice(0, 60));
  }
});

test('closing ends a fetch that hangs', async () => {
  issuer.intercept = () => true;
  const waiting = kit.bearer(await token(first));
  await asked(1);
  kit.close();
  assert.equal(ending(await waiting), 'keys_unavailable');
  assert.match(JSON.stringify(kit.events), /the server is closing/);
});
