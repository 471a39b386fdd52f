import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { OpenIdProvider } from '../support/openid-provider.ts';
import { createVisitor, type Visitor } from './browserless.ts';
import { startConsole, type ConsoleFixture } from './fixture.ts';

let fixture: ConsoleFixture;
let bob: Visitor;

before(async () => {
  fixture = await startConsole();
  bob = createVisitor(fixture.url);
  await bob.signIn('/console/sign-in', 'bob');
});
after(() => fixture.close());

const path = (id: string): string => `/console/approvals/${id}`;

describe('signing in', () => {
  test('an answer of the provider counts in the browser that began, and once', async () => {
    const victim = createVisitor(fixture.url);
    const thief = createVisitor(fixture.url);
    const callback = await victim.approachCallback('/console/sign-in', 'bob-victim');
    assert.equal((await thief.get(callback)).status, 403, 'no cookie of the flow');
    await thief.approachCallback('/console/sign-in', 'bob-thief');
    assert.equal((await thief.get(callback)).status, 403, 'another flow');
    const sealed = [...victim.cookies];
    const landed = await victim.get(callback);
    assert.equal(landed.status, 303);
    for (const [name, value] of sealed) victim.cookies.set(name, value);
    assert.equal((await victim.get(callback)).status, 403, 'replayed');
  });

  test('a forged state, a forged code and a provider’s refusal sign nobody in', async () => {
    const visitor = createVisitor(fixture.url);
    const callback = new URL(await visitor.approachCallback('/console/sign-in', 'bob-f'));
    const bend = async (change: (query: URLSearchParams) => void): Promise<number> => {
      const bent = new URL(callback);
      change(bent.searchParams);
      return (await visitor.get(bent.href)).status;
    };
    const flow = [...visitor.cookies];
    assert.equal(await bend((query) => query.set('state', 'x'.repeat(43))), 403);
    assert.equal(await bend((query) => query.delete('state')), 403);
    for (const [name, value] of flow) visitor.cookies.set(name, value);
    assert.equal(await bend((query) => query.append('state', 'y')), 403);
    for (const [name, value] of flow) visitor.cookies.set(name, value);
    assert.equal(await bend((query) => query.set('code', 'forged')), 403);
    for (const [name, value] of flow) visitor.cookies.set(name, value);
    assert.equal(await bend(() => undefined), 403, 'the state was used up');
    const denied = new URL(await visitor.approachCallback('/console/sign-in', 'bob-f'));
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    denied.searchParams.set('error_description', 'Call 555-0100 to be let in');
    const answer = await visitor.get(denied.href);
    assert.equal(answer.status, 403);
    assert.doesNotMatch((await answer.text()) + JSON.stringify(fixture.logs), /555-0100/);
    assert.match(JSON.stringify(fixture.logs), /access_denied/);
    assert.equal(visitor.cookies.has('sallyport-console'), false);
  });

  test('a sign-in that takes longer than ten minutes begins again', async () => {
    const slow = await startConsole();
    try {
      const visitor = createVisitor(slow.url);
      const callback = await visitor.approachCallback('/console/sign-in', 'bob');
      slow.clock.advance(10 * 60_000);
      assert.equal((await visitor.get(callback)).status, 403);
    } finally {
      await slow.close();
    }
  });

  test('the session gets a new id, whatever cookie was planted before', async () => {
    const visitor = createVisitor(fixture.url);
    visitor.cookies.set('sallyport-console', 'planted-by-somebody-else');
    await visitor.signIn('/console/sign-in', 'bob');
    const first = visitor.cookies.get('sallyport-console');
    assert.notEqual(first, 'planted-by-somebody-else');
    const planted = createVisitor(fixture.url);
    planted.cookies.set('sallyport-console', 'planted-by-somebody-else');
    assert.match(await (await planted.get('/console/approvals')).text(), /Sign in to review/);
    await visitor.signIn('/console/sign-in', 'bob');
    const old = createVisitor(fixture.url);
    old.cookies.set('sallyport-console', first ?? '');
    assert.match(
      await (await old.get('/console/approvals')).text(),
      /Sign in to review/,
      'the old one ended',
    );
  });

  test('the way back leads to a page of the console, wherever a link points', async () => {
    const id = fixture.memory.add().request.id;
    for (const [wanted, expected] of [
      [path(id), path(id)],
      ['https://evil.example/', '/console/approvals'],
      ['//evil.example', '/console/approvals'],
      ['/\\evil.example', '/console/approvals'],
      [`${path(id)}/../../../mcp`, '/console/approvals'],
      [`${path(id)}\r\nset-cookie: a=b`, '/console/approvals'],
      ['javascript:alert(1)', '/console/approvals'],
    ] as const) {
      const visitor = createVisitor(fixture.url);
      const landed = await visitor.signIn(`/console/sign-in?return=${encodeURIComponent(wanted)}`, 'bob');
      assert.equal(landed.headers.get('location'), expected);
    }
  });

  test('another site can’t begin a sign-in behind a person’s back', async () => {
    const visitor = createVisitor(fixture.url);
    const answer = await visitor.get('/console/sign-in', { 'sec-fetch-site': 'cross-site' });
    assert.equal(answer.status, 200);
    assert.equal(visitor.cookies.size, 0);
  });

  test('the cookie is for this host alone, for no script, and over TLS for nothing else', async () => {
    const secure = await startConsole(() => ({ publicUrl: 'https://gate.example' }));
    try {
      const token = await secure.devToken('bob', ['dba']);
      const answer = await fetch(`${secure.url}/console/sign-in/development`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ token }),
        headers: { origin: 'https://gate.example' },
      });
      const [session] = answer.headers.getSetCookie();
      assert.match(
        session ?? '',
        /^__Host-sallyport-console=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      );
    } finally {
      await secure.close();
    }
    const visitor = createVisitor(fixture.url);
    const begun = await visitor.get('/console/sign-in');
    assert.match(begun.headers.getSetCookie()[0] ?? '', /; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('a pasted token is a development token of a person, from a page of ours, with low assurance', async () => {
    const visitor = createVisitor(fixture.url);
    const paste = async (token: string, headers = {}): Promise<number> =>
      (await visitor.post('/console/sign-in/development', { token }, headers)).status;
    const { accessToken, idToken } = await fixture.provider.signIn('bob', `${fixture.url}/mcp`);
    assert.equal(await paste(accessToken), 403, 'what an agent holds');
    assert.equal(await paste(idToken), 403);
    assert.equal(await paste(await fixture.provider.serviceToken(`${fixture.url}/mcp`)), 403);
    assert.equal(await paste(''), 403);
    const token = await fixture.devToken('bob', ['dba']);
    assert.equal(await paste(token, { origin: 'https://evil.example' }), 403);
    assert.equal(visitor.cookies.size, 0);
    assert.equal(await paste(token), 303);
    const id = fixture.memory.add().request.id;
    const csrf = await visitor.csrf(path(id));
    await visitor.post(`${path(id)}/decide`, { csrf, decision: 'approve', duration: '30m' });
    const [verdict] = fixture.memory.get(id).verdicts;
    assert.equal(verdict?.assurance, 'low');
    assert.equal(verdict?.grantMs, 30 * 60_000);
  });

  test('where development tokens are off, none is taken and none is asked for', async () => {
    const strict = await startConsole(() => ({ devSignIn: false }));
    try {
      const visitor = createVisitor(strict.url);
      const token = await strict.devToken('bob', ['dba']);
      assert.equal((await visitor.post('/console/sign-in/development', { token })).status, 403);
      assert.doesNotMatch(await (await visitor.get('/console/approvals')).text(), /Development/);
    } finally {
      await strict.close();
    }
  });

  test('a client with a secret signs people in, too', async () => {
    const secret = (clientSecret: string) => (provider: OpenIdProvider) => ({
      signIn: { issuer: provider.issuer, clientId: 'console-with-secret', clientSecret, scopes: ['openid'] },
    });
    const right = await startConsole((provider) => secret(provider.consoleSecret)(provider));
    const wrong = await startConsole(secret('not-the-secret'));
    try {
      const one = createVisitor(right.url);
      assert.equal((await one.signIn('/console/sign-in', 'bob')).status, 303);
      const two = createVisitor(wrong.url);
      assert.equal((await two.signIn('/console/sign-in', 'bob')).status, 403);
      assert.match(JSON.stringify(wrong.logs), /code_not_redeemed.*CHALLENGE 401/);
    } finally {
      await Promise.all([right.close(), wrong.close()]);
    }
  });

  test('a provider that can’t be reached is named as the reason, and asked again the next time', async () => {
    const gone = await startConsole(() => ({
      signIn: { issuer: 'http://127.0.0.1:9', clientId: 'console', clientSecret: null, scopes: ['openid'] },
    }));
    try {
      const answer = await createVisitor(gone.url).get('/console/sign-in');
      assert.equal(answer.status, 502);
      assert.match(await answer.text(), /cannot be reached/);
    } finally {
      await gone.close();
    }
  });

  test('a token of another audience opens nothing, and the log says why', async () => {
    const other = await startConsole(() => ({ resource: 'http://127.0.0.1:1/mcp' }));
    try {
      const visitor = createVisitor(other.url);
      const answer = await visitor.signIn('/console/sign-in', 'bob');
      assert.equal(answer.status, 403);
      assert.equal(visitor.cookies.has('sallyport-console'), false);
      assert.equal(other.logs.at(-1)?.fields['failure'], 'wrong_audience');
    } finally {
      await other.close();
    }
  });
});

describe('a session', () => {
  test('ends with its token, after half an hour of rest, and when the person signs out', async () => {
    const short = await startConsole();
    try {
      const id = short.memory.add().request.id;
      const one = createVisitor(short.url);
      await one.signIn('/console/sign-in', 'bob');
      const csrf = await one.csrf(path(id));
      // The provider's tokens live for ten minutes; the gateway allows half a minute of skew.
      short.clock.advance(11 * 60_000);
      assert.equal((await one.post(`${path(id)}/decide`, { csrf, decision: 'approve' })).status, 403);
      assert.equal(short.memory.get(id).status, 'pending');

      const two = createVisitor(short.url);
      await two.post('/console/sign-in/development', { token: await short.devToken('bob', ['dba']) });
      assert.match(await (await two.get('/console/approvals')).text(), /Signed in as/);
      short.clock.advance(31 * 60_000);
      assert.match(await (await two.get('/console/approvals')).text(), /Sign in to review/);

      const three = createVisitor(short.url);
      await three.post('/console/sign-in/development', { token: await short.devToken('bob', ['dba']) });
      const kept = three.cookies.get('sallyport-console') ?? '';
      const out = await three.post('/console/sign-out', { csrf: await three.csrf('/console/approvals') });
      assert.equal(out.status, 303);
      three.cookies.set('sallyport-console', kept);
      assert.match(await (await three.get('/console/approvals')).text(), /Sign in to review/);

      const four = createVisitor(short.url);
      await four.post('/console/sign-in/development', { token: await short.devToken('bob', ['dba']) });
      for (let hour = 0; hour < 8 * 3; hour += 1) {
        short.clock.advance(20 * 60_000);
        await four.get('/console/approvals');
      }
      assert.match(
        await (await four.get('/console/approvals')).text(),
        /Sign in to review/,
        'a shift is over',
      );
    } finally {
      await short.close();
    }
  });

  test('two cookies of one name are none: one of them was planted', async () => {
    const value = bob.cookies.get('sallyport-console') ?? '';
    const twice = await fetch(`${fixture.url}/console/approvals`, {
      headers: { cookie: `sallyport-console=${value}; sallyport-console=other` },
    });
    assert.match(await twice.text(), /Sign in to review/);
  });
});

test('no token, code, state or cookie is in the log', async () => {
  const text = JSON.stringify(fixture.logs);
  assert.match(text, /console sign-in/);
  assert.doesNotMatch(text, /eyJ|code=|state=/);
  for (const value of bob.cookies.values()) assert.equal(text.includes(value), false);
});
