import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIssuers } from './check-issuers.ts';
import { parseClaimPath, readClaim } from './claim-path.ts';
import { identitySchema } from './config.ts';
import { parseDuration } from './duration.ts';
import { isAcceptableUrl } from './issuer-url.ts';
import { issuerOptions } from '../../test/support/identity-kit.ts';

/** `path: message` of each problem. */
function problems(identity: unknown): readonly string[] {
  const read = identitySchema.safeParse(identity);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

test('the example of the design is read as it stands', () => {
  const read = identitySchema.parse({
    issuers: [
      {
        issuer: 'https://idp.example.com',
        audience: 'http://127.0.0.1:8400/mcp',
        claims: { subject: 'sub', groups: 'groups', email: 'email' },
      },
    ],
    local: { user: 'alice', groups: ['support'] },
    dev: false,
  });
  assert.deepEqual(read, {
    issuers: [
      {
        issuer: 'https://idp.example.com',
        audience: ['http://127.0.0.1:8400/mcp'],
        jwksUri: null,
        claims: { subject: 'sub', groups: 'groups', email: 'email', kind: null },
        algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'],
        prefix: '',
        groupsPrefix: '',
        clockSkewMs: 30_000,
        maxTokenAgeMs: null,
        requireAtJwt: false,
      },
    ],
    local: { user: 'alice', groups: ['support'] },
    dev: { enabled: false, users: {} },
    groups: null,
    jwksStaleForMs: 3_600_000,
    jwksMaxAgeMs: 600_000,
  });
});

test('nothing configured lets nobody in', () => {
  const read = identitySchema.parse({});
  assert.deepEqual([read.issuers, read.local, read.dev.enabled], [[], null, false]);
});

test('development users come with their groups and switch development on', () => {
  assert.deepEqual(identitySchema.parse({ dev: { users: { alice: ['support'] } } }).dev, {
    enabled: true,
    users: { alice: ['support'] },
  });
  assert.deepEqual(identitySchema.parse({ dev: true }).dev, { enabled: true, users: {} });
  assert.match(problems({ dev: 'yes' })[0] ?? '', /^dev: must be true, false, or users/);
});

test('unknown keys, and values that are not what they should be, are named with their place', () => {
  const issuer = 'https://idp.example.com';
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ isuers: [] }, /Unrecognized key: "isuers"/],
    [{ issuers: [{ issuer, jwks_url: 'x' }] }, /^issuers\.0: Unrecognized key: "jwks_url"/],
    [{ issuers: [{ issuer: 'http://idp.example.com' }] }, /^issuers\.0: .* must be an https URL/],
    [{ issuers: [{ issuer: 'idp' }] }, /^issuers\.0: .* or have a jwks_uri/],
    [{ issuers: [{ issuer, jwks_uri: 'http://idp.example.com/jwks' }] }, /^issuers\.0\.jwks_uri: .*https/],
    [{ issuers: [{ issuer, jwks_uri: 'https://u:p@idp.example.com/jwks' }] }, /^issuers\.0\.jwks_uri: /],
    [{ issuers: [{ issuer, algorithms: ['HS256'] }] }, /^issuers\.0\.algorithms\.0: /],
    [{ issuers: [{ issuer, algorithms: ['none'] }] }, /^issuers\.0\.algorithms\.0: /],
    [{ issuers: [{ issuer, algorithms: [] }] }, /^issuers\.0\.algorithms: /],
    [{ issuers: [{ issuer, audience: [] }] }, /^issuers\.0\.audience: /],
    [{ issuers: [{ issuer, clock_skew: '10m' }] }, /^issuers\.0\.clock_skew: must be a duration/],
    [{ issuers: [{ issuer, clock_skew: 30 }] }, /^issuers\.0\.clock_skew: /],
    [{ issuers: [{ issuer, claims: { groups: 'a..b' } }] }, /^issuers\.0\.claims\.groups: must name a claim/],
    [{ issuers: [{ issuer: 'urn:sallyport:dev', jwks_uri: `${issuer}/jwks` }] }, /this server's own/],
    [{ local: { user: ' alice' } }, /^local\.user: must be 1 to 255 visible/],
    [{ groups: ['support'], local: { user: 'a', groups: ['suport'] } }, /^local\.groups\.0: is not in/],
    [
      { groups: ['support'], dev: { users: { a: ['dba'] } } },
      /^dev\.users\.a\.0: is not in identity\.groups/,
    ],
  ];
  for (const [identity, message] of cases) {
    assert.match(problems(identity)[0] ?? 'no problem', message, JSON.stringify(identity));
  }
});

test('issuers whose principals could be confused are refused', () => {
  const list = (...prefixes: readonly string[]): readonly number[] =>
    checkIssuers(
      prefixes.map((prefix, at) => issuerOptions({ issuer: `https://idp${at}.example`, prefix })),
    ).map(({ index }) => index);
  assert.deepEqual(list('', 'a:', 'b:'), []);
  assert.deepEqual(list('', ''), [1]);
  assert.deepEqual(list('a:', 'a:'), [1]);
  assert.deepEqual(list('a:', 'b:', 'a:b:'), [2]);
  assert.deepEqual(list('a:b:', 'a:'), [1]);
  const twice = issuerOptions({ issuer: 'https://idp.example' });
  assert.match(checkIssuers([twice, { ...twice, prefix: 'x:' }])[0]?.message ?? '', /configured twice/);
});

test('an issuer that is only a name needs a jwks_uri', () => {
  assert.deepEqual(problems({ issuers: [{ issuer: 'my-idp', jwks_uri: 'https://idp.example/jwks' }] }), []);
});

test('only https is acceptable, and http to this machine in any spelling of it', () => {
  const acceptable = ['https://a.example/', 'http://localhost:1/', 'http://127.9.9.9/', 'http://[::1]/'];
  const others = [
    'http://a.example/',
    'http://127.0.0.1.a.example/',
    'http://localhost.a.example/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://[::ffff:10.0.0.1]/',
    'ftp://127.0.0.1/',
    'javascript:1',
    '',
  ];
  for (const url of acceptable) assert.ok(isAcceptableUrl(url, true), url);
  for (const url of others) assert.ok(!isAcceptableUrl(url, true), url);
  assert.ok(isAcceptableUrl('http://2130706433/', true), 'the same address as a number');
  assert.ok(!isAcceptableUrl('http://127.0.0.1/', false));
});

test('a claim is found by dots, by pointer and by its whole name', () => {
  const claims = {
    groups: ['a'],
    realm_access: { roles: ['b'] },
    'https://example.com/groups': ['c'],
    resource_access: { 'my.client': { roles: ['d'] } },
    'a/b': { '~': 'e' },
  };
  const read = (text: string): unknown => {
    const path = parseClaimPath(text);
    return path === null ? 'no path' : readClaim(claims, path);
  };
  assert.deepEqual(read('groups'), ['a']);
  assert.deepEqual(read('realm_access.roles'), ['b']);
  assert.deepEqual(read('/realm_access/roles'), ['b']);
  assert.deepEqual(read('https://example.com/groups'), ['c']);
  assert.deepEqual(read('/resource_access/my.client/roles'), ['d']);
  assert.equal(read('/a~1b/~0'), 'e');
  for (const missing of [
    'nothing',
    'groups.0',
    'groups.length',
    'realm_access.roles.x',
    'constructor.name',
  ]) {
    assert.equal(read(missing), undefined, missing);
  }
  for (const prototype of ['__proto__', 'toString', '/__proto__/toString', 'realm_access.__proto__']) {
    assert.equal(read(prototype), undefined, prototype);
  }
  for (const wrong of ['', '.', 'a.', '.a', '/', '//', '/a~2', '/a~'])
    assert.equal(read(wrong), 'no path', wrong);
});

test('durations are whole numbers with a unit', () => {
  assert.deepEqual(
    ['500ms', '30s', '5m', '12h', '7d', '0s'].map(parseDuration),
    [500, 30_000, 300_000, 43_200_000, 604_800_000, 0],
  );
  for (const text of ['', '5', 's', '-5s', '1.5h', '5 s', '5S', '5w', '5s ', 'constructor', '9999999999s']) {
    assert.equal(parseDuration(text), null, text);
  }
});
