import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { maxArgumentDepth } from '../../src/server/json.ts';
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

const failures = () => fixture.gateway.refusals.map((refusal) => refusal.failure);

/** `fetch` sets Host by itself. */
function withHost(host: string, path = '/mcp'): Promise<number> {
  const { headers, message } = modernCall('echo');
  return new Promise((resolve, reject) => {
    const req = request(
      { host: '127.0.0.1', port: fixture.front.port, path, method: 'POST', headers: { ...headers, host } },
      (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      },
    );
    req.on('error', reject);
    req.end(JSON.stringify(message));
  });
}

test('a Host that is not ours is refused and on record, one that is allowed is served', async () => {
  assert.equal(await withHost('evil.example.com'), 403);
  assert.equal(await withHost('127.0.0.1.evil.example.com'), 403);
  assert.equal(await withHost('evil.example.com:8400'), 403);
  assert.deepEqual(failures().slice(-3), ['host_not_allowed', 'host_not_allowed', 'host_not_allowed']);
  assert.equal(await withHost('mcp.example.com'), 200);
  assert.equal(await withHost('MCP.example.com:443'), 200);
  assert.equal(await withHost('localhost:1'), 200);
  assert.equal(await withHost('[::1]:8400'), 200);
});

test('an Origin that is not allowed is refused before identity is asked, and on record', async () => {
  for (const origin of [
    'https://evil.example.com',
    'null',
    'http://127.0.0.1:1',
    'https://app.example.com.evil.io',
  ]) {
    const { headers, message } = modernCall('echo');
    const reply = await send(fixture.url, { ...headers, authorization: 'Bearer wrong', origin }, message);
    assert.equal(reply.status, 403, origin);
    assert.equal(failures().at(-1), 'origin_not_allowed');
  }
  for (const origin of ['https://app.example.com', fixture.front.url, 'http://127.0.0.1:8400']) {
    const { headers, message } = modernCall('echo');
    assert.equal((await send(fixture.url, { ...headers, origin }, message)).status, 200, origin);
  }
});

test('a token in the URL is refused even where it is good, recorded, and never repeated', async () => {
  for (const name of ['access_token', 'token', 'API_KEY', 'access%5ftoken']) {
    const { headers, message } = modernCall('echo');
    const reply = await send(`${fixture.front.url}/mcp?x=1&${name}=alice-token`, headers, message);
    assert.equal(reply.status, 400, name);
    const recorded = fixture.gateway.refusals.at(-1);
    assert.equal(recorded?.failure, 'token_in_query');
    assert.ok(!JSON.stringify(recorded).includes('alice-token'));
    assert.ok(!reply.text.includes('alice-token'));
  }
});

test('a caller who is not identified is challenged, whatever the body holds', async () => {
  const { headers } = modernCall('echo');
  for (const [authorization, failure] of [
    [undefined, 'no_credential'],
    ['Basic YTpi', 'no_credential'],
    ['Bearer', 'no_credential'],
    ['Bearer forged', 'bad_signature'],
  ] as const) {
    const { authorization: _, ...anonymous } = headers;
    const sent = authorization === undefined ? anonymous : { ...anonymous, authorization };
    const reply = await send(fixture.url, sent, '{"broken');
    assert.equal(reply.status, 401);
    assert.equal(
      reply.headers.get('www-authenticate'),
      `Bearer error="invalid_token", error_description="${failure}"`,
    );
    assert.equal(failures().at(-1), failure);
  }
  assert.equal(
    fixture.gateway.calls.some((call) => call.tool === 'broken'),
    false,
  );
});

test('the scheme of the Authorization header has no case', async () => {
  const { headers, message } = modernCall('echo');
  const reply = await send(fixture.url, { ...headers, authorization: 'bearer alice-token' }, message);
  assert.equal(reply.status, 200);
});

test('an unidentified caller with a long body is answered without it being read', async () => {
  const socket = connect(fixture.front.port, '127.0.0.1');
  socket.write(
    'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n{',
  );
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 401 /);
  assert.match(answer, /connection: close/i);
});

test('a body that is too large is refused, declared or not, and on record', async () => {
  const { headers, message } = modernCall('echo', { text: 'x'.repeat(100_000) });
  const declared = await send(fixture.url, headers, message);
  assert.equal(declared.status, 413);
  assert.equal(failures().at(-1), 'body_too_large');

  const socket = connect(fixture.front.port, '127.0.0.1');
  const head = Object.entries({ ...headers, host: 'localhost', 'transfer-encoding': 'chunked' })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  socket.on('error', () => undefined);
  socket.write(`POST /mcp HTTP/1.1\r\n${head}\r\n`);
  for (let n = 0; n < 30; n++) socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`);
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (chunk) => resolve(chunk.toString()));
  });
  socket.destroy();
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test('methods, media types and encodings that are not served are refused with the status for it', async () => {
  const { headers, message } = modernCall('echo');
  assert.equal((await send(fixture.url, headers, '', 'PUT')).status, 405);
  assert.equal((await send(fixture.url, headers, '', 'OPTIONS')).status, 405);
  assert.equal((await send(fixture.url, { ...headers, 'content-type': 'text/plain' }, message)).status, 415);
  assert.equal((await send(fixture.url, { ...headers, 'content-encoding': 'gzip' }, message)).status, 415);
  assert.equal((await send(fixture.url, { ...headers, accept: 'application/json' }, message)).status, 406);
  assert.equal((await send(fixture.url, { ...headers, accept: '*/*' }, message)).status, 200);
  const charset = { ...headers, 'content-type': 'application/json; charset=utf-8' };
  assert.equal((await send(fixture.url, charset, message)).status, 200);
});

test('what is not JSON, not UTF-8 or not JSON-RPC gets the error of JSON-RPC', async () => {
  const { headers } = modernCall('echo');
  for (const [body, status, code] of [
    ['{"jsonrpc":', 400, -32700],
    ['', 400, -32700],
    ['[]', 400, -32600],
    ['{}', 400, -32600],
    ['"hello"', 400, -32600],
  ] as const) {
    const reply = await send(fixture.url, headers, body);
    assert.deepEqual([reply.status, reply.messages[0].error.code], [status, code], body);
    assert.equal(reply.messages[0].id, null);
  }
  const broken = await fetch(fixture.url, {
    method: 'POST',
    headers,
    body: new Uint8Array([0x22, 0xff, 0x22]),
  });
  assert.equal(broken.status, 400);
  assert.equal(((await broken.json()) as { error: { code: number } }).error.code, -32700);
});

test('arguments that nest too deep or name a prototype never reach the gateway', async () => {
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as object;
  const count = fixture.gateway.calls.length;
  const deep = modernCall('echo', nested(maxArgumentDepth + 1));
  const prototype = modernCall('echo', JSON.parse('{"a":[{"__proto__":{"admin":true}}]}') as object);
  const session = await openSession(fixture.url);
  for (const { headers, message } of [
    deep,
    prototype,
    { headers: session, message: prototype.message },
    { headers: session, message: deep.message },
  ]) {
    const reply = await send(fixture.url, headers, message);
    assert.deepEqual([reply.status, reply.messages[0].error.code], [400, -32602]);
    assert.equal(reply.messages[0].id, 7);
  }
  const million = await send(fixture.url, deep.headers, '['.repeat(90_000));
  assert.equal(million.status, 400);
  assert.equal(fixture.gateway.calls.length, count);

  const fits = modernCall('echo', nested(maxArgumentDepth));
  assert.equal((await send(fixture.url, fits.headers, fits.message)).status, 200);
});

test('an unknown method of 2026-07-28 is 404 and -32601', async () => {
  const { headers, message } = modernCall('echo');
  message['method'] = 'tools/destroy';
  headers['mcp-method'] = 'tools/destroy';
  const reply = await send(fixture.url, headers, message);
  assert.deepEqual([reply.status, reply.messages[0].error.code], [404, -32601]);
});

test('the operator and the metadata endpoints answer, and everything else is 404', async () => {
  const base = fixture.front.url;
  const get = async (path: string) => send(`${base}${path}`, {}, undefined, 'GET');
  assert.deepEqual((await get('/healthz')).messages[0], { status: 'ok' });
  assert.deepEqual((await get('/readyz')).messages[0], { ready: true, checks: { store: 'ok' } });
  fixture.gateway.setReady(false);
  const notReady = await get('/readyz');
  assert.deepEqual([notReady.status, notReady.messages[0].checks.store], [503, 'no answer']);
  fixture.gateway.setReady(true);
  const metrics = await get('/metrics');
  assert.equal(metrics.text, 'fixture_up 1\n');
  assert.match(metrics.headers.get('content-type') ?? '', /version=0\.0\.4/);
  for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
    assert.deepEqual((await get(path)).messages[0].authorization_servers, ['https://idp.test']);
  }
  for (const path of ['/', '/mcp/', '/mcpx', '/.well-known/oauth-authorization-server']) {
    assert.equal((await get(path)).status, 404, path);
  }
  assert.equal((await send(`${base}/metrics`, {}, '')).status, 405);
  assert.equal(await withHost('evil.example.com', '/metrics'), 405);
});

test('no token that was sent is ever in a log line', async () => {
  const { headers, message } = modernCall('echo');
  await send(fixture.url, { ...headers, authorization: 'Bearer s3cr3t-t0k3n' }, message);
  await send(fixture.url, { ...baseHeaders, authorization: 'Bearer s3cr3t-t0k3n' }, '{"');
  assert.ok(!fixture.logs.some((line) => line.includes('s3cr3t') || line.includes('alice-token')));
  assert.ok(!JSON.stringify(fixture.gateway.refusals).includes('s3cr3t'));
});
