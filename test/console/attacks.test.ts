import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createVisitor, type Visitor } from './browserless.ts';
import { startConsole, type ConsoleFixture } from './fixture.ts';

let fixture: ConsoleFixture;
let bob: Visitor;

before(async () => {
  fixture = await startConsole();
  bob = createVisitor(fixture.url);
  const landed = await bob.signIn('/console/sign-in', 'bob');
  assert.equal(landed.status, 303);
  assert.equal(landed.headers.get('location'), '/console/approvals');
});
after(() => fixture.close());

const path = (id: string): string => `/console/approvals/${id}`;

describe('forms', () => {
  let id: string;
  beforeEach(() => {
    id = fixture.memory.add().request.id;
  });
  const pending = (): void => assert.equal(fixture.memory.get(id).status, 'pending');

  test('a decision without the form’s token is not taken', async () => {
    assert.equal((await bob.post(`${path(id)}/decide`, { decision: 'approve' })).status, 403);
    assert.equal((await bob.post(`${path(id)}/decide`, { decision: 'approve', csrf: '' })).status, 403);
    assert.equal(
      (await bob.post(`${path(id)}/decide`, { decision: 'approve', csrf: 'A'.repeat(43) })).status,
      403,
    );
    pending();
  });

  test('a decision from another origin is not taken, even with the right token', async () => {
    const csrf = await bob.csrf(path(id));
    const fields = { decision: 'approve', csrf };
    const from: readonly Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: fixture.url.replace('http:', 'https:') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of from) {
      assert.equal(
        (await bob.post(`${path(id)}/decide`, fields, headers)).status,
        403,
        JSON.stringify(headers),
      );
    }
    const bare = await fetch(new URL(`${path(id)}/decide`, fixture.url), {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie: [...bob.cookies].map((pair) => pair.join('=')).join('; ') },
    });
    assert.equal(bare.status, 403, 'neither Origin nor Sec-Fetch-Site');
    pending();
  });

  test('the token of one session is of no use in another', async () => {
    const other = createVisitor(fixture.url);
    await other.signIn('/console/sign-in', 'bobby');
    const csrf = await other.csrf(path(id));
    assert.equal((await bob.post(`${path(id)}/decide`, { decision: 'approve', csrf })).status, 403);
    pending();
  });

  test('a GET decides nothing, and JSON is no form', async () => {
    const csrf = await bob.csrf(path(id));
    const query = `?decision=approve&csrf=${csrf}`;
    assert.equal((await bob.get(`${path(id)}/decide${query}`)).status, 405);
    assert.equal((await bob.get(`${path(id)}/revoke${query}`)).status, 405);
    assert.equal((await bob.get(`${path(id)}${query}`)).status, 200);
    assert.equal((await bob.get('/console/sign-out')).status, 405);
    const json = await fetch(new URL(`${path(id)}/decide`, fixture.url), {
      method: 'POST',
      body: JSON.stringify({ decision: 'approve', csrf }),
      headers: {
        origin: fixture.url,
        'content-type': 'application/json',
        cookie: [...bob.cookies].map((pair) => pair.join('=')).join('; '),
      },
    });
    assert.equal(json.status, 415);
    pending();
  });

  test('a form that is too large, or says something else, is not taken', async () => {
    const csrf = await bob.csrf(path(id));
    const large = await bob.post(`${path(id)}/decide`, {
      csrf,
      decision: 'approve',
      comment: 'x'.repeat(20_000),
    });
    assert.equal(large.status, 413);
    for (const wrong of [
      {},
      { decision: 'APPROVE' },
      { decision: 'approve', duration: '9000h' },
      { decision: 'approve', comment: 'x'.repeat(1001) },
    ] as Record<string, string>[]) {
      assert.equal((await bob.post(`${path(id)}/decide`, { csrf, ...wrong })).status, 400);
    }
    pending();
  });

  test('approving takes the desk’s way, once, with high assurance', async () => {
    const csrf = await bob.csrf(path(id));
    const done = await bob.post(`${path(id)}/decide`, { csrf, decision: 'approve', comment: ' fine ' });
    assert.equal(done.status, 303);
    assert.equal(done.headers.get('location'), path(id));
    const { status, verdicts } = fixture.memory.get(id);
    assert.equal(status, 'approved');
    assert.deepEqual(
      verdicts.map(({ by, channel, assurance, comment, grantMs }) => ({
        by: by.id,
        channel,
        assurance,
        comment,
        grantMs,
      })),
      [{ by: 'bob', channel: 'console', assurance: 'high', comment: 'fine', grantMs: null }],
    );
    const again = await bob.post(`${path(id)}/decide`, { csrf, decision: 'decline' });
    assert.equal(again.status, 409);
    assert.match(await again.text(), /first decision stands/);
  });

  test('a request that ran out or was declined meanwhile says so', async () => {
    const csrf = await bob.csrf(path(id));
    const late = fixture.memory.add({}, { expiresAt: fixture.clock() - 1 });
    const answer = await bob.post(`${path(late.request.id)}/decide`, { csrf, decision: 'approve' });
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /Too late/);
    assert.equal(fixture.memory.get(late.request.id).verdicts.length, 0);
  });

  test('a store that fails takes no decision, and its words reach neither page nor log', async () => {
    const csrf = await bob.csrf(path(id));
    fixture.memory.broken = true;
    const answer = await bob.post(`${path(id)}/decide`, { csrf, decision: 'approve' });
    fixture.memory.broken = false;
    assert.equal(answer.status, 503);
    assert.doesNotMatch((await answer.text()) + JSON.stringify(fixture.logs), /hunter2/);
    pending();
  });
});

describe('who sees what', () => {
  test('nobody sees anything without signing in', async () => {
    const { request } = fixture.memory.add();
    const stranger = createVisitor(fixture.url);
    for (const page of ['/console/approvals', path(request.id)]) {
      const shown = await (await stranger.get(page)).text();
      assert.match(shown, /Sign in/);
      assert.doesNotMatch(shown, /UPDATE|customers|alice/);
    }
    const answer = await stranger.post(`${path(request.id)}/decide`, { decision: 'approve', csrf: 'x' });
    assert.equal(answer.status, 403);
  });

  test('a person whom policy lets approve nothing sees nothing, and can’t tell which requests exist', async () => {
    const { request } = fixture.memory.add();
    const mallory = createVisitor(fixture.url);
    await mallory.signIn('/console/sign-in', 'mallory');
    const shown = await (await mallory.get('/console/approvals')).text();
    assert.match(shown, /lets you approve nothing/);
    assert.doesNotMatch(shown, /apr_/);
    const real = await mallory.get(path(request.id));
    const unreal = await mallory.get(path('apr_0193a000-0000-7000-8000-ffffffffffff'));
    assert.equal(real.status, 404);
    assert.equal(await real.text(), await unreal.text());
    const csrf = await mallory.csrf('/console/approvals');
    const decided = await mallory.post(`${path(request.id)}/decide`, { csrf, decision: 'approve' });
    assert.equal(decided.status, 404);
    const revoked = await mallory.post(`${path(request.id)}/revoke`, { csrf });
    assert.equal(revoked.status, 404);
    assert.equal(fixture.memory.get(request.id).status, 'pending');
  });

  test('who looks at what is told before it is shown, and where it can not be, nothing is shown', async () => {
    const { request } = fixture.memory.add();
    const looker = createVisitor(fixture.url);
    await looker.signIn('/console/sign-in', 'bob-looks');
    await looker.get('/console/approvals');
    await looker.get(path(request.id));
    const looks = fixture.looks.filter(({ who }) => who === 'bob-looks');
    assert.deepEqual(
      looks.map(({ approval }) => approval),
      [null, request.id],
    );
    fixture.memory.broken = true;
    const shown = await looker.get(path(request.id));
    fixture.memory.broken = false;
    assert.equal(shown.status, 503);
    assert.doesNotMatch(await shown.text(), /UPDATE|customers/);
  });

  test('whoever asked sees their own request and may withdraw it, but gets no way to approve it', async () => {
    const requester = { kind: 'user', id: 'bob-asks', issuer: fixture.provider.issuer } as const;
    const { request } = fixture.memory.add({}, { requester });
    const asker = createVisitor(fixture.url);
    await asker.signIn('/console/sign-in', 'bob-asks');
    const shown = await (await asker.get(path(request.id))).text();
    assert.doesNotMatch(shown, /value="approve"/);
    const csrf = await asker.csrf(path(request.id));
    const answer = await asker.post(`${path(request.id)}/decide`, { csrf, decision: 'approve' });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /Policy does not let you/);
    assert.equal((await asker.post(`${path(request.id)}/revoke`, { csrf })).status, 303);
    assert.equal(fixture.memory.get(request.id).status, 'revoked');
  });

  test('a statement, name, comment or client can’t become markup, nor hide what it says', async () => {
    const evil =
      '</pre><script>alert(1)</script><img src=x onerror=alert(2)>"\'><form action=//evil.example>';
    const { request } = fixture.memory.add(
      {
        justification: evil,
        verdicts: [
          {
            by: { kind: 'user', id: evil, issuer: evil },
            approve: true,
            policies: [],
            channel: 'cli',
            assurance: 'high',
            comment: evil,
            grantMs: null,
            at: fixture.clock(),
          },
        ],
      },
      {
        client: evil,
        reason: evil,
        tool: evil,
        connection: evil,
        environment: evil,
        requester: { kind: 'user', id: evil, issuer: evil },
        arguments: { [evil]: evil, statement: 'SELECT 1 --\u202E\u200B\nDROP', nested: { [evil]: [evil] } },
        facts: { sql: { kinds: [evil], tables: [evil], columns: [{ table: evil }] } },
      },
    );
    for (const page of [path(request.id), '/console/approvals']) {
      const shown = await (await bob.get(page)).text();
      assert.doesNotMatch(shown, /<script|<img|<form action=\/\/|\u202E|\u200B/);
      assert.equal(shown.match(/<\/pre>/g)?.length, shown.match(/<pre/g)?.length);
    }
    assert.match(await (await bob.get(path(request.id))).text(), /--\\u\{202e\}\\u\{200b\}\nDROP<\/pre>/);
  });
});

test('every page forbids scripts, frames, foreign forms and caching', async () => {
  for (const page of ['/console/approvals', '/console/nothing', '/console/callback', path('apr_0')]) {
    const { headers } = await bob.get(page);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(
      policy,
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('access-control-allow-origin'), null);
  }
});
