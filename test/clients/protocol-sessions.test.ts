import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  baseHeaders,
  modernCall,
  openSession,
  send,
  startFixture,
  type HttpFixture,
} from './http-fixture.ts';

let fixture: HttpFixture;

before(async () => {
  fixture = await startFixture();
});
after(() => fixture.front.close(100));

const echo = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } };

for (const version of ['2025-03-26', '2025-06-18', '2025-11-25']) {
  test(`a session of ${version} calls a tool, and the gateway knows the session`, async () => {
    const session = await openSession(fixture.url, version);
    const reply = await send(fixture.url, session, echo);
    assert.equal(reply.status, 200);
    assert.equal(reply.messages[0].result.isError, false);
    assert.ok(!('resultType' in reply.messages[0].result));
    const { origin } = fixture.gateway.calls.at(-1)!;
    assert.equal(origin.transportSession, session['mcp-session-id']);
    assert.equal(origin.protocolVersion, version);
  });
}

test('tool use id and trace context reach the gateway in both eras, and nonsense in their place does not', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';
  const meta = { 'claudecode/toolUseId': 'toolu_1', traceparent };
  const session = await openSession(fixture.url);
  await send(fixture.url, session, { ...echo, params: { ...echo.params, _meta: meta } });
  const modern = modernCall('echo', {}, meta);
  await send(fixture.url, modern.headers, modern.message);
  const plain = modernCall('echo');
  await send(fixture.url, { ...plain.headers, traceparent }, plain.message);
  const nonsense = modernCall('echo', {}, { 'claudecode/toolUseId': { a: 1 }, traceparent: 'x' });
  await send(fixture.url, nonsense.headers, nonsense.message);
  const origins = fixture.gateway.calls
    .slice(-4)
    .map((call) => [call.origin.toolUseId, call.origin.traceparent]);
  assert.deepEqual(origins, [
    ['toolu_1', traceparent],
    ['toolu_1', traceparent],
    [undefined, traceparent],
    [undefined, undefined],
  ]);
});

test("another principal's session id is answered as one that does not exist", async () => {
  const session = await openSession(fixture.url);
  const asBob = { ...session, authorization: 'Bearer bob-token' };
  const made = { ...session, 'mcp-session-id': '00000000-0000-4000-8000-000000000000' };
  for (const method of ['POST', 'GET', 'DELETE']) {
    const stolen = await send(fixture.url, asBob, echo, method);
    const unknown = await send(fixture.url, made, echo, method);
    assert.equal(stolen.status, 404, method);
    assert.equal(stolen.text, unknown.text);
  }
  assert.equal((await send(fixture.url, session, echo)).status, 200);
});

test('the bearer is checked at every request of a session', async () => {
  const own = await startFixture();
  const session = await openSession(own.url);
  assert.equal((await send(own.url, session, echo)).status, 200);
  own.gateway.revoke('alice-token');
  assert.equal((await send(own.url, session, echo)).status, 401);
  assert.equal((await send(own.url, session, '', 'GET')).status, 401);
  await own.front.close(100);
});

test('a deleted session is gone, and the gateway is told', async () => {
  const session = await openSession(fixture.url);
  assert.equal((await send(fixture.url, session, '', 'DELETE')).status, 200);
  assert.equal((await send(fixture.url, session, echo)).status, 404);
  assert.deepEqual(fixture.gateway.ended.at(-1), { session: session['mcp-session-id'], reason: 'deleted' });
});

test('deleting a session cancels what it runs', async () => {
  const session = await openSession(fixture.url);
  const aborted = fixture.gateway.aborted.length;
  const started = fixture.gateway.calls.length;
  const slow = { ...echo, params: { name: 'slow', arguments: {} } };
  const call = send(fixture.url, session, slow);
  await fixture.gateway.until(() => fixture.gateway.calls.length > started);
  await send(fixture.url, session, '', 'DELETE');
  await fixture.gateway.until(() => fixture.gateway.aborted.length > aborted);
  assert.deepEqual((await call).messages, []);
});

test('a cancelled call of a session ends its stream, so that nothing is left open', async () => {
  const session = await openSession(fixture.url);
  const started = fixture.gateway.calls.length;
  const slow = { ...echo, id: 42, params: { name: 'slow', arguments: {} } };
  const call = send(fixture.url, session, slow);
  await fixture.gateway.until(() => fixture.gateway.calls.length > started);
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 42 } };
  assert.equal((await send(fixture.url, session, cancel)).status, 202);
  assert.deepEqual((await call).messages, []);
});

test('an idle session ends, one that is used or listened to does not', async () => {
  const own = await startFixture({}, { sessionIdleMs: 1_000 });
  const idle = await openSession(own.url);
  const listening = await openSession(own.url);
  const abort = new AbortController();
  const stream = await fetch(own.url, { headers: listening, signal: abort.signal });
  assert.equal(stream.status, 200);
  await own.gateway.until(() => own.gateway.ended.length > 0);
  assert.deepEqual(own.gateway.ended, [{ session: idle['mcp-session-id'], reason: 'idle' }]);
  assert.equal((await send(own.url, idle, echo)).status, 404);
  assert.equal((await send(own.url, listening, echo)).status, 200);
  abort.abort();
  await own.gateway.until(() => own.gateway.ended.length > 1);
  await own.front.close(100);
});

test('a principal who opens too many sessions replaces its own oldest, and nobody else’s', async () => {
  const own = await startFixture();
  const bob = await openSession(own.url, '2025-11-25', 'Bearer bob-token');
  const first = await openSession(own.url);
  for (let n = 0; n < 128; n++) await openSession(own.url);
  assert.deepEqual(own.gateway.ended, [{ session: first['mcp-session-id'], reason: 'replaced' }]);
  assert.equal((await send(own.url, bob, echo)).status, 200);
  await own.front.close(100);
});

test('requests outside a session, and batches where they were removed, get 400', async () => {
  const outside = await send(fixture.url, baseHeaders, echo);
  assert.deepEqual(
    [outside.status, outside.messages[0].error.code, outside.messages[0].id],
    [400, -32600, 1],
  );
  for (const method of ['GET', 'DELETE']) {
    assert.equal((await send(fixture.url, baseHeaders, '', method)).status, 400);
  }
  const batch = [echo, { ...echo, id: 2 }];
  const newer = await send(fixture.url, await openSession(fixture.url, '2025-06-18'), batch);
  assert.deepEqual([newer.status, newer.messages[0].error.code], [400, -32600]);
  const older = await send(fixture.url, await openSession(fixture.url, '2025-03-26'), batch);
  assert.equal(older.status, 200);
  assert.deepEqual(
    older.messages.map((message) => message.id).toSorted((a, b) => a - b),
    [1, 2],
  );
});

test('a session says what JSON-RPC says to unknown methods and bad params, and refuses unknown versions', async () => {
  const session = await openSession(fixture.url);
  const unknown = await send(fixture.url, session, { jsonrpc: '2.0', id: 3, method: 'tools/destroy' });
  assert.equal(unknown.messages[0].error.code, -32601);
  const bad = await send(fixture.url, session, { ...echo, params: { arguments: {} } });
  assert.equal(bad.messages[0].error.code, -32602);
  const cursor = { jsonrpc: '2.0', id: 4, method: 'tools/list', params: { cursor: 'x' } };
  assert.equal((await send(fixture.url, session, cursor)).messages[0].error.code, -32602);
  const version = await send(fixture.url, { ...session, 'mcp-protocol-version': '1999-01-01' }, echo);
  assert.equal(version.status, 400);
});

test('initialize that is malformed leaves no session behind', async () => {
  const before_ = fixture.gateway.ended.length;
  const reply = await send(fixture.url, baseHeaders, {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {},
  });
  assert.equal(reply.status, 400);
  assert.equal(reply.headers.get('mcp-session-id'), null);
  assert.equal(fixture.gateway.ended.length, before_);
});
