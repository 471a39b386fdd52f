import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { newSigningKey, startTestIssuer, type TestIssuer } from '../../test/support/test-issuer.ts';
import { fetchKeys, type FetchedKeys } from './fetch-keys.ts';

const key = await newSigningKey('ES256', 'one');
const open = new AbortController().signal;
let issuer: TestIssuer;

beforeEach(async () => {
  issuer = await startTestIssuer([key]);
});
afterEach(() => issuer.close());

const discover = (name = issuer.url): Promise<FetchedKeys> =>
  fetchKeys(fetch, { issuer: name, jwksUri: null }, open);
/** Answers one path with what the test says, and leaves the rest to the issuer. */
const answer = (path: string, reply: (res: ServerResponse) => void): void => {
  issuer.intercept = (req: IncomingMessage, res: ServerResponse) => {
    if (req.url !== path) return false;
    reply(res);
    return true;
  };
};
const OPENID = '/.well-known/openid-configuration';
const json = (value: unknown) => (res: ServerResponse) => res.end(JSON.stringify(value));
const detail = (fetched: FetchedKeys): string => (fetched.ok ? 'ok' : fetched.detail);

test('keys are found through OpenID discovery', async () => {
  const fetched = await discover();
  assert.ok(fetched.ok);
  assert.deepEqual(
    fetched.keys.map(({ kid }) => kid),
    ['one'],
  );
  assert.deepEqual(issuer.requests, [OPENID, '/jwks']);
});

test('keys are found through OAuth metadata where there is no OpenID', async () => {
  const tenant = `${issuer.url}/tenant`;
  answer('/.well-known/oauth-authorization-server/tenant', (res) =>
    json({ issuer: tenant, jwks_uri: `${issuer.url}/jwks` })(res),
  );
  assert.ok((await discover(tenant)).ok);
  assert.equal(issuer.requests[0], '/tenant/.well-known/openid-configuration');
});

test('metadata that names another issuer is refused', async () => {
  for (const name of [`${issuer.url}/`, 'https://other.example', undefined, [issuer.url]]) {
    answer(OPENID, json({ issuer: name, jwks_uri: `${issuer.url}/jwks` }));
    assert.match(detail(await discover()), /names another issuer/);
  }
  assert.ok(!issuer.requests.includes('/jwks'));
});

test('metadata can point to https only, or to this machine where the issuer is on it', async () => {
  for (const uri of ['http://10.0.0.1/jwks', 'file:///etc/passwd', 'data:,x', 'jwks', 7, undefined]) {
    answer(OPENID, json({ issuer: issuer.url, jwks_uri: uri }));
    assert.match(detail(await discover()), /no jwks_uri with https/, String(uri));
  }
});

test('an issuer elsewhere can not point us at this machine', async () => {
  const elsewhere: typeof fetch = async () =>
    Response.json({ issuer: 'https://idp.example', jwks_uri: `${issuer.url}/jwks` });
  const fetched = await fetchKeys(elsewhere, { issuer: 'https://idp.example', jwksUri: null }, open);
  assert.match(detail(fetched), /no jwks_uri with https/);
});

test('a redirect is not followed', async () => {
  for (const path of [OPENID, '/jwks']) {
    answer(path, (res) => res.writeHead(302, { location: `${issuer.url}/elsewhere` }).end());
    assert.match(detail(await discover()), /answered 302/);
  }
  assert.ok(!issuer.requests.includes('/elsewhere'));
});

test('an answer without end is cut off', async () => {
  answer('/jwks', (res) => {
    res.writeHead(200);
    const more = (): void => {
      while (!res.destroyed && res.write('x'.repeat(65_536)));
    };
    res.on('drain', more);
    more();
  });
  assert.match(detail(await discover()), /more than 262144 bytes/);
});

test('what is not a key set is not an empty key set', async () => {
  for (const value of [
    {},
    [],
    null,
    'text',
    { keys: {} },
    { keys: Array.from({ length: 101 }, () => ({})) },
  ]) {
    answer('/jwks', json(value));
    assert.match(detail(await discover()), /is not a JWK set/, JSON.stringify(value).slice(0, 30));
  }
  answer('/jwks', (res) => res.end('<html>secret</html>'));
  assert.match(detail(await discover()), /it is not JSON\.$/);
  answer('/jwks', json({ keys: [] }));
  assert.deepEqual(await discover(), { ok: true, keys: [] });
});

test('an endpoint that answers with an error or not at all says so', async () => {
  answer('/jwks', (res) => res.writeHead(500).end('{"keys":[]}'));
  assert.match(detail(await discover()), /answered 500/);
  const gone = await startTestIssuer([key]);
  await gone.close();
  assert.match(detail(await discover(gone.url)), /could not be read: ECONNREFUSED/);
});
