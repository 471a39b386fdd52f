import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Approval } from '../model/approval.ts';
import { createWebhook, sign, type WebhookOptions } from './webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = Buffer.from(SECRET.slice(6), 'base64');

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const received: Received[] = [];
let answers: number[] = [];
const receiver = createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => (body += String(chunk)));
  req.on('end', () => {
    received.push({ headers: req.headers, body });
    res.statusCode = answers.shift() ?? 200;
    res.setHeader('location', '/elsewhere');
    res.end();
  });
});
let url = '';
before(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
after(() => receiver.close());

const approval: Approval = {
  request: {
    id: 'apr_1',
    call: 'call_1',
    session: 'ses_1',
    requester: { kind: 'user', id: 'alice', issuer: 'test' },
    requesterGroups: [],
    client: 'claude <https://evil.example|click>',
    tool: 'run_sql',
    connection: 'crm',
    environment: 'demo',
    digest: 'd',
    shape: null,
    rules: 'r',
    demands: [],
    reason: 'Writes are approved.',
    arguments: { statement: "UPDATE t SET a = '<!channel>' WHERE id = 1 ```" },
    facts: {},
    createdAt: 0,
    expiresAt: 60_000,
  },
  status: 'pending',
  verdicts: [],
  justification: null,
  grantedUntil: null,
  uses: [],
  endedBy: null,
  version: 1,
};

function hook(
  more: Partial<WebhookOptions> & Pick<WebhookOptions, 'ended'>,
): ReturnType<typeof createWebhook> {
  return createWebhook({
    url,
    secret: SECRET,
    format: 'standard',
    link: ({ request }) => `https://gateway.example/console/approvals/${request.id}`,
    fetch,
    clock: () => 1_614_265_330_000,
    retryAfterMs: [1, 1],
    ...more,
  });
}

async function deliver(format: WebhookOptions['format'], replies: number[]): Promise<boolean> {
  received.length = 0;
  answers = replies;
  return await new Promise((resolve) => {
    hook({ format, ended: (_approval, delivered) => resolve(delivered) }).tell(approval);
  });
}

test('the signature is that of the Standard Webhooks test vector', () => {
  // standard-webhooks/standard-webhooks, the vector that all its libraries test against.
  const signature = sign(KEY, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}');
  assert.equal(signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('a request is told with a signature over id, time and body, and a link to the page', async () => {
  assert.equal(await deliver('standard', [200]), true);
  const [message] = received;
  assert.ok(message !== undefined);
  const { headers, body } = message;
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const mac = createHmac('sha256', KEY).update(signed).digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${mac}`);
  const { type, data } = JSON.parse(body) as { type: string; data: { url: string } };
  assert.equal(type, 'approval.requested');
  assert.equal(data.url, 'https://gateway.example/console/approvals/apr_1');
});

test('a receiver that fails is tried again under the same id, and in the end given up', async () => {
  assert.equal(await deliver('standard', [500, 503, 200]), true);
  assert.equal(received.length, 3);
  assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.equal(await deliver('standard', [500, 500, 500]), false);
});

test('a redirect is not followed', async () => {
  assert.equal(await deliver('standard', [302, 302, 302]), false);
  assert.equal(received.length, 3);
});

test('what an agent wrote makes no link, no mention and no end of the code block in Slack', async () => {
  assert.equal(await deliver('slack', [200]), true);
  const { text, blocks } = JSON.parse(received[0]?.body ?? '') as {
    text: string;
    blocks: { text?: { text: string } }[];
  };
  const shown = [text, ...blocks.map((block) => block.text?.text ?? '')].join('\n');
  assert.doesNotMatch(shown, /<https?:|<!channel>/);
  assert.equal(shown.match(/```/g)?.length, 2);
});

test('closing gives up what waits for its next try', async () => {
  answers = [500];
  const ends: boolean[] = [];
  const webhook = hook({ ended: (_approval, delivered) => ends.push(delivered), retryAfterMs: [60_000] });
  const earlier = received.length;
  webhook.tell(approval);
  while (received.length === earlier) await new Promise((resolve) => setTimeout(resolve, 10));
  await webhook.close();
  assert.deepEqual(ends, [false]);
});
