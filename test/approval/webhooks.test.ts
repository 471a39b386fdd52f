import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { assertNotIn } from '../path/on-record.ts';
import { until } from '../path/waiting.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { hold, mark, post, startHeld, tokenFor, toldOf } from './held-gateway.ts';

interface Delivered {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SECRET = Buffer.alloc(32, 11);
const TRIES = 4;
const VALUES = ['ada.lovelace@example.com', '4111111111111111', '4111 1111 1111 1111'];

const delivered: Delivered[] = [];
/** What each path still answers with, before it takes what comes. */
const failures: Record<string, number[]> = {
  '/recovers': [500, 500],
  '/broken': Array(100).fill(503) as number[],
};
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    const path = request.url ?? '';
    delivered.push({ path, headers: request.headers, body });
    response.writeHead(failures[path]?.shift() ?? 204).end();
  });
});

let gateway: GatewayProcess;
let alice: string;
before(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const hook = (path: string): string => `    - url: http://127.0.0.1:${port}/${path}
      secret: whsec_${SECRET.toString('base64')}
      retry: [50ms, 100ms, 150ms]
`;
  gateway = await startHeld({
    held: { customers: '@approval("dba")', notes: '@approval("dba")\n@justify' },
    approval: `  webhooks:\n${hook('recovers')}${hook('broken')}`,
  });
  alice = await tokenFor(gateway, 'alice', 'support');
});
after(async () => {
  await gateway.stop();
  receiver.close();
});

const at = (path: string, id: string): readonly Delivered[] =>
  delivered.filter((one) => one.path === path && one.body.includes(id));

/** By the letter of the specification: `v1,` and the base64 HMAC-SHA-256 of id, timestamp and body, joined by points. */
function verify({ headers, body }: Delivered): void {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  assert.match(id, /^msg_/);
  assert.ok(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300, 'within the tolerance of five minutes');
  const mac = createHmac('sha256', SECRET).update(`${id}.${timestamp}.${body}`).digest('base64');
  assert.ok(String(headers['webhook-signature']).split(' ').includes(`v1,${mac}`));
}

test('a receiver that fails twice is told again, the same message, signed each time; then it is on record, once', async () => {
  const statement = `UPDATE customers SET notes = 'to ${VALUES[0]}, card ${VALUES[2]}' WHERE id = 3`;
  const id = await hold(gateway, alice, { statement });
  await until('the delivery on record', async () =>
    (await toldOf(gateway, id)).some(({ event }) => event['channel'] === 'webhook') ? true : null,
  );
  const tries = at('/recovers', id);
  assert.equal(tries.length, 3);
  assert.equal(
    new Set(tries.map(({ headers }) => headers['webhook-id'])).size,
    1,
    'one id: no second message',
  );
  assert.equal(new Set(tries.map(({ body }) => body)).size, 1);
  for (const one of tries) {
    verify(one);
    assert.ok(one.body.includes('UPDATE customers SET notes'));
    assertNotIn('the webhook', one.body + JSON.stringify(one.headers), VALUES);
  }
  const told = (await toldOf(gateway, id)).filter(({ event }) => event['channel'] === 'webhook');
  assert.equal(told.length, 1);
  assertNotIn('the log', gateway.stderr(), VALUES);
});

test('a receiver that never takes it is given up after the last try, with an error in the log and none on record', async () => {
  const id = await hold(gateway, alice, mark('customers', 4));
  const line = await until('the error in the log', () => {
    const lines = gateway.stderr().split('\n');
    return lines.find((one) => one.includes(id) && one.includes('webhook given up')) ?? null;
  });
  const { level, detail, host } = JSON.parse(line) as Record<string, unknown>;
  assert.ok(level === 'error' || level === 50, line);
  assert.equal(detail, 'answered 503');
  assert.match(String(host), /^127\.0\.0\.1:\d+$/);
  assert.doesNotMatch(line, /\/broken/, 'a path may be a secret, as in Slack');
  assert.equal(at('/broken', id).length, TRIES);
  for (const one of at('/broken', id)) verify(one);
  await until('the other receiver', async () =>
    (await toldOf(gateway, id)).some(({ event }) => event['channel'] === 'webhook') ? true : null,
  );
  const told = (await toldOf(gateway, id)).filter(({ event }) => event['channel'] === 'webhook');
  assert.equal(told.length, 1, 'the receiver that took it, and no other');
});

test('what wants a reason is told once the reason is there, and with it', async () => {
  const args = mark('notes', 5);
  const asked = await post(gateway, alice, 'run_sql', args, { asks: true });
  assert.equal(asked.outcome, 'input_required');
  const before_ = delivered.length;
  // Whatever else is told comes after it, were it told at once.
  const other = await hold(gateway, alice, mark('customers', 6));
  await until('another delivery', () => (at('/recovers', other).length > 0 ? true : null));
  assert.ok(!delivered.slice(before_).some(({ body }) => body.includes('UPDATE notes')));
  const answer = { state: asked.state ?? '', content: { justification: `Ticket 4711, of ${VALUES[0]}` } };
  const held = await post(gateway, alice, 'run_sql', args, { answer });
  const [message] = await until('the delivery', () => {
    const found = at('/recovers', held.approval ?? '');
    return found.length > 0 ? found : null;
  });
  assert.ok(message !== undefined);
  verify(message);
  assert.match(message.body, /"justification":"Ticket 4711, of \[redacted:email\]"/);
});
