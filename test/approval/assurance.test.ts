import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { recordsIn } from '../path/on-record.ts';
import { until } from '../path/waiting.ts';
import type { Said } from '../clients/asked-client.ts';
import {
  approvalOf,
  approvalsOf,
  came,
  connectPerson,
  hold,
  mark,
  marks,
  post,
  runAs,
  toldOf,
} from './held-gateway.ts';
import { decideOn, startSignedIn, type SignedInGateway } from './signed-in-gateway.ts';
import { answer as answerTask, approvalIn, asTask, declaring, ended, get } from './task-client.ts';

const held = {
  customers: '@approval("dba")\n@assurance("high")',
  orders: '@approval("requester")\n@assurance("high")',
  notes: '@approval("dba")\n@justify',
};
const approving = { decision: 'approve' };
const both = { form: {}, url: {} };

/** At one of them a held call is answered at once, at the other it waits. */
let at: SignedInGateway;
let waits: SignedInGateway;
let alice: string;
let bob: string;
before(async () => {
  [at, waits] = await Promise.all([startSignedIn({ held }), startSignedIn({ held, wait: '15s' })]);
  [alice, bob] = await Promise.all([at.token('alice'), at.token('bob')]);
});
after(async () => {
  await Promise.all([at.close(), waits.close()]);
});

const pageOf = (one: SignedInGateway, id: string): string =>
  `${new URL(one.gateway.endpoint).origin}/console/approvals/${id}`;
const verdictsOn = async (id: string) =>
  (await approvalOf(at.gateway, id)).verdicts.map(({ by, channel, assurance }) => [
    by.id,
    channel,
    assurance,
  ]);

test('a reviewer who must sign in is given the link, and nothing that their client says counts', async () => {
  const { gateway } = at;
  const args = mark('customers', 1);
  const id = await hold(gateway, alice, args);
  const shown = await post(gateway, bob, 'review_approvals', {}, { elicitation: both });
  assert.equal(shown.url, pageOf(at, id), 'the address of the page and nothing more: no secret, no query');
  assert.ok(shown.message.includes(args.statement), shown.message);
  assert.ok(!shown.message.includes('http'), 'the address is not in the message');
  for (const content of [approving, { decision: 'approve', comment: 'x', duration: 'once' }, {}]) {
    const answer = { state: shown.state ?? '', content };
    const said = await post(gateway, bob, 'review_approvals', {}, { answer, elicitation: both });
    assert.equal(said.outcome, 'answered', said.text);
    assert.ok(said.text.includes(`${id} is not decided yet`), said.text);
  }
  assert.equal((await approvalOf(gateway, id)).status, 'pending');

  // The same page takes the word of who signs in there.
  const browser = await at.browser('bob', pageOf(at, id));
  assert.equal((await decideOn(browser, pageOf(at, id))).status, 303);
  assert.deepEqual(await verdictsOn(id), [['bob', 'console', 'high']]);
  const ran = await post(gateway, alice, 'run_sql', args);
  assert.equal(ran.outcome, 'answered', ran.text);
  assert.equal(marks(gateway, 'customers', 1), 1);
  const told = await toldOf(gateway, id);
  assert.deepEqual(told[0]?.event['demands'], [
    { policy: 'held.customers', from: 'dba', approvals: 1, assurance: 'high' },
  ]);
  assert.ok(told.some(({ event }) => event['channel'] === 'link' && event['whom'] === 'bob'));
  assert.equal(told.find(({ type }) => type === 'approval.decided')?.event['assurance'], 'high');
});

test('a reviewer whose client takes no links is told where to decide, and may decide on the command line', async () => {
  const { gateway } = at;
  const args = mark('customers', 2);
  const id = await hold(gateway, alice, args);
  const listed = await post(gateway, bob, 'review_approvals', {}, { asks: true });
  assert.deepEqual([listed.outcome, listed.state], ['answered', undefined]);
  assert.ok(listed.text.includes(pageOf(at, id)), listed.text);
  const list = await runAs(gateway, bob, 'approvals', 'list');
  assert.match(list.stdout, new RegExp(`${id}.*high assurance`));
  const ruled = await runAs(gateway, bob, 'approvals', 'approve', id);
  assert.equal(ruled.code, 0, ruled.stderr);
  assert.deepEqual(await verdictsOn(id), [['bob', 'cli', 'high']]);
  assert.equal((await post(gateway, alice, 'run_sql', args)).outcome, 'answered');
});

test('what waits names the page, and who may decide there', async () => {
  const { gateway } = at;
  const { text, approval = '' } = await post(gateway, alice, 'run_sql', mark('customers', 3));
  assert.ok(text.includes(`It is decided by people who sign in at ${pageOf(at, approval)}.`), text);
});

test('a requester who must sign in is given the link; to follow it, with any content, decides nothing', async () => {
  const { gateway } = at;
  const args = mark('orders', 1);
  const asked = await post(gateway, alice, 'run_sql', args, { elicitation: both });
  const id = asked.url?.split('/').at(-1) ?? '';
  assert.equal(asked.url, pageOf(at, id));
  for (const content of [approving, {}]) {
    const answer = { state: asked.state ?? '', content };
    const said = await post(gateway, alice, 'run_sql', args, { answer, elicitation: both });
    assert.equal(said.outcome, 'awaiting_approval', said.text);
  }
  // Their agent holds the token of the command line, and so that proves nothing of the person.
  const ruled = await runAs(gateway, alice, 'approvals', 'approve', id);
  assert.deepEqual([ruled.code, ruled.stdout], [1, '']);
  assert.match(ruled.stderr, /sign in/);
  assert.deepEqual(await verdictsOn(id), []);
  assert.equal(marks(gateway, 'orders', 1), 0);

  const browser = await at.browser('alice', pageOf(at, id));
  assert.equal((await decideOn(browser, pageOf(at, id))).status, 303);
  assert.deepEqual(await verdictsOn(id), [['alice', 'console', 'high']]);
  assert.equal((await post(gateway, alice, 'run_sql', args, { elicitation: both })).outcome, 'answered');
  assert.equal(marks(gateway, 'orders', 1), 1);
});

test('a task that waits for a requester who must sign in gives the link, and ends by what was decided there', async () => {
  const { gateway } = at;
  const meta = declaring({ elicitation: both });
  const made = await asTask(gateway, alice, mark('orders', 9), meta);
  const asked = await get(gateway, alice, made.taskId, meta);
  const [question] = Object.values(asked.inputRequests ?? {});
  const { mode, url = '' } = question?.params ?? assert.fail(JSON.stringify(asked));
  assert.deepEqual([asked.status, mode, url], ['input_required', 'url', pageOf(at, approvalIn(asked))]);
  const said = await answerTask(gateway, alice, asked, { action: 'accept', content: approving });
  assert.equal(said.status, 200, said.text);
  assert.deepEqual(await verdictsOn(approvalIn(asked)), []);
  assert.equal((await get(gateway, alice, made.taskId, meta)).status, 'input_required');
  assert.equal(marks(gateway, 'orders', 9), 0);

  const browser = await at.browser('alice', url);
  assert.equal((await decideOn(browser, url)).status, 303);
  const done = await ended(gateway, alice, made.taskId);
  assert.deepEqual([done.status, done.result?.isError], ['completed', false], JSON.stringify(done));
  assert.equal(marks(gateway, 'orders', 9), 1);
});

test('a requester whose client takes forms alone is not asked by form, but told where to sign in', async () => {
  const { gateway } = at;
  const told = await post(gateway, alice, 'run_sql', mark('orders', 2), { asks: true });
  assert.equal(told.outcome, 'awaiting_approval');
  assert.ok(told.text.includes(pageOf(at, told.approval ?? '')), told.text);
});

test('who declines to follow the link has declined, and who closes it is asked again', async () => {
  const { gateway } = at;
  const args = mark('orders', 3);
  const asked = await post(gateway, alice, 'run_sql', args, { elicitation: both });
  const put = { state: asked.state ?? '', action: 'cancel' };
  const aside = await post(gateway, alice, 'run_sql', args, { answer: put, elicitation: both });
  assert.match(aside.text, /put aside/);
  const again = await post(gateway, alice, 'run_sql', args, { elicitation: both });
  assert.equal(again.url, asked.url);
  const no = { state: again.state ?? '', action: 'decline' };
  const declined = await post(gateway, alice, 'run_sql', args, { answer: no, elicitation: both });
  assert.match(declined.text, /alice declined/);
  assert.equal(
    (await approvalsOf(gateway)).find(({ request }) => asked.url?.endsWith(request.id))?.status,
    'declined',
  );
});

test('somebody else who is lured to the page of a requester decides nothing there', async () => {
  const { gateway } = at;
  const { url = '' } = await post(gateway, alice, 'run_sql', mark('orders', 4), { elicitation: both });
  const { pathname } = new URL(url);
  const anna = await at.browser('anna', url);
  assert.equal((await anna.get(pathname)).status, 404, 'to a stranger it does not exist');
  const dora = await at.browser('dora', url);
  assert.doesNotMatch(await (await dora.get(pathname)).text(), /name="decision"/);
  const csrf = await dora.csrf('/console/approvals');
  assert.equal((await dora.post(`${pathname}/decide`, { csrf, decision: 'approve' })).status, 403);
  const nobody = await fetch(url);
  assert.doesNotMatch(await nobody.text(), /run_sql|UPDATE/, 'and who is not signed in sees nothing');
  assert.deepEqual(await verdictsOn(pathname.split('/').at(-1) ?? ''), []);
});

test('where policy asks for nothing more, a client that takes both is asked by form', async () => {
  const asked = await post(at.gateway, alice, 'run_sql', mark('notes', 1), { elicitation: both });
  assert.deepEqual([asked.outcome, asked.url], ['input_required', undefined]);
  assert.match(asked.message, /Why is this needed/);
});

test('a client that takes links alone is given the one to the page where the requester says why', async () => {
  const { gateway } = at;
  const args = mark('notes', 3);
  const asked = await post(gateway, alice, 'run_sql', args, { elicitation: { url: {} } });
  const { url = '', state = '' } = asked;
  assert.match(asked.message, /say why this is needed/);
  const answer = { state, content: { justification: 'Says the client.' } };
  const said = await post(gateway, alice, 'run_sql', args, { answer, elicitation: { url: {} } });
  assert.equal(said.outcome, 'awaiting_approval');
  const id = said.approval ?? '';
  assert.equal(
    (await approvalOf(gateway, id)).justification,
    null,
    'what comes with a link is nobody’s word',
  );
  const browser = await at.browser('alice', url);
  assert.equal((await decideOn(browser, url, { comment: 'Ticket 12.' }, 'justify')).status, 303);
  const waiting = await post(gateway, alice, 'run_sql', args, { elicitation: { url: {} } });
  assert.deepEqual(
    [waiting.outcome, waiting.approval],
    ['awaiting_approval', id],
    'she has said all that is asked',
  );
});

test('what wants a reason is shown to no reviewer before it is there; the requester can say it on the page', async () => {
  const { gateway } = at;
  const args = mark('notes', 2);
  const { text, approval: id = '' } = await post(gateway, alice, 'run_sql', args);
  assert.ok(text.includes(`First its requester has to say why at ${pageOf(at, id)}.`), text);
  const review = await post(gateway, bob, 'review_approvals', {}, { asks: true });
  assert.ok(!`${review.text}${review.message}`.includes(id));
  const list = await runAs(gateway, bob, 'approvals', 'list');
  assert.ok(!list.stdout.includes(id), list.stdout);
  for (const verdict of ['approve', 'decline']) {
    const early = await runAs(gateway, bob, 'approvals', verdict, id);
    assert.match(early.stderr, /has not said yet why/);
  }
  const reviewer = await at.browser('bob', pageOf(at, id));
  const { pathname } = new URL(pageOf(at, id));
  assert.match(
    await (await reviewer.get('/console/approvals')).text(),
    /Waiting for its requester to say why/,
  );
  const page = await (await reviewer.get(pathname)).text();
  assert.match(page, /waits for its requester to say why/);
  assert.doesNotMatch(page, /name="decision"|\/justify"/);
  const csrf = await reviewer.csrf('/console/approvals');
  assert.equal((await reviewer.post(`${pathname}/decide`, { csrf, ...approving })).status, 409);
  assert.equal((await reviewer.post(`${pathname}/justify`, { csrf, comment: 'For bob.' })).status, 403);

  const requester = await at.browser('alice', pageOf(at, id));
  assert.equal((await decideOn(requester, pageOf(at, id), { comment: ' ' }, 'justify')).status, 400);
  assert.equal(
    (await decideOn(requester, pageOf(at, id), { comment: 'Ticket 4711.' }, 'justify')).status,
    303,
  );
  assert.equal((await approvalOf(gateway, id)).justification, 'Ticket 4711.');
  assert.match(await (await reviewer.get(pathname)).text(), /Ticket 4711\.[\s\S]*name="decision"/);
  assert.equal((await decideOn(reviewer, pageOf(at, id))).status, 303);
  assert.equal((await post(gateway, alice, 'run_sql', args)).outcome, 'answered');
});

test('who signs in to the console, and who does not get in, is on record', async () => {
  const { gateway } = at;
  const known = (await recordsIn(gateway)).length;
  await at.browser('bob-records', '/console/approvals');
  const origin = new URL(gateway.endpoint).origin;
  assert.equal((await fetch(`${origin}/console/callback?code=x&state=forged`)).status, 403);
  const records = (await recordsIn(gateway)).slice(known);
  const signedIn = records.find(({ type }) => type === 'console.signed_in');
  const { principal, issuer, groups, proof } = signedIn?.event ?? {};
  assert.deepEqual([principal, issuer, groups, proof], ['bob-records', at.provider.issuer, ['dba'], 'oidc']);
  const refused = records.find(({ event }) => event['failure'] === 'console_sign_in');
  assert.deepEqual([refused?.type, refused?.event['detail']], ['door.refused', 'unknown_state']);
  assert.doesNotMatch(JSON.stringify(records), /forged/);
});

for (const [index, client] of (['v2 of 2026', 'v2 of 2025', 'v1 of 2025'] as const).entries()) {
  const follow: Said = { action: 'accept' };

  test(`SDK ${client}: the requester follows the link, decides on the page, and the call that waited runs`, async () => {
    const row = 20 + index;
    const requester = await connectPerson(waits.gateway, client, {
      token: await waits.token('alice'),
      elicitation: both,
      person: async ({ url }) => {
        const page = String(url);
        void waits.browser('alice', page).then((browser) => decideOn(browser, page));
        return follow;
      },
    });
    const done = came(await requester.call('run_sql', mark('orders', row)));
    assert.equal(done.outcome, 'answered', done.text);
    assert.equal(marks(waits.gateway, 'orders', row), 1);
    const [question = assert.fail('nobody was asked')] = requester.questions;
    assert.equal(question['mode'], 'url');
    const ids = client === 'v2 of 2026' ? [] : [question['elicitationId']];
    assert.deepEqual(
      requester.completed,
      ids,
      'told that the page is done with, where the revision has that',
    );
    await requester.close();
  });

  test(`SDK ${client}: the reviewer follows the link, once, and the call that waited runs with their word`, async () => {
    const row = 30 + index;
    const reviewer = await connectPerson(waits.gateway, client, {
      token: await waits.token('bob'),
      elicitation: { url: {} },
      person: async ({ url }) => {
        const page = String(url);
        void waits.browser('bob', page).then((browser) => decideOn(browser, page));
        return follow;
      },
    });
    const requester = await connectPerson(waits.gateway, client, { token: await waits.token('alice') });
    const asking = requester.call('run_sql', mark('customers', row));
    const reviews = client === 'v2 of 2026' ? reviewer.call('review_approvals') : Promise.resolve();
    const done = came(await asking);
    assert.equal(done.outcome, 'answered', done.text);
    assert.equal(reviewer.questions.length, 1);
    if (client !== 'v2 of 2026')
      await until('that it is done with', () =>
        reviewer.completed[0] === reviewer.questions[0]?.['elicitationId'] ? true : null,
      );
    await requester.close();
    await reviewer.close();
    await reviews.catch(() => undefined);
  });
}
