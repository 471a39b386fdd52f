import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseHeaders, envelope, modernCall, openSession, send, startFixture } from './http-fixture.ts';

function listen(authorization = 'Bearer alice-token', id: string | number = 'sub-1') {
  return {
    headers: {
      ...baseHeaders,
      authorization,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'subscriptions/listen',
      params: { notifications: { toolsListChanged: true }, _meta: envelope },
    }),
  };
}

/** Reads events until `count` have come. */
async function events(response: Response, count: number): Promise<Record<string, unknown>[]> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const found = text.split('\n').filter((line) => line.startsWith('data: '));
    if (found.length >= count)
      return found.map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended early: ${text}`);
    text += value;
  }
}

test('a subscription is acknowledged, told of changes, and ended with its result at shutdown', async () => {
  const { gateway, front, url } = await startFixture();
  const { headers, body } = listen();
  const response = await fetch(url, { method: 'POST', headers, body });
  const all = events(response, 3);
  const subscribed = { 'io.modelcontextprotocol/subscriptionId': 'sub-1' };
  await gateway.until(() => response.ok);
  gateway.addTool('late');
  await front.close(5_000);
  const [acknowledged, changed, ended] = await all;
  assert.deepEqual(acknowledged?.['method'], 'notifications/subscriptions/acknowledged');
  assert.deepEqual(acknowledged?.['params'], {
    _meta: subscribed,
    notifications: { toolsListChanged: true },
  });
  assert.deepEqual(changed?.['method'], 'notifications/tools/list_changed');
  assert.deepEqual(changed?.['params'], { _meta: subscribed });
  assert.equal(({ ...(ended?.['result'] as object) } as { resultType: string }).resultType, 'complete');
});

test('streams are bounded for each principal, and closing one makes room', async () => {
  const { front, url, gateway } = await startFixture();
  const aborts: AbortController[] = [];
  const open = async (authorization?: string): Promise<number> => {
    const abort = new AbortController();
    aborts.push(abort);
    const { headers, body } = listen(authorization);
    return (await fetch(url, { method: 'POST', headers, body, signal: abort.signal })).status;
  };
  for (let n = 0; n < 32; n++) assert.equal(await open(), 200);
  assert.equal(await open(), 429);
  assert.equal(await open('Bearer bob-token'), 200);
  const session = await openSession(url);
  assert.equal((await send(url, session, '', 'GET')).status, 429);
  const call = modernCall('echo');
  assert.equal((await send(url, call.headers, call.message)).status, 200);
  aborts[0]?.abort();
  let status = 429;
  const deadline = performance.now() + 5_000;
  while (status === 429 && performance.now() < deadline) status = await open();
  assert.equal(status, 200);
  for (const abort of aborts) abort.abort();
  await front.close(100);
  assert.ok(gateway.ended.some(({ reason }) => reason === 'shutdown'));
});

test('a stream ends when the credential that opened it does', async () => {
  const { front, url } = await startFixture();
  const { headers, body } = listen(`Bearer brief-${Date.now() + 1_500}`);
  const response = await fetch(url, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  assert.match(await response.text(), /acknowledged/);
  await front.close(100);
});

test('a client that goes away cancels its call at the gateway', async () => {
  const { front, url, gateway } = await startFixture();
  for (const meta of [{}, { progressToken: 1 }]) {
    const abort = new AbortController();
    const { headers, message } = modernCall('slow', { ms: 30_000 }, meta);
    const call = fetch(url, { method: 'POST', headers, body: JSON.stringify(message), signal: abort.signal });
    const running = gateway.calls.length;
    await gateway.until(() => gateway.calls.length > running);
    const aborted = gateway.aborted.length;
    abort.abort();
    await call.then((response) => response.text()).catch(() => undefined);
    await gateway.until(() => gateway.aborted.length > aborted);
  }
  await front.close(100);
});

test('shutdown answers the calls that run, refuses new ones, and is not ready meanwhile', async () => {
  const { front, url, gateway } = await startFixture();
  const { headers, message } = modernCall('slow', { ms: 400 });
  const session = await openSession(url);
  const legacy = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'slow', arguments: { ms: 400 } },
  };
  const running = [send(url, headers, message), send(url, session, legacy)];
  await gateway.until(() => gateway.calls.length === 2);
  const closed = front.close(10_000);
  await assert.rejects(fetch(`${front.url}/healthz`, { headers: { connection: 'close' } }));
  for (const reply of await Promise.all(running)) {
    assert.equal(reply.messages.at(-1).result.isError, false);
  }
  await closed;
  assert.deepEqual(gateway.aborted, []);
  await assert.rejects(fetch(url));
});

test('shutdown cancels what still runs after the grace, and waits for its end', async () => {
  const { front, url, gateway } = await startFixture();
  const { headers, message } = modernCall('slow', { ms: 60_000 });
  const call = assert.rejects(send(url, headers, message));
  const session = await openSession(url);
  const legacy = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'slow', arguments: {} } };
  const inSession = send(url, session, legacy).catch(() => undefined);
  await gateway.until(() => gateway.calls.length === 2);
  await front.close(50);
  assert.deepEqual(gateway.aborted, ['slow', 'slow']);
  await Promise.all([call, inSession]);
});
