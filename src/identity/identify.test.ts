import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApiKey } from '../model/api-key.ts';
import type { IdentityFailure } from '../model/principal.ts';
import { createApiKey } from './api-keys.ts';
import { loadDevKeys, signDevToken, type DevKeys } from './dev-tokens.ts';
import {
  AUDIENCE,
  ending,
  goodClaims,
  identityKit,
  issuerOptions,
  testClock,
} from '../../test/support/identity-kit.ts';
import {
  newSigningKey,
  signClaims,
  startTestIssuer,
  type TestIssuer,
} from '../../test/support/test-issuer.ts';

const key = await newSigningKey('ES256', 'one');
const stranger = await newSigningKey('ES256', 'two');
let issuer: TestIssuer;
let folder: string;
let devKeys: DevKeys;

before(async () => {
  issuer = await startTestIssuer([key]);
  folder = await mkdtemp(join(tmpdir(), 'sallyport-identity-'));
  devKeys = await loadDevKeys(join(folder, 'dev-key.json'));
});
after(async () => {
  await issuer.close();
  await rm(folder, { recursive: true });
});

const dev = { user: 'alice', groups: ['support'], audience: AUDIENCE, ttlSeconds: 60 };

test('every way to fail at the door can happen and is told apart', async () => {
  const clock = testClock();
  const good = createApiKey(
    { service: 'ci', groups: [], createdBy: 'alice', now: clock(), expiresAt: null },
    randomBytes,
  );
  const revoked = createApiKey(
    { service: 'ci', groups: [], createdBy: 'alice', now: clock(), expiresAt: null },
    randomBytes,
  );
  const rows = [{ ...revoked.row, revokedAt: clock() }];
  const down = await startTestIssuer([]);
  await down.close();
  const kit = identityKit(
    {
      issuers: [
        issuerOptions({ issuer: issuer.url }),
        issuerOptions({ issuer: down.url, prefix: 'down:' }),
        issuerOptions({ issuer: 'https://rsa.example', prefix: 'rsa:', algorithms: ['RS256'] }),
      ],
      findApiKey: async (id) => rows.find((row) => row.id === id) ?? null,
    },
    clock,
  );
  const now = clock() / 1000;
  const sign = async (over: object, by = key): Promise<string> =>
    ending(await kit.bearer(await signClaims(by, { ...goodClaims(issuer.url, clock), ...over })));
  const show = async (token: string): Promise<string> => ending(await kit.bearer(token));

  // The type makes this table complete: a failure that is added must be shown here.
  const failures: Readonly<Record<IdentityFailure, () => Promise<string>>> = {
    no_credential: async () => ending(await kit.identify({ kind: 'none' })),
    local_user_off: async () => ending(await kit.identify({ kind: 'local' })),
    malformed_token: () => show('nonsense'),
    algorithm_not_allowed: () => sign({ iss: 'https://rsa.example' }),
    unknown_issuer: () => sign({ iss: 'https://stranger.example' }),
    unknown_key: () => sign({}, stranger),
    keys_unavailable: () => sign({ iss: down.url }),
    bad_signature: async () => sign({}, { ...stranger, kid: 'one' }),
    wrong_audience: () => sign({ aud: 'https://other.example' }),
    expired: () => sign({ exp: now - 60 }),
    not_yet_valid: () => sign({ nbf: now + 60 }),
    bad_claims: () => sign({ sub: 7 }),
    unknown_api_key: () => show(good.key),
    revoked_api_key: () => show(revoked.key),
    dev_tokens_off: async () => show(await signDevToken(dev, devKeys, clock())),
  };
  for (const [failure, happen] of Object.entries(failures)) assert.equal(await happen(), failure);
  kit.close();
});

test('the local user is who the configuration says', async () => {
  const kit = identityKit({ local: { user: 'alice', groups: ['support', 'dba', 'support'] } });
  assert.deepEqual(await kit.identify({ kind: 'local' }), {
    ok: true,
    principal: {
      kind: 'user',
      id: 'alice',
      issuer: 'local',
      groups: ['dba', 'support'],
      credential: { kind: 'local', id: 'local' },
    },
  });
  assert.equal(ending(await kit.identify({ kind: 'none' })), 'no_credential');
});

test('a development token identifies its user while they are on, and says what it is', async () => {
  const kit = identityKit({ devKeys });
  const token = await signDevToken({ ...dev, email: 'alice@example.com' }, devKeys, kit.clock());
  const identified = await kit.bearer(token);
  assert.ok(identified.ok);
  const { credential, ...person } = identified.principal;
  assert.deepEqual(person, {
    kind: 'user',
    id: 'alice',
    issuer: 'urn:sallyport:dev',
    groups: ['support'],
    email: 'alice@example.com',
  });
  assert.equal(credential.kind, 'dev_token');
  kit.clock.advance(91_000);
  assert.equal(ending(await kit.bearer(token)), 'expired');
});

test('a development token of another installation or for another server is refused', async () => {
  const kit = identityKit({ devKeys });
  const foreign = await loadDevKeys(join(folder, 'foreign.json'));
  const show = async (token: string): Promise<string> => ending(await kit.bearer(token));
  assert.equal(await show(await signDevToken(dev, foreign, kit.clock())), 'unknown_key');
  const elsewhere = { ...dev, audience: 'https://other.example/mcp' };
  assert.equal(await show(await signDevToken(elsewhere, devKeys, kit.clock())), 'wrong_audience');
});

test('no issuer can speak for the one of development tokens', async () => {
  const kit = identityKit({ devKeys, issuers: [issuerOptions({ issuer: issuer.url })] });
  const claims = { ...goodClaims('urn:sallyport:dev', kit.clock) };
  assert.equal(ending(await kit.bearer(await signClaims(key, claims))), 'algorithm_not_allowed');
  kit.close();
});

test('issuers that contradict one another make no identifier', () => {
  const one = issuerOptions({ issuer: 'https://a.example' });
  const two = issuerOptions({ issuer: 'https://b.example' });
  assert.throws(() => identityKit({ issuers: [one, two] }), /without a prefix/);
});

test('nested groups, a prefix and another subject claim are read as configured', async () => {
  const kit = identityKit({
    issuers: [
      issuerOptions({
        issuer: issuer.url,
        prefix: 'kc:',
        claims: { subject: 'preferred_username', groups: 'realm_access.roles', email: '/contact/mail' },
      }),
    ],
  });
  const identified = await kit.bearer(
    await signClaims(key, {
      ...goodClaims(issuer.url, kit.clock),
      preferred_username: 'bob',
      realm_access: { roles: ['dba', 'audit', 'dba'] },
      contact: { mail: 'bob@example.com' },
    }),
  );
  assert.ok(identified.ok);
  assert.equal(identified.principal.id, 'kc:bob');
  assert.deepEqual(identified.principal.groups, ['audit', 'dba']);
  assert.equal(identified.principal.email, 'bob@example.com');
  kit.close();
});

test('groups that can not be read refuse the caller instead of leaving the groups out', async () => {
  const kit = identityKit({ issuers: [issuerOptions({ issuer: issuer.url })] });
  const endingWith = async (over: object): Promise<string> =>
    ending(await kit.bearer(await signClaims(key, { ...goodClaims(issuer.url, kit.clock), ...over })));
  const unreadable = [7, {}, true, ['a', 7], [''], ['a\n'], [['a']], Array.from({ length: 1001 }, () => 'a')];
  for (const groups of unreadable) assert.equal(await endingWith({ groups }), 'bad_claims');
  // Microsoft Entra, where there are too many.
  const elsewhere = { groups: undefined, _claim_names: { groups: 'src1' }, _claim_sources: { src1: {} } };
  assert.equal(await endingWith(elsewhere), 'bad_claims');
  assert.equal(await endingWith({ groups: undefined, hasgroups: true }), 'bad_claims');
  assert.equal(await endingWith({ groups: undefined }), 'is alice');
  assert.equal(await endingWith({ groups: 'support' }), 'is alice');
  kit.close();
});

test('a token that no person stands behind is of a service', async () => {
  const kit = identityKit({
    issuers: [
      issuerOptions({
        issuer: issuer.url,
        claims: { kind: { claim: 'gty', service: ['client-credentials'] } },
      }),
    ],
  });
  const kindWith = async (over: object): Promise<string> => {
    const claims = { ...goodClaims(issuer.url, kit.clock), ...over };
    const identified = await kit.bearer(await signClaims(key, claims));
    return identified.ok ? identified.principal.kind : identified.failure;
  };
  assert.equal(await kindWith({}), 'user');
  assert.equal(await kindWith({ client_id: 'app' }), 'user');
  assert.equal(await kindWith({ sub: 'app', client_id: 'app' }), 'service');
  assert.equal(await kindWith({ sub: 'app', azp: 'app' }), 'service');
  assert.equal(await kindWith({ gty: 'client-credentials' }), 'service');
  assert.equal(await kindWith({ gty: 'password' }), 'user');
  kit.close();
});

test('an address that the issuer has not verified is left out', async () => {
  const kit = identityKit({ issuers: [issuerOptions({ issuer: issuer.url })] });
  const emailWith = async (over: object): Promise<string | undefined> => {
    const claims = { ...goodClaims(issuer.url, kit.clock), ...over };
    const identified = await kit.bearer(await signClaims(key, claims));
    assert.ok(identified.ok);
    return identified.principal.email;
  };
  assert.equal(await emailWith({ email: 'a@example.com' }), 'a@example.com');
  assert.equal(await emailWith({ email: 'a@example.com', email_verified: true }), 'a@example.com');
  assert.equal(await emailWith({ email: 'a@example.com', email_verified: false }), undefined);
  assert.equal(await emailWith({ email: 'not an address' }), undefined);
  assert.equal(await emailWith({ email: 7 }), undefined);
  kit.close();
});

test('an issuer can be held to RFC 9068 types and to a greatest age', async () => {
  const kit = identityKit({
    issuers: [issuerOptions({ issuer: issuer.url, require_at_jwt: true, max_token_age: '5m' })],
  });
  const now = kit.clock() / 1000;
  const endingWith = async (over: object, typ = 'at+jwt'): Promise<string> =>
    ending(
      await kit.bearer(await signClaims(key, { ...goodClaims(issuer.url, kit.clock), ...over }, { typ })),
    );
  assert.equal(await endingWith({}), 'is alice');
  assert.equal(await endingWith({}, 'JWT'), 'bad_claims');
  assert.equal(await endingWith({ iat: undefined }), 'bad_claims');
  assert.equal(await endingWith({ iat: now - 340 }), 'expired');
  kit.close();
});

test('the credential is named by its jti, or by a digest where that is not fit for a record', async () => {
  const kit = identityKit({ issuers: [issuerOptions({ issuer: issuer.url })] });
  const idWith = async (jti: unknown): Promise<string> => {
    const claims = { ...goodClaims(issuer.url, kit.clock), jti };
    const identified = await kit.bearer(await signClaims(key, claims));
    assert.ok(identified.ok);
    return identified.principal.credential.id;
  };
  assert.equal(await idWith('a-1'), 'a-1');
  for (const jti of [undefined, 7, '', 'a\nb', 'x'.repeat(129), 'alice@example.com']) {
    assert.match(await idWith(jti), /^sha256:[0-9a-f]{32}$/);
  }
  kit.close();
});

test('an API key store that fails refuses the key, and nothing of its error is told', async () => {
  const kit = identityKit({
    findApiKey: async () => {
      throw new TypeError('postgres://root:hunter2@db/');
    },
  });
  const { key: apiKey } = createApiKey(
    { service: 'ci', groups: [], createdBy: 'alice', now: kit.clock(), expiresAt: null },
    randomBytes,
  );
  const identified = await kit.bearer(apiKey);
  assert.equal(ending(identified), 'keys_unavailable');
  assert.deepEqual(kit.events, [
    { kind: 'api_keys_unavailable', detail: 'The store of API keys failed: TypeError.' },
  ]);
  assert.ok(!JSON.stringify(identified).includes('hunter2'));
});

test('a service is known by its key until the key is revoked or expires', async () => {
  const clock = testClock();
  const rows = new Map<string, ApiKey>();
  const kit = identityKit({ findApiKey: async (id) => rows.get(id) ?? null }, clock);
  const { key: apiKey, row } = createApiKey(
    {
      service: 'ci',
      groups: ['robots', 'ci', 'ci'],
      createdBy: 'alice',
      now: clock(),
      expiresAt: clock() + 60_000,
    },
    randomBytes,
  );
  rows.set(row.id, row);
  assert.deepEqual(await kit.bearer(apiKey), {
    ok: true,
    principal: {
      kind: 'service',
      id: 'ci',
      issuer: 'api-key',
      groups: ['ci', 'robots'],
      credential: { kind: 'api_key', id: row.id, expiresAt: row.expiresAt },
    },
  });
  const again = kit.identify({ kind: 'bearer', token: apiKey });
  assert.ok(!(again instanceof Promise) && again.ok, 'a second look within a second asks no store');
  rows.set(row.id, { ...row, revokedAt: clock() });
  clock.advance(1000);
  assert.equal(ending(await kit.bearer(apiKey)), 'revoked_api_key');
  rows.set(row.id, row);
  clock.advance(59_000);
  assert.equal(ending(await kit.bearer(apiKey)), 'expired', 'exactly on time, without any skew');
});
