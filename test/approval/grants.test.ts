import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { assertNotIn, assertNotInStore, recordsIn } from '../path/on-record.ts';
import { until } from '../path/waiting.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import {
  approvalOf,
  hold,
  mark,
  marks,
  post,
  rule,
  runAs,
  shown,
  startHeld,
  tokenFor,
  toldOf,
} from './held-gateway.ts';

interface Delivered {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SECRET = Buffer.alloc(32, 9).toString('base64');
const delivered: Delivered[] = [];
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    delivered.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
});

let gateway: GatewayProcess;
let alice: string;
let bob: string;
let dora: string;
before(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const hook = (format: string): string =>
    `    - url: http://127.0.0.1:${port}/${format}\n      secret: whsec_${SECRET}\n      format: ${format}\n`;
  gateway = await startHeld({
    held: {
      customers: '@approval("dba")\n@approvals("2")',
      orders: '@approval("dba")\n@grants("30m")',
      notes: '@approval("dba")',
    },
    approval: `  webhooks:\n${hook('standard')}${hook('slack')}`,
  });
  alice = await tokenFor(gateway, 'alice', 'support');
  bob = await tokenFor(gateway, 'bob', 'dba');
  dora = await tokenFor(gateway, 'dora', 'dba');
});
after(async () => {
  await gateway.stop();
  receiver.close();
});

test('where two are asked for, it takes two people, and nobody counts twice', async () => {
  const args = mark('customers', 1);
  const id = await hold(gateway, alice, args);
  const { state } = await shown(gateway, bob, id);
  for (let again = 0; again < 2; again += 1)
    await post(gateway, bob, 'review_approvals', {}, { answer: { state } });
  // Another token, and other groups beside, make no other person.
  const bobAgain = await tokenFor(gateway, 'bob', 'dba', 'audit');
  const twice = await runAs(gateway, bobAgain, 'approvals', 'approve', id);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /decided it already/);
  const { status, verdicts } = await approvalOf(gateway, id);
  assert.deepEqual([status, verdicts.length], ['pending', 1]);
  assert.equal(await hold(gateway, alice, args), id);
  assert.equal(marks(gateway, 'customers', 1), 0);

  await rule(gateway, dora, id);
  const ran = await post(gateway, alice, 'run_sql', args);
  assert.equal(ran.outcome, 'answered', ran.text);
  assert.equal(marks(gateway, 'customers', 1), 1);
});

test('a shape that was approved for a while runs with other values, each use on record, until it is revoked', async () => {
  const id = await hold(gateway, alice, mark('orders', 1));
  const longer = await runAs(gateway, bob, 'approvals', 'approve', id, '--for', '1h');
  assert.equal(longer.code, 1, 'longer than policy grants');
  assert.equal((await approvalOf(gateway, id)).status, 'pending');
  await rule(gateway, bob, id, { decision: 'approve', duration: '15m' });
  const granted = await approvalOf(gateway, id);
  const decidedAt = granted.verdicts[0]?.at ?? 0;
  assert.equal(granted.grantedUntil, decidedAt + 15 * 60_000);

  const ran = await Promise.all(
    [1, 2, 3, 1].map((row) => post(gateway, alice, 'run_sql', mark('orders', row))),
  );
  for (const { outcome, text: said } of ran) assert.equal(outcome, 'answered', said);
  assert.deepEqual(
    [1, 2, 3].map((row) => marks(gateway, 'orders', row)),
    [2, 1, 1],
  );
  const running = await runAs(gateway, bob, 'approvals', 'list');
  assert.match(
    running.stdout,
    new RegExp(`${id} {2}granted to alice: run_sql on crm, until .* used 4 times`),
  );
  const anna = await tokenFor(gateway, 'anna', 'support');
  assert.notEqual(await hold(gateway, anna, mark('orders', 4)), id, 'it is hers alone');

  const revoked = await runAs(gateway, bob, 'approvals', 'revoke', id);
  assert.equal(revoked.code, 0, revoked.stderr);
  assert.notEqual(await hold(gateway, alice, mark('orders', 5)), id);
  assert.equal(marks(gateway, 'orders', 5), 0);

  const told = (await toldOf(gateway, id)).map(({ type }) => type);
  assert.deepEqual(
    told.filter((type) => type !== 'approval.asked'),
    ['requested', 'decided', 'used', 'used', 'used', 'used', 'revoked'].map((what) => `approval.${what}`),
  );
  const intents = (await recordsIn(gateway)).filter(
    ({ type, event }) => type === 'call.intent' && event['approval'] === id,
  );
  assert.equal(intents.length, 4);
});

test('a request is told to programs and to Slack, signed, masked, with a link to the page; and so it stands on record', async () => {
  const secrets = ['ada.lovelace@example.com', '4111111111111111', '4111 1111 1111 1111'];
  const statement = `UPDATE notes SET body = 'to ada.lovelace@example.com, card 4111 1111 1111 1111' WHERE id = 1`;
  const before_ = delivered.length;
  const id = await hold(gateway, alice, { statement });
  const messages = await until('both webhooks', () => {
    const found = delivered.slice(before_).filter(({ body }) => body.includes(id));
    return found.length === 2 ? found : null;
  });
  for (const { headers, body } of messages) {
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const wanted = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(signed).digest('base64');
    assert.equal(headers['webhook-signature'], `v1,${wanted}`);
    assert.ok(body.includes(`/console/approvals/${id}`));
    assert.ok(body.includes('UPDATE notes SET body'), body);
    assertNotIn('the webhook', body, secrets);
  }
  await until('both deliveries on record', async () => {
    const asked = (await toldOf(gateway, id)).filter(({ event }) => event['channel'] === 'webhook');
    return asked.length === 2 ? asked : null;
  });
  const inbox = await runAs(gateway, bob, 'approvals', 'show', id);
  assert.ok(inbox.stdout.includes('UPDATE notes SET body'), inbox.stderr);
  assertNotIn('what the reviewer is shown', inbox.stdout, secrets);
  // Nor in what a reviewer writes, nor anywhere in the store.
  await rule(gateway, bob, id, { decision: 'decline', comment: 'Not to ada.lovelace@example.com.' });
  const refused = await post(gateway, alice, 'run_sql', { statement });
  assert.match(refused.text, /bob declined .* Not to \[redacted:email\]/);
  assertNotInStore(gateway, secrets);
  assertNotIn('the log', gateway.stderr(), secrets);
});

test('the session tells the story of a held call', async () => {
  const args = mark('notes', 2);
  const id = await hold(gateway, alice, args);
  await rule(gateway, bob, id, { decision: 'approve', comment: 'Seen.' });
  const ran = await post(gateway, alice, 'run_sql', args);
  assert.equal(ran.outcome, 'answered', ran.text);
  const session = (await toldOf(gateway, id))[0]?.session ?? assert.fail('no session');
  const story = (await runAs(gateway, '', 'sessions', 'show', session)).stdout;
  let from = 0;
  for (const part of [
    id,
    'requested by alice',
    'asks 1 of dba for held.notes',
    'asked bob through review_tool',
    'approved by bob',
    'Seen.',
    'used, 1 in all',
  ]) {
    const at = story.indexOf(part, from);
    assert.notEqual(at, -1, `"${part}" does not follow in\n${story}`);
    from = at;
  }
});
