import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject } from '../../src/model/json.ts';
import { createInflight } from '../../src/server/inflight.ts';
import { readModernCall } from '../../src/server/modern-message.ts';
import { createModernSdk } from '../../src/server/modern-sdk.ts';
import { createFixtureGateway } from './fixture-gateway.ts';
import { baseHeaders, envelope, modernCall, send, startFixture, type HttpFixture } from './http-fixture.ts';

/** The same gateway behind the SDK alone: what the hand-written path must not be told apart from. */
let sdk: Server;
let sdkUrl: URL;
let fixture: HttpFixture;

before(async () => {
  fixture = await startFixture({ progressMs: 10, approvals: true });
  const gateway = createFixtureGateway({ progressMs: 10, approvals: true });
  const modern = createModernSdk({
    gateway,
    running: createInflight(),
    maxSubscriptions: 1,
    onError: () => undefined,
  });
  const token = 'alice-token';
  const identified = await gateway.identify({ kind: 'bearer', token });
  assert.ok(identified.ok);
  const caller = {
    credential: { kind: 'bearer', token },
    principal: identified.principal,
    transport: 'http',
  } as const;
  sdk = createServer((req, res) => {
    void buffer(req).then((body) => modern.serve(req, res, JSON.parse(body.toString()), caller));
  });
  await new Promise<void>((resolve) => {
    sdk.listen(0, '127.0.0.1', resolve);
  });
  sdkUrl = new URL(`http://127.0.0.1:${(sdk.address() as AddressInfo).port}/mcp`);
});

after(async () => {
  await fixture.front.close(100);
  sdk.closeAllConnections();
  sdk.close();
});

type Call = ReturnType<typeof modernCall>;
interface Case {
  readonly promise: string;
  readonly call: Call;
}

function bent(
  promise: string,
  bend: (call: Call) => void,
  name = 'echo',
  args: object = { text: 'hi' },
): Case {
  const call = modernCall(name, args);
  bend(call);
  return { promise, call };
}

const meta = (call: Call) => (call.message['params'] as { _meta: Record<string, unknown> })._meta;
const params = (call: Call) => call.message['params'] as Record<string, unknown>;

function declare(call: Call, elicitation: object): void {
  meta(call)['io.modelcontextprotocol/clientCapabilities'] = { elicitation };
}

function answer(call: Call, response: object): void {
  params(call)['inputResponses'] = { sallyport: response };
  params(call)['requestState'] = 'asked-1';
}

const cases: readonly Case[] = [
  bent('an answer', () => undefined),
  bent('an answer to a string id', ({ message }) => (message['id'] = 'seven')),
  bent('a refusal', () => undefined, 'forbidden'),
  bent('a failure', () => undefined, 'failing'),
  bent('an unknown tool', () => undefined, 'no_such_tool'),
  bent('a call without arguments', (call) => delete params(call)['arguments']),
  bent('a call without client info', (call) => delete meta(call)['io.modelcontextprotocol/clientInfo']),
  bent(
    'a missing capabilities field',
    (call) => delete meta(call)['io.modelcontextprotocol/clientCapabilities'],
  ),
  bent(
    'capabilities that are no object',
    (call) => (meta(call)['io.modelcontextprotocol/clientCapabilities'] = 3),
  ),
  bent(
    'nested capabilities of a wrong form',
    (call) => (meta(call)['io.modelcontextprotocol/clientCapabilities'] = { sampling: 1 }),
  ),
  bent(
    'capabilities of an extension',
    (call) => (meta(call)['io.modelcontextprotocol/clientCapabilities'] = { extensions: { 'a.b/c': {} } }),
  ),
  bent(
    'client info of a wrong form',
    (call) => (meta(call)['io.modelcontextprotocol/clientInfo'] = { name: 1 }),
  ),
  bent(
    'a log level that does not exist',
    (call) => (meta(call)['io.modelcontextprotocol/logLevel'] = 'loud'),
  ),
  bent('no _meta', (call) => delete params(call)['_meta']),
  bent('a version that does not exist', (call) => {
    meta(call)['io.modelcontextprotocol/protocolVersion'] = '2099-01-01';
    call.headers['mcp-protocol-version'] = '2099-01-01';
  }),
  bent('a version header that disagrees', ({ headers }) => (headers['mcp-protocol-version'] = '2099-01-01')),
  bent('no version header', ({ headers }) => delete headers['mcp-protocol-version']),
  bent('a method header that disagrees', ({ headers }) => (headers['mcp-method'] = 'tools/list')),
  bent('a method header in another case', ({ headers }) => (headers['mcp-method'] = 'Tools/Call')),
  bent('no method header', ({ headers }) => delete headers['mcp-method']),
  bent('a name header that disagrees', ({ headers }) => (headers['mcp-name'] = 'forbidden')),
  bent('no name header', ({ headers }) => delete headers['mcp-name']),
  bent('a name header with spaces around it', ({ headers }) => (headers['mcp-name'] = '  echo  ')),
  bent('an encoded name header', ({ headers }) => (headers['mcp-name'] = `=?base64?${btoa('echo')}?=`)),
  bent(
    'an encoded name header that disagrees',
    ({ headers }) => (headers['mcp-name'] = `=?base64?${btoa('slow')}?=`),
  ),
  bent('a name header encoded wrongly', ({ headers }) => (headers['mcp-name'] = '=?base64?***?=')),
  bent('a name that is no string', (call) => (params(call)['name'] = 5)),
  bent('arguments that are a list', (call) => (params(call)['arguments'] = [1])),
  bent('arguments that are null', (call) => (params(call)['arguments'] = null)),
  bent('an id that is a fraction', ({ message }) => (message['id'] = 1.5)),
  bent('an id that is null', ({ message }) => (message['id'] = null)),
  bent('no id', ({ message }) => delete message['id']),
  bent('another JSON-RPC', ({ message }) => (message['jsonrpc'] = '1.0')),
  bent('a field too many', ({ message }) => (message['extra'] = 1)),
  bent('a field too many in params', (call) => (params(call)['extra'] = 1)),
  bent('a progress token of a wrong form', (call) => (meta(call)['progressToken'] = { a: 1 })),
  bent('a progress token that is a fraction', (call) => (meta(call)['progressToken'] = 0.5)),
  bent('a progress token that is not needed', (call) => (meta(call)['progressToken'] = 'p')),
  bent('foreign _meta', (call) => (meta(call)['com.example/x'] = { y: 1 })),
  bent('a related task of a wrong form', (call) => (meta(call)['io.modelcontextprotocol/related-task'] = 4)),
  bent('a request state', (call) => (params(call)['requestState'] = 'abc')),
  bent('a question to a client that takes forms', (call) => declare(call, { form: {} }), 'ask', {}),
  bent('a question to a client that names no mode', (call) => declare(call, {}), 'ask', {}),
  bent('a question to a client that takes links alone', (call) => declare(call, { url: {} }), 'ask', {}),
  bent('a question to a client that takes none', () => undefined, 'ask', {}),
  bent('a link to a client that takes links', (call) => declare(call, { form: {}, url: {} }), 'ask_url', {}),
  bent('a link to a client that takes forms alone', (call) => declare(call, {}), 'ask_url', {}),
  bent('a question that the gateway may not ask', () => undefined, 'ask_anybody', {}),
  bent(
    'an answer to a question',
    (call) => {
      declare(call, {});
      answer(call, { action: 'accept', content: { decision: 'approve' } });
    },
    'ask',
    {},
  ),
  bent(
    'an answer of a wrong form',
    (call) => {
      declare(call, {});
      answer(call, { action: 'maybe' });
    },
    'ask',
    {},
  ),
  bent(
    'answers that are no object',
    (call) => {
      declare(call, {});
      params(call)['inputResponses'] = 'yes';
    },
    'ask',
    {},
  ),
  bent(
    'a request state that is no string',
    (call) => {
      declare(call, {});
      params(call)['requestState'] = 7;
    },
    'ask',
    {},
  ),
];

test('what clients send takes the hand-written path, and what differs from it does not', () => {
  const taken = cases.filter(({ call }) => readModernCall(call.headers, call.message as JsonObject) !== null);
  assert.deepEqual(
    taken.map(({ promise }) => promise),
    [
      'an answer',
      'an answer to a string id',
      'a refusal',
      'a failure',
      'an unknown tool',
      'a call without arguments',
      'a call without client info',
      'capabilities of an extension',
      'a progress token that is not needed',
      'foreign _meta',
      'a question to a client that takes forms',
      'a question to a client that names no mode',
      'a question to a client that takes links alone',
      'a question to a client that takes none',
      'a link to a client that takes links',
      'a link to a client that takes forms alone',
      'a question that the gateway may not ask',
    ],
  );
});

/** What differs by nature: call ids are drawn anew. */
function comparable(text: string): unknown {
  return JSON.parse(text.replaceAll(/call_[0-9a-f-]{36}/g, 'call_ID'));
}

for (const { promise, call } of cases) {
  test(`the hand-written path and the SDK agree on ${promise}`, async () => {
    const [ours, theirs] = [
      await send(fixture.url, call.headers, call.message),
      await send(sdkUrl, call.headers, call.message),
    ];
    assert.equal(ours.status, theirs.status, `${ours.text}\n${theirs.text}`);
    assert.equal(
      ours.headers.get('content-type')?.split(';')[0],
      theirs.headers.get('content-type')?.split(';')[0],
    );
    assert.deepEqual(
      ours.text === '' ? '' : comparable(ours.text),
      theirs.text === '' ? '' : comparable(theirs.text),
    );
  });
}

test('both stream progress as events, and then the result, to who asked for it', async () => {
  const call = modernCall('slow', { ms: 80 }, { progressToken: 'p-1' });
  for (const url of [fixture.url, sdkUrl]) {
    const reply = await send(url, call.headers, call.message);
    assert.equal(reply.headers.get('content-type'), 'text/event-stream');
    assert.equal(reply.headers.get('x-accel-buffering'), 'no');
    const notifications = reply.messages.slice(0, -1);
    assert.ok(notifications.length >= 2);
    const steps = notifications.map((n) => n.params.progress);
    assert.deepEqual(
      steps,
      steps.toSorted((a: number, b: number) => a - b),
    );
    assert.ok(
      notifications.every((n) => n.method === 'notifications/progress' && n.params.progressToken === 'p-1'),
    );
    assert.equal(reply.messages.at(-1).id, 7);
    assert.equal(reply.messages.at(-1).result.resultType, 'complete');
  }
});

test('both answer one JSON document to who did not ask for progress', async () => {
  const call = modernCall('slow', { ms: 80 });
  for (const url of [fixture.url, sdkUrl]) {
    const reply = await send(url, call.headers, call.message);
    assert.equal(reply.headers.get('content-type')?.split(';')[0], 'application/json');
    assert.equal(reply.messages[0].result.isError, false);
  }
});

test('both refuse a version that is not served with the list of those that are', async () => {
  const call = modernCall('echo');
  call.headers['mcp-protocol-version'] = '2099-01-01';
  meta(call)['io.modelcontextprotocol/protocolVersion'] = '2099-01-01';
  for (const url of [fixture.url, sdkUrl]) {
    const reply = await send(url, call.headers, call.message);
    assert.equal(reply.status, 400);
    assert.equal(reply.messages[0].error.code, -32022);
    assert.deepEqual(reply.messages[0].error.data, { supported: ['2026-07-28'], requested: '2099-01-01' });
  }
});

test('the header of 2025-11-25 on a body of 2026-07-28 is read as the body says, and reaches the gateway once', async () => {
  const call = modernCall('echo', { text: 'connector' });
  call.headers['mcp-protocol-version'] = '2025-11-25';
  const before_ = fixture.gateway.calls.length;
  const reply = await send(fixture.url, call.headers, call.message);
  assert.equal(reply.status, 200);
  assert.equal(fixture.gateway.calls.length, before_ + 1);
  assert.equal(fixture.gateway.calls.at(-1)?.origin.protocolVersion, '2026-07-28');

  const list = {
    jsonrpc: '2.0',
    id: 8,
    method: 'tools/list',
    params: { _meta: envelope },
  };
  const headers = { ...call.headers, 'mcp-method': 'tools/list' };
  const listed = await send(fixture.url, headers, list);
  assert.equal(listed.status, 200);
  assert.ok(listed.messages[0].result.tools.length > 0);
});

test('the header of 2025-11-25 excuses no other disagreement', async () => {
  const wrongName = modernCall('echo');
  wrongName.headers['mcp-protocol-version'] = '2025-11-25';
  wrongName.headers['mcp-name'] = 'forbidden';
  const older = modernCall('echo');
  older.headers['mcp-protocol-version'] = '2025-06-18';
  for (const call of [wrongName, older]) {
    const reply = await send(fixture.url, call.headers, call.message);
    assert.equal(reply.status, 400);
    assert.equal(reply.messages[0].error.code, -32020);
  }
});

test('a credential that stops being good between door and line is challenged', async () => {
  const { headers, message } = modernCall('lost_identity');
  const reply = await send(fixture.url, headers, message);
  assert.equal(reply.status, 401);
  assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer /);
  assert.equal(reply.messages[0].result.isError, true);
});

test('whatever is wrong or right with a call, alone or together, both paths say the same of it', async () => {
  const pick = (right: unknown, ...others: readonly unknown[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, fc.constantFrom(...others));
  const parts = fc.record({
    jsonrpc: pick('2.0', '2', undefined, 2),
    id: pick(1, 'a', '', -1, 0, 1.5, null, undefined, true, 2 ** 53),
    method: pick('tools/call', 'tools/list', 'ping', 5, undefined),
    name: pick('echo', 'no_such', 'forbidden', 'ask', 'ask_url', '', 7, undefined, 'wörld'),
    args: pick({ text: 'x' }, undefined, null, [], 'text', 4, { deep: [{ a: null }] }),
    version: pick('2026-07-28', '2025-11-25', '2027-01-01', 7, undefined),
    capabilities: pick(
      {},
      undefined,
      null,
      [],
      { roots: {} },
      { roots: 1 },
      { elicitation: {} },
      { elicitation: { form: {} } },
      { elicitation: { url: {} } },
      { elicitation: { form: {}, url: {} } },
      { elicitation: null },
      { elicitation: { form: null } },
      { tasks: 1 },
      { extensions: { 'io.modelcontextprotocol/tasks': {} } },
      { extensions: { 'io.modelcontextprotocol/tasks': 1 } },
      { extensions: 1 },
    ),
    info: pick(
      { name: 'a', version: '1' },
      undefined,
      null,
      {},
      { name: 'a' },
      { name: 'a', version: '1', icons: 3 },
    ),
    logLevel: pick(undefined, 'info', 'loud', 3),
    progressToken: pick(undefined, 'p', 3, 0.5, {}, null),
    requestState: pick(undefined, 'asked-1', 'tampered', 5, null),
    inputResponses: pick(
      undefined,
      { sallyport: { action: 'accept', content: { decision: 'approve' } } },
      { sallyport: { action: 'decline' } },
      { sallyport: { action: 'accept', content: [] } },
      { sallyport: { method: 'elicitation/create', result: { action: 'accept' } } },
      { other: { action: 'accept' } },
      [],
      null,
    ),
    versionHeader: pick('2026-07-28', '2027-01-01', undefined),
    methodHeader: pick('tools/call', 'tools/list', undefined),
    nameHeader: pick('echo', 'ask', 'ask_url', 'forbidden', undefined, '=?base64?ZWNobw==?='),
  });
  await fc.assert(
    fc.asyncProperty(parts, async (part) => {
      const headers = Object.fromEntries(
        Object.entries({
          ...baseHeaders,
          'mcp-protocol-version': part.versionHeader,
          'mcp-method': part.methodHeader,
          'mcp-name': part.nameHeader,
        }).filter(([, value]) => value !== undefined),
      ) as Record<string, string>;
      const message = {
        jsonrpc: part.jsonrpc,
        id: part.id,
        method: part.method,
        params: {
          name: part.name,
          arguments: part.args,
          requestState: part.requestState,
          inputResponses: part.inputResponses,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': part.version,
            'io.modelcontextprotocol/clientCapabilities': part.capabilities,
            'io.modelcontextprotocol/clientInfo': part.info,
            'io.modelcontextprotocol/logLevel': part.logLevel,
            progressToken: part.progressToken,
          },
        },
      };
      // Without a claim of 2026-07-28 in body or header, a message is of the 2025 era, which the SDK alone rejects.
      fc.pre(part.version !== undefined || part.versionHeader !== undefined);
      fc.pre(part.method !== undefined);
      const ours = await send(fixture.url, headers, message);
      const theirs = await send(sdkUrl, headers, message);
      assert.equal(
        ours.status,
        theirs.status,
        `${JSON.stringify({ headers, message })} ${ours.text} ${theirs.text}`,
      );
      // Where progress was asked for, events come before the answer.
      const said = [ours, theirs].map(({ text, messages }) =>
        text === '' ? '' : comparable(JSON.stringify(messages)),
      );
      assert.deepEqual(said[0], said[1]);
    }),
    { numRuns: 300 },
  );
});
