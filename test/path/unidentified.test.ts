import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { modernCall, send, type Reply } from '../clients/http-fixture.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import {
  newSigningKey,
  signClaims,
  startTestIssuer,
  type SigningKey,
  type TestIssuer,
} from '../support/test-issuer.ts';
import { connectAgent } from './agent.ts';
import { exampleFolder, peek } from './example.ts';
import { openLine, type Line } from './line.ts';
import { assertNotIn, assertNotInStore, history, recordsIn } from './on-record.ts';
import { until } from './waiting.ts';

let issuer: TestIssuer;
let key: SigningKey;
let gateway: GatewayProcess;
let line: Line;
/** Every credential that was presented, good or bad: none may be found anywhere. */
const presented: string[] = [];

before(async () => {
  key = await newSigningKey('ES256', 'key-1');
  issuer = await startTestIssuer([key]);
  const issuers = `  issuers:\n    - { issuer: '${issuer.url}', clock_skew: 0s }\n`;
  const folder = await exampleFolder({
    config: (yaml) => yaml.replace('identity:\n', `identity:\n${issuers}`),
  });
  [gateway, line] = await Promise.all([startGateway({ folder }), openLine()]);
});
after(async () => {
  await gateway.stop();
  await Promise.all([line.close(), issuer.close()]);
});

async function knock(authorization: string | null, query = ''): Promise<Reply> {
  const { headers, message } = modernCall('add_note', { customer_id: 1, body: 'by a stranger' });
  delete headers['authorization'];
  if (authorization !== null) {
    headers['authorization'] = authorization;
    presented.push(authorization.replace('Bearer ', ''));
  }
  return await send(`${gateway.endpoint}${query}`, headers, message);
}

async function token(expiresAt: number): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer.url,
    sub: 'alice',
    aud: gateway.endpoint,
    iat,
    exp: expiresAt,
    groups: ['support'],
  };
  const made = await signClaims(key, claims);
  presented.push(made);
  return made;
}

const CASES: readonly (readonly [string, () => Promise<string | null>, string])[] = [
  ['no credential', async () => null, 'no_credential'],
  ['a token that is none', async () => 'Bearer not-a-token-at-all', 'malformed_token'],
  ['an expired token', async () => `Bearer ${await token(Math.floor(Date.now() / 1000) - 5)}`, 'expired'],
  [
    'an API key that was never given out',
    async () => 'Bearer slp_AAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'malformed_token',
  ],
  [
    'a token with another’s signature',
    async () => {
      const good = await token(Math.floor(Date.now() / 1000) + 60);
      return `Bearer ${good.slice(0, good.lastIndexOf('.'))}.${'A'.repeat(86)}`;
    },
    'bad_signature',
  ],
];

for (const [what, credential, failure] of CASES)
  test(`${what} gets 401 and a challenge at the door, and is on record`, async () => {
    const known = (await recordsIn(gateway)).length;
    const { status, headers, text } = await knock(await credential());
    assert.equal(status, 401);
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer .*resource_metadata="http/);
    assert.match(text, /Unauthorized/);
    const records = (await recordsIn(gateway)).slice(known);
    assert.deepEqual(
      records.map(({ type, event }) => [type, event['failure']]),
      [['door.refused', failure]],
    );
  });

test('a token in the query string is refused, though it is good', async () => {
  const good = await token(Math.floor(Date.now() / 1000) + 60);
  const { status } = await knock(null, `?access_token=${good}`);
  assert.equal(status, 400);
  assert.equal((await recordsIn(gateway)).at(-1)?.event['failure'], 'token_in_query');
});

for (const era of ['modern', 'legacy'] as const)
  test(`a token that expires during a session (${era}) carries no further call in`, async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 3;
    const agent = await connectAgent(gateway.endpoint, await token(expiresAt), { era });
    assert.equal((await agent.call('list_customers', { city: 'Berlin', limit: 1 })).outcome, 'answered');
    await until('the token to expire', () => (Date.now() > expiresAt * 1000 ? true : null));
    await assert.rejects(agent.call('add_note', { customer_id: 1, body: 'by a stranger' }));
    assert.equal((await recordsIn(gateway)).at(-1)?.event['failure'], 'expired');
    await agent.close().catch(() => undefined);
  });

test('a credential that stops being good between the door and the line is refused there, as a call', async () => {
  const identify = () => ({ ok: false, failure: 'revoked_api_key', detail: 'key slp_test' }) as const;
  const answer = await line.call('add_note', { customer_id: 1, body: 'by a stranger' }, { identify });
  assert.ok(answer.outcome === 'refused' && answer.cause === 'unidentified');
  assert.equal(answer.reason, 'The caller could not be identified. Sign in again and repeat the call.');
  const [refused] = await history(line.folder, answer.call, ['call.refused']);
  const { cause, detail, principal } = refused.event;
  assert.deepEqual(
    { cause, detail, principal, session: refused.session },
    { cause: 'unidentified', detail: 'revoked_api_key: key slp_test', principal: undefined, session: null },
  );
});

test('no stranger wrote anything, and no credential is in the store or the log', () => {
  for (const { dir, configPath, storePath } of [gateway, line.folder])
    assert.equal(
      peek({ dir, configPath, storePath }, `SELECT count(*) FROM notes WHERE body = 'by a stranger'`),
      0,
    );
  assertNotInStore(gateway, presented);
  assertNotIn('the log', gateway.stderr(), presented);
  const signatures = presented.map((each) => each.split('.').at(-1)!);
  assertNotInStore(gateway, signatures);
});
