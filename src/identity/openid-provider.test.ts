import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AUDIENCE,
  ending,
  identityKit,
  issuerOptions,
  type IdentityKit,
} from '../../test/support/identity-kit.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../../test/support/openid-provider.ts';

let provider: OpenIdProvider;
let kit: IdentityKit;

before(async () => {
  provider = await startOpenIdProvider();
  kit = identityKit({
    issuers: [issuerOptions({ issuer: provider.issuer, claims: { groups: 'realm_access.roles' } })],
  });
});

after(async () => {
  kit.close();
  await provider.close();
});

test('a person who signed in at a real OpenID provider is that person here', async () => {
  const { accessToken } = await provider.signIn('alice', AUDIENCE);
  const identified = await kit.bearer(accessToken);
  assert.ok(identified.ok);
  const { credential, ...person } = identified.principal;
  assert.deepEqual(person, {
    kind: 'user',
    id: 'alice',
    issuer: provider.issuer,
    groups: ['support'],
    email: 'alice@example.com',
  });
  assert.equal(credential.kind, 'jwt');
  assert.match(credential.id, /^[\w-]{43}$/, 'the jti that the provider gave it');
});

test('a service with client credentials is a service here, in every algorithm the provider signs with', async () => {
  for (const algorithm of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
    provider.algorithm = algorithm;
    const identified = await kit.bearer(await provider.serviceToken(AUDIENCE));
    assert.ok(identified.ok, algorithm);
    assert.equal(identified.principal.kind, 'service');
    assert.equal(identified.principal.id, 'robot');
    assert.deepEqual(identified.principal.groups, ['robots']);
  }
  provider.algorithm = 'ES256';
});

test('the ID token of the same sign-in is refused', async () => {
  const { idToken } = await provider.signIn('alice', AUDIENCE);
  assert.equal(ending(await kit.bearer(idToken)), 'wrong_audience');
});

test('a token that the provider issued for another resource is refused', async () => {
  const { accessToken } = await provider.signIn('alice', 'https://other.example.com/mcp');
  assert.equal(ending(await kit.bearer(accessToken)), 'wrong_audience');
  const service = await provider.serviceToken('https://other.example.com/mcp');
  assert.equal(ending(await kit.bearer(service)), 'wrong_audience');
});

test('an opaque token, which only the provider can read, is refused', async () => {
  assert.equal(ending(await kit.bearer(await provider.serviceToken(null))), 'malformed_token');
});

test('a token of the provider expires here, too', async () => {
  const later = identityKit({
    issuers: [issuerOptions({ issuer: provider.issuer })],
  });
  const token = await provider.serviceToken(AUDIENCE);
  assert.equal(ending(await later.bearer(token)), 'is robot');
  later.clock.advance(640_000);
  assert.equal(ending(await later.bearer(token)), 'expired');
  later.close();
});
