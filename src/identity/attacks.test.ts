import assert from 'node:assert/strict';
import { createHmac, createPublicKey, KeyObject, sign as rawSign } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import {
  AUDIENCE,
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

let es: SigningKey;
let rs: SigningKey;
let ps: SigningKey;
let ed: SigningKey;
let other: SigningKey;
let issuerA: TestIssuer;
let issuerB: TestIssuer;
let kit: IdentityKit;

before(async () => {
  es = await newSigningKey('ES256', 'es');
  rs = await newSigningKey('RS256', 'rs');
  ps = await newSigningKey('PS256', 'ps');
  ed = await newSigningKey('EdDSA', 'ed');
  other = await newSigningKey('ES256', 'other');
  issuerA = await startTestIssuer([es, rs, ps, ed]);
  issuerB = await startTestIssuer([other]);
  kit = identityKit({
    issuers: [
      issuerOptions({ issuer: issuerA.url }),
      issuerOptions({ issuer: issuerB.url, prefix: 'partner:', groups_prefix: 'partner:' }),
    ],
  });
});

after(async () => {
  kit.close();
  await issuerA.close();
  await issuerB.close();
});

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...goodClaims(issuerA.url, kit.clock),
  ...over,
});
const endingOf = async (token: string): Promise<string> => ending(await kit.bearer(token));
const nowS = (): number => Math.floor(kit.clock() / 1000);

test('a good token of each algorithm identifies its subject', async () => {
  for (const key of [es, rs, ps, ed]) {
    const identified = await kit.bearer(await signClaims(key, claims()));
    assert.ok(identified.ok, key.alg);
    assert.equal(identified.principal.id, 'alice');
    assert.deepEqual(identified.principal.groups, ['support']);
    assert.equal(identified.principal.issuer, issuerA.url);
    assert.equal(identified.principal.credential.kind, 'jwt');
    assert.equal(identified.principal.credential.expiresAt, (nowS() + 600) * 1000);
  }
});

test('an unsigned token is refused, however none is spelt', async () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, 0, ['ES256'], { a: 1 }]) {
    for (const signature of ['', 'AAAA']) {
      const token = `${b64({ alg, kid: 'es' })}.${b64(claims())}.${signature}`;
      assert.equal(await endingOf(token), 'algorithm_not_allowed', JSON.stringify(alg));
    }
  }
});

test('a token with a good algorithm and no signature is refused', async () => {
  const token = await signClaims(es, claims());
  assert.equal(await endingOf(`${token.slice(0, token.lastIndexOf('.'))}.`), 'malformed_token');
});

test('an HMAC made with a public key is refused, in every form that key has', async () => {
  const key = createPublicKey({ format: 'jwk', key: rs.publicJwk });
  const secrets = [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'pem' }).toString().trim(),
    key.export({ type: 'pkcs1', format: 'pem' }),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(rs.publicJwk),
  ];
  for (const secret of secrets) {
    const signed = `${b64({ alg: 'HS256', kid: 'rs' })}.${b64(claims())}`;
    const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    assert.equal(await endingOf(token), 'algorithm_not_allowed');
  }
});

test('a symmetric key in a key set verifies nothing', async () => {
  const secret = Buffer.alloc(32, 7);
  const bad = await startTestIssuer([es]);
  bad.jwks = { keys: [{ kty: 'oct', kid: 'es', alg: 'HS256', k: secret.toString('base64url') }] };
  const local = identityKit({ issuers: [issuerOptions({ issuer: bad.url })] });
  const signed = `${b64({ alg: 'HS256', kid: 'es' })}.${b64(goodClaims(bad.url, local.clock))}`;
  const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  assert.equal(ending(await local.bearer(token)), 'algorithm_not_allowed');
  assert.equal(
    ending(await local.bearer(await signClaims(es, goodClaims(bad.url, local.clock)))),
    'unknown_key',
  );
  local.close();
  await bad.close();
});

test('a signature of one RSA scheme does not pass as the other', async () => {
  const token = await signClaims(rs, claims());
  const [, payload = '', signature = ''] = token.split('.');
  assert.equal(
    await endingOf(`${b64({ alg: 'PS256', kid: 'ps' })}.${payload}.${signature}`),
    'bad_signature',
  );
  // The key set says of this key that it is for RS256.
  assert.equal(
    await endingOf(`${b64({ alg: 'PS256', kid: 'rs' })}.${payload}.${signature}`),
    'algorithm_not_allowed',
  );
});

test('one RSA key without an algorithm of its own takes RS256 for RS256 and PS256 for PS256 only', async () => {
  const { alg: _alg, ...publicJwk } = rs.publicJwk;
  const bad = await startTestIssuer([]);
  bad.jwks = { keys: [publicJwk] };
  const local = identityKit({ issuers: [issuerOptions({ issuer: bad.url })] });
  const good = await signClaims(rs, goodClaims(bad.url, local.clock));
  const [, payload = '', signature = ''] = good.split('.');
  assert.equal(ending(await local.bearer(good)), 'is alice');
  const swapped = `${b64({ alg: 'PS256', kid: 'rs', typ: 'at+jwt' })}.${payload}.${signature}`;
  assert.equal(ending(await local.bearer(swapped)), 'bad_signature');
  local.close();
  await bad.close();
});

test('an algorithm that the issuer is not configured for is refused before any key is used', async () => {
  const local = identityKit({ issuers: [issuerOptions({ issuer: issuerA.url, algorithms: ['ES256'] })] });
  assert.equal(ending(await local.bearer(await signClaims(rs, claims()))), 'algorithm_not_allowed');
  assert.equal(ending(await local.bearer(await signClaims(es, claims()))), 'is alice');
  local.close();
});

test('a PS256 signature with another salt length than the hash is refused', async () => {
  const key = KeyObject.from(ps.privateKey);
  const signed = `${b64({ alg: 'PS256', kid: 'ps' })}.${b64(claims())}`;
  const signature = rawSign('sha256', Buffer.from(signed), { key, padding: 6, saltLength: 20 });
  assert.equal(await endingOf(`${signed}.${signature.toString('base64url')}`), 'bad_signature');
});

test('a key in the header, or a way to one, is refused', async () => {
  const mine = await newSigningKey('ES256', 'es');
  for (const header of [
    { jwk: mine.publicJwk },
    { jku: `${issuerB.url}/jwks` },
    { x5u: `${issuerB.url}/cert` },
    { x5c: ['MIIB'] },
  ]) {
    assert.equal(await endingOf(await signClaims(mine, claims(), header as object)), 'malformed_token');
  }
  assert.equal(await endingOf(await signClaims(mine, claims())), 'bad_signature');
});

test('a critical extension is refused, for none is understood', async () => {
  const signed = `${b64({ alg: 'ES256', kid: 'es', crit: ['b64'], b64: false })}.${b64(claims())}`;
  assert.equal(await endingOf(`${signed}.${'A'.repeat(86)}`), 'malformed_token');
});

test('a key id is looked up as a name and as nothing else', async () => {
  const kids = [
    '../../../../dev/null',
    '/etc/passwd',
    "es' OR '1'='1",
    'es; DROP TABLE api_keys',
    '__proto__',
    'constructor',
    'toString',
    'http://127.0.0.1/jwks',
    'ES',
    'es\u0000',
    '',
  ];
  for (const kid of kids) {
    assert.equal(await endingOf(await signClaims(other, claims(), { kid })), 'unknown_key', kid);
  }
  for (const kid of [1, {}, [], true, 'k'.repeat(5000)]) {
    const token = `${b64({ alg: 'ES256', kid })}.${b64(claims())}.${'A'.repeat(86)}`;
    assert.equal(await endingOf(token), 'malformed_token');
  }
});

test('a token of one issuer signed by another is refused', async () => {
  const forged = claims({ iss: issuerA.url });
  assert.equal(await endingOf(await signClaims(other, forged)), 'unknown_key');
  assert.equal(await endingOf(await signClaims(other, forged, { kid: 'es' })), 'bad_signature');
});

test('an issuer that is not configured is refused, however near its name', async () => {
  const names = [`${issuerA.url}/`, issuerA.url.toUpperCase(), 'https://evil.example', '__proto__', '', 7];
  for (const iss of [...names, null, [issuerA.url]]) {
    assert.equal(await endingOf(await signClaims(es, claims({ iss }))), 'unknown_issuer', String(iss));
  }
});

test('two issuers can never name the same principal', async () => {
  const b = { ...goodClaims(issuerB.url, kit.clock), sub: 'alice', groups: ['dba'] };
  const identified = await kit.bearer(await signClaims(other, b));
  assert.ok(identified.ok);
  assert.equal(identified.principal.id, 'partner:alice');
  assert.deepEqual(identified.principal.groups, ['partner:dba']);
  // The issuer without a prefix tries to be the partner's alice.
  assert.equal(await endingOf(await signClaims(es, claims({ sub: 'partner:alice' }))), 'bad_claims');
});

test('a token for another audience is refused', async () => {
  const audiences = [
    'http://127.0.0.1:8400/',
    'http://127.0.0.1:8400/mcp/',
    'http://127.0.0.1:8400/MCP',
    'https://other.example/mcp',
    [],
    [['http://127.0.0.1:8400/mcp']],
    null,
    undefined,
    { [AUDIENCE]: 1 },
    '',
  ];
  for (const aud of audiences) {
    assert.equal(
      await endingOf(await signClaims(es, claims({ aud }))),
      'wrong_audience',
      JSON.stringify(aud),
    );
  }
  assert.equal(await endingOf(await signClaims(es, claims({ aud: ['x', AUDIENCE] }))), 'is alice');
});

test('an expired token is refused, with the skew and not a second more', async () => {
  assert.equal(await endingOf(await signClaims(es, claims({ exp: nowS() - 29 }))), 'is alice');
  assert.equal(await endingOf(await signClaims(es, claims({ exp: nowS() - 31 }))), 'expired');
});

test('a token that is not valid yet is refused, with the skew and not a second more', async () => {
  assert.equal(await endingOf(await signClaims(es, claims({ nbf: nowS() + 29 }))), 'is alice');
  assert.equal(await endingOf(await signClaims(es, claims({ nbf: nowS() + 32 }))), 'not_yet_valid');
  assert.equal(await endingOf(await signClaims(es, claims({ iat: nowS() + 32 }))), 'not_yet_valid');
});

test('a token without an expiry, or with one that is no date, is refused', async () => {
  for (const exp of [undefined, null, '9999999999', -1, 1e18, Date.now(), [nowS() + 600], true]) {
    assert.equal(await endingOf(await signClaims(es, claims({ exp }))), 'bad_claims', String(exp));
  }
  assert.equal(await endingOf(await signClaims(es, claims({ nbf: '1' }))), 'bad_claims');
  assert.equal(await endingOf(await signClaims(es, claims({ iat: 'now' }))), 'bad_claims');
});

test('a subject that is missing, blank, too long or not visible is refused', async () => {
  const subjects = [
    undefined,
    null,
    '',
    ' ',
    ' alice',
    'alice\n',
    'al\u0000ice',
    'al\u200bice',
    '\u202ealice',
    '\ud800',
    7,
    ['alice'],
    { a: 1 },
    'a'.repeat(256),
  ];
  for (const sub of subjects) {
    assert.equal(await endingOf(await signClaims(es, claims({ sub }))), 'bad_claims', JSON.stringify(sub));
  }
});

test('an ID, refresh, logout or key-bound token of the same issuer is refused', async () => {
  const variants = [
    { at_hash: 'x' },
    { c_hash: 'x' },
    { typ: 'ID' },
    { token_use: 'id' },
    { typ: 'Refresh' },
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    { cnf: { jkt: 'x' } },
  ];
  for (const variant of variants) {
    assert.equal(
      await endingOf(await signClaims(es, claims(variant))),
      'bad_claims',
      JSON.stringify(variant),
    );
  }
  for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', 'application/id+jwt']) {
    assert.equal(await endingOf(await signClaims(es, claims(), { typ })), 'bad_claims', typ);
  }
  for (const typ of ['JWT', 'at+jwt', 'application/at+jwt', 'AT+JWT']) {
    assert.equal(await endingOf(await signClaims(es, claims(), { typ })), 'is alice', typ);
  }
});

test('a signature of zeros, of no bytes, or of another length is refused', async () => {
  const [header = '', payload = ''] = (await signClaims(es, claims())).split('.');
  for (const length of [1, 32, 63, 64, 65, 70, 72, 128]) {
    const zeros = Buffer.alloc(length).toString('base64url');
    assert.equal(await endingOf(`${header}.${payload}.${zeros}`), 'bad_signature', String(length));
  }
  const [edHeader = '', edPayload = ''] = (await signClaims(ed, claims())).split('.');
  const zeros = Buffer.alloc(64).toString('base64url');
  assert.equal(await endingOf(`${edHeader}.${edPayload}.${zeros}`), 'bad_signature');
});

test('an ECDSA signature in DER is refused', async () => {
  const key = KeyObject.from(es.privateKey);
  const signed = `${b64({ alg: 'ES256', kid: 'es' })}.${b64(claims())}`;
  const der = rawSign('sha256', Buffer.from(signed), { key, dsaEncoding: 'der' });
  assert.equal(await endingOf(`${signed}.${der.toString('base64url')}`), 'bad_signature');
});

test('the twin of an ECDSA signature is the same credential, not a second one', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const token = await signClaims(es, claims());
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'),
  ]);
  const first = await kit.bearer(token);
  const second = await kit.bearer(`${header}.${payload}.${twin.toString('base64url')}`);
  assert.ok(first.ok && second.ok);
  assert.deepEqual(first.principal, second.principal);
});

test('what is not three strict base64url parts of JSON objects is malformed', async () => {
  const token = await signClaims(es, claims());
  const [header = '', payload = '', signature = ''] = token.split('.');
  const malformed = [
    '',
    '.',
    '..',
    '...',
    'ey',
    header,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.`,
    `${header}.${payload}.${signature}.x.y`,
    ` ${token}`,
    `${token}\n`,
    `${token}=`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}.${signature.replace(/./, '+')}`,
    `${header}.${payload}.${signature}!`,
    `${b64([])}.${payload}.${signature}`,
    `${header}.${b64('text')}.${signature}`,
    `${header}.${b64(null)}.${signature}`,
    `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${signature}`,
    `${header}.${Buffer.from('{"a":').toString('base64url')}.${signature}`,
    `${header}.${Buffer.from(`\ufeff${JSON.stringify(claims())}`).toString('base64url')}.${signature}`,
  ];
  for (const text of malformed) assert.equal(await endingOf(text), 'malformed_token', text.slice(0, 40));
});

test('a token has one spelling: bits that the decoder would ignore are refused', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const key of [es, rs]) {
    const token = await signClaims(key, claims());
    const last = alphabet.indexOf(token.slice(-1));
    const respelt = token.slice(0, -1) + alphabet.charAt(last + 1);
    const bytes = (text: string): string =>
      Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex');
    assert.equal(bytes(respelt), bytes(token), 'to a lenient decoder they are the same');
    assert.equal(await endingOf(token), 'is alice');
    assert.equal(await endingOf(respelt), 'malformed_token');
  }
});

test('a huge token is refused before it is looked into', async () => {
  assert.equal(await endingOf(await signClaims(es, claims({ pad: 'x'.repeat(20_000) }))), 'malformed_token');
  assert.equal(await endingOf('.'.repeat(1_000_000)), 'malformed_token');
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const nested = Buffer.from(`{"iss":"${issuerA.url}","sub":${deep}}`).toString('base64url');
  assert.notEqual((await endingOf(`${b64({ alg: 'ES256' })}.${nested}.AAAA`)).slice(0, 2), 'is');
});

test('nothing of a refused token reaches the detail for the record', async () => {
  const secret = 'hunter2-4111111111111111';
  const tokens = [
    await signClaims(es, claims({ iss: secret })),
    await signClaims(es, claims({ sub: `${secret}\n` })),
    await signClaims(es, claims({ aud: secret })),
    await signClaims(es, claims(), { kid: secret }),
    await signClaims(es, claims(), { typ: secret }),
    `${b64({ alg: secret })}.${b64(claims())}.AAAA`,
    secret,
    `sp_${secret}`,
  ];
  for (const token of tokens) {
    const identified = await kit.bearer(token);
    assert.ok(!identified.ok);
    assert.ok(!identified.detail.includes(secret), identified.detail);
  }
});

test('changing any one character of a token never makes it another identity', async () => {
  const tokens = await Promise.all([es, rs, ps, ed].map((key) => signClaims(key, claims())));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= \u0000é';
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...tokens),
      fc.nat(),
      fc.constantFrom(...alphabet.split('')),
      fc.constantFrom('replace', 'insert', 'delete'),
      async (token, place, character, how) => {
        const at = place % token.length;
        const rest = token.slice(how === 'insert' ? at : at + 1);
        const mutated = token.slice(0, at) + (how === 'delete' ? '' : character) + rest;
        fc.pre(mutated !== token);
        const identified = await kit.bearer(mutated);
        assert.ok(!identified.ok, `${how} at ${at} of ${token.length}`);
      },
    ),
    { numRuns: 1500 },
  );
});

test('changing any one byte under the base64url never makes it another identity', async () => {
  const token = await signClaims(es, claims());
  const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (part, place, flip) => {
      const bytes = parts.map((each) => Buffer.from(each));
      const target = bytes[part]!;
      target[place % target.length]! ^= flip;
      const identified = await kit.bearer(bytes.map((each) => each.toString('base64url')).join('.'));
      assert.ok(!identified.ok);
    }),
    { numRuns: 1000 },
  );
});
