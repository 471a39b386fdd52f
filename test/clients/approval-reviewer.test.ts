import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { askedSettings, type AskedSetting, type Said } from './asked-client.ts';
import { openSession, startFixture, type HttpFixture } from './http-fixture.ts';

const approve: Said = { action: 'accept', content: { decision: 'approve', comment: 'seen' } };
const sessionful = askedSettings.filter(({ era, transport }) => era === '2025' && transport === 'http');
const reviewer = { token: 'bob-token', elicitation: { form: {} } } as const;

async function fixtureFor(run: (fixture: HttpFixture) => Promise<void>): Promise<void> {
  const fixture = await startFixture({ approvals: true });
  try {
    await run(fixture);
  } finally {
    await fixture.front.close(2_000);
  }
}

const reviews = ({ gateway }: HttpFixture) => gateway.calls.filter(({ tool }) => tool === 'review_approvals');

for (const setting of sessionful) {
  describe(setting.name, { timeout: 300_000 }, () => {
    test('the idle session of a reviewer is asked as soon as a request appears, and again for the next', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        const client = await setting.connect(fixture, { ...reviewer, person: () => approve });
        await gateway.until(() => gateway.approvals.waiting() === 1);
        assert.equal(client.questions.length, 0);
        for (const approval of ['apr_a', 'apr_b']) {
          gateway.approvals.file(approval);
          await gateway.until(() => gateway.approvals.decided.some(({ state }) => state === approval));
        }
        assert.deepEqual(
          client.questions.map(({ message }) => message),
          ['Review apr_a', 'Review apr_b'],
        );
        assert.deepEqual(gateway.approvals.decided[0], {
          state: 'apr_a',
          action: 'accept',
          content: { decision: 'approve', comment: 'seen' },
          by: 'asked-client',
        });
        const [first] = reviews(fixture);
        assert.deepEqual(first?.credential, { kind: 'bearer', token: 'bob-token' });
        assert.match(first?.origin.transportSession ?? '', /./);
        await client.close();
      }));

    test('who closes the form is left alone, and the session works on', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        const client = await setting.connect(fixture, { ...reviewer, person: () => ({ action: 'cancel' }) });
        gateway.approvals.file('apr_a');
        await gateway.until(() => gateway.approvals.decided.length === 1);
        gateway.approvals.file('apr_b');
        await sleep(200);
        assert.equal(client.questions.length, 1);
        assert.equal((await client.call('echo'))['isError'] ?? false, false);
        await client.close();
      }));

    test('nobody else is asked: neither who may not review, nor who takes no questions', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        gateway.approvals.file('apr_a');
        const clients = await Promise.all([
          setting.connect(fixture, { ...reviewer, token: 'alice-token' }),
          setting.connect(fixture, { token: 'bob-token' }),
        ]);
        await sleep(300);
        assert.deepEqual(
          clients.map(({ questions }) => questions.length),
          [0, 0],
        );
        assert.equal(reviews(fixture).length, 0);
        for (const client of clients) await client.close();
      }));

    test('who takes links alone is shown no form, whatever the gateway asks', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        gateway.approvals.file('apr_a');
        const client = await setting.connect(fixture, { token: 'bob-token', elicitation: { url: {} } });
        await gateway.until(() => reviews(fixture).length > 0);
        assert.deepEqual(reviews(fixture)[0]?.origin.elicitation, { form: false, url: true });
        await sleep(100);
        assert.equal(client.questions.length, 0);
        await client.close();
      }));

    test('a review that the client calls for itself goes first, and the session waits again after it', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        const client = await setting.connect(fixture, { ...reviewer, person: () => approve });
        await gateway.until(() => gateway.approvals.waiting() === 1);
        const own = client.call('review_approvals', { own: true });
        await gateway.until(() => reviews(fixture).some(({ arguments: args }) => args['own'] === true));
        await gateway.until(() => gateway.approvals.waiting() === 1);
        const before = reviews(fixture).length;
        gateway.approvals.file('apr_a');
        await own;
        assert.equal(client.questions.length, 1);
        await gateway.until(() => reviews(fixture).length > before + 1);
        assert.equal(reviews(fixture).at(-1)?.input, null);
        await client.close();
      }));

    test('with the stream or the server gone, nobody waits for requests any more', async () => {
      const fixture = await startFixture({ approvals: true });
      const { gateway } = fixture;
      const gone = await setting.connect(fixture, reviewer);
      await gateway.until(() => gateway.approvals.waiting() === 1);
      await gone.close();
      await gateway.until(() => gateway.approvals.waiting() === 0);
      const stays = await setting.connect(fixture, reviewer);
      await gateway.until(() => gateway.approvals.waiting() === 1);
      await fixture.front.close(10_000);
      assert.equal(gateway.approvals.waiting(), 0);
      await stays.close();
    });

    test('a token that is revoked ends the asking', () =>
      fixtureFor(async (fixture) => {
        const { gateway } = fixture;
        const client = await setting.connect(fixture, { ...reviewer, person: () => approve });
        await gateway.until(() => gateway.approvals.waiting() === 1);
        const { length } = reviews(fixture);
        gateway.revoke('bob-token');
        await gateway.until(() => reviews(fixture).length === length + 1);
        gateway.approvals.file('apr_a');
        await sleep(200);
        assert.equal(reviews(fixture).length, length + 1);
        assert.equal(client.questions.length, 0);
        await client.close();
      }));
  });
}

test('a reviewer whose stream broke is asked over the next one', () =>
  fixtureFor(async (fixture) => {
    const { gateway, url } = fixture;
    const headers = await openSession(url, '2025-11-25', 'Bearer bob-token', { elicitation: { form: {} } });
    const broken = new AbortController();
    await fetch(url, { headers, signal: broken.signal });
    await gateway.until(() => gateway.approvals.waiting() === 1);
    const refused = await fetch(url, { headers });
    assert.equal(refused.status, 409);
    await refused.text();
    broken.abort();
    let next = await fetch(url, { headers });
    while (next.status === 409) next = await fetch(url, { headers });
    gateway.approvals.file('apr_a');
    const reader = next.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('Review apr_a')) text += (await reader.read()).value ?? assert.fail('it ended');
    await reader.cancel();
  }));

function overStdio(): AskedSetting {
  return askedSettings.find(({ era, transport }) => era === '2025' && transport === 'stdio') ?? assert.fail();
}

test('the local user is asked over stdio', { timeout: 300_000 }, async () => {
  await fixtureFor(async (fixture) => {
    let answered = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const client = await overStdio().connect(fixture, {
      elicitation: {},
      person: () => {
        answered();
        return approve;
      },
    });
    await client.call('file_request');
    await asked;
    await client.call('echo');
    assert.equal(client.questions[0]?.['message'], 'Review apr_filed');
    const calls = await client.seen();
    const inputs = calls.filter(({ tool }) => tool === 'review_approvals').map(({ input }) => input);
    assert.equal(inputs[0], null);
    assert.ok(inputs.some((input) => input?.state === 'apr_filed' && input.action === 'accept'));
  });
});
