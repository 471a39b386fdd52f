import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallRequest } from '../../src/model/tool-call.ts';
import { askedSettings } from './asked-client.ts';
import { form } from './fixture-approvals.ts';
import { modernCall, openSession, send, startFixture, type HttpFixture } from './http-fixture.ts';

let fixture: HttpFixture;
before(async () => {
  fixture = await startFixture({ approvals: true, progressMs: 20 });
});
after(() => fixture.front.close(100));

const forms = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };

function lastCall(): CallRequest {
  return fixture.gateway.calls.at(-1) ?? assert.fail('no call');
}

function answering(requestState: unknown, inputResponses: unknown) {
  const call = modernCall('ask', {}, forms);
  Object.assign(call.message['params'] as object, { requestState, inputResponses });
  return send(fixture.url, call.headers, call.message);
}

const accepted = { action: 'accept', content: { decision: 'approve' } };

test('a question of 2026-07-28 is a result with one request, the state, and the id of the call', async () => {
  const call = modernCall('ask', {}, forms);
  const reply = await send(fixture.url, call.headers, call.message);
  const { result } = reply.messages[0];
  assert.match(result._meta['sallyport/call'], /^call_/);
  delete result._meta['sallyport/call'];
  assert.deepEqual(result, {
    resultType: 'input_required',
    inputRequests: {
      sallyport: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: 'Do this? (1)',
          requestedSchema: {
            type: 'object',
            properties: {
              decision: {
                type: 'string',
                title: 'Decision',
                oneOf: [
                  { const: 'approve', title: 'Approve this once' },
                  { const: 'decline', title: 'Decline' },
                ],
              },
              comment: { type: 'string', title: 'Comment', maxLength: 100 },
            },
            required: ['decision'],
          },
        },
      },
    },
    requestState: 'asked-1',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'fixture', version: '1.2.3' } },
  });
});

test('progress comes before a question as before any other result', async () => {
  const call = modernCall('review_approvals', {}, { ...forms, progressToken: 'p' });
  call.headers['authorization'] = 'Bearer bob-token';
  setTimeout(() => fixture.gateway.approvals.file('apr_late'), 100);
  const reply = await send(fixture.url, call.headers, call.message);
  assert.equal(reply.messages[0].method, 'notifications/progress');
  assert.equal(reply.messages.at(-1).result.requestState, 'apr_late');
});

test('a request state that was tampered with reaches the gateway as it came', async () => {
  const reply = await answering('asked-1-tampered', { sallyport: accepted });
  assert.deepEqual(lastCall().input, {
    state: 'asked-1-tampered',
    action: 'accept',
    content: { decision: 'approve' },
  });
  assert.equal(reply.messages[0].result.structuredContent.sallyport.outcome, 'refused');
});

test('an answer without its state is no answer to any question', async () => {
  const reply = await answering(undefined, { sallyport: accepted });
  assert.equal(lastCall().input?.state, '');
  assert.equal(reply.messages[0].result.structuredContent.sallyport.outcome, 'refused');
});

test('without an answer to it, the question is asked again', async () => {
  for (const responses of [
    undefined,
    {},
    { other: accepted },
    // A form that the revision does not have.
    { sallyport: { method: 'elicitation/create', result: accepted } },
  ]) {
    const reply = await answering('asked-1', responses);
    assert.equal(lastCall().input, null);
    assert.equal(reply.messages[0].result.resultType, 'input_required');
  }
});

test('an answer of a wrong form is refused before the gateway sees it', async () => {
  const before_ = fixture.gateway.calls.length;
  for (const response of [
    {},
    { action: 'approve' },
    { action: true },
    { action: 'accept', content: ['approve'] },
    { action: 'accept', content: 'approve' },
  ]) {
    const reply = await answering('asked-1', { sallyport: response });
    assert.equal(reply.messages[0].error.code, -32602, JSON.stringify(response));
  }
  assert.equal((await answering({ a: 1 }, { sallyport: accepted })).messages[0].error.code, -32602);
  assert.equal(fixture.gateway.calls.length, before_);
});

test('what came with a decline does not count', async () => {
  await answering('asked-1', { sallyport: { action: 'decline', content: { decision: 'approve' } } });
  assert.deepEqual(lastCall().input, { state: 'asked-1', action: 'decline', content: {} });
});

const ask = (id: number) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'ask', arguments: {} },
});

interface Exchange {
  /** The next message of the call's stream. */
  next(): Promise<any>; // eslint-disable-line typescript/no-explicit-any -- tests look into JSON of any shape
  leave(): void;
}

/** Sends a message in a session and reads its stream message by message. */
async function exchange(headers: Readonly<Record<string, string>>, message: object): Promise<Exchange> {
  const abort = new AbortController();
  const { signal } = abort;
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers,
    body: JSON.stringify(message),
    signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  return {
    async next() {
      for (;;) {
        const match = /^data: (\{.*\})\n/m.exec(buffered);
        if (match?.[1] !== undefined) {
          buffered = buffered.slice(match.index + match[0].length);
          return JSON.parse(match[1]);
        }
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended: ${buffered}`);
        buffered += value;
      }
    },
    leave: () => abort.abort(),
  };
}

function session(version: string, elicitation: object | undefined) {
  return openSession(
    fixture.url,
    version,
    'Bearer alice-token',
    elicitation === undefined ? {} : { elicitation },
  );
}

test('each revision gets the forms that it knows, and those before 2025-06-18 get none', async () => {
  const newer = await session('2025-11-25', { form: {} });
  const titled = await exchange(newer, ask(1));
  const { params } = await titled.next();
  assert.equal(params.mode, 'form');
  assert.ok(params.requestedSchema.properties.decision.oneOf);
  titled.leave();
  const older = await session('2025-06-18', {});
  const named = await exchange(older, ask(1));
  const question = await named.next();
  assert.deepEqual(question.params, { message: 'Do this? (1)', requestedSchema: form });
  await send(fixture.url, older, { jsonrpc: '2.0', id: question.id, result: accepted });
  assert.deepEqual((await named.next()).result.structuredContent.rows, [[{ decision: 'approve' }]]);
  const oldest = await send(fixture.url, await session('2025-03-26', {}), ask(1));
  assert.equal(oldest.messages[0].result.structuredContent.sallyport.outcome, 'awaiting_approval');
});

test('who takes links alone is shown no form', async () => {
  const reply = await send(fixture.url, await session('2025-11-25', { url: {} }), ask(1));
  assert.deepEqual(lastCall().origin.elicitation, { form: false, url: true });
  assert.equal(reply.messages[0].result.structuredContent.sallyport.outcome, 'awaiting_approval');
});

test('the fields of 2026-07-28 mean nothing in a session of 2025', async () => {
  const headers = await session('2025-11-25', undefined);
  const message = ask(1);
  Object.assign(message.params, { requestState: 'asked-1', inputResponses: { sallyport: accepted } });
  await send(fixture.url, headers, message);
  assert.equal(lastCall().input, null);
});

test('a client that goes away while its person is asked has put the question aside', async () => {
  const headers = await session('2025-11-25', { form: {} });
  const call = await exchange(headers, ask(1));
  await call.next();
  call.leave();
  await fixture.gateway.until(() => lastCall().input?.action === 'cancel');
});

test('a session that ends while its person is asked ends the call', async () => {
  const headers = await session('2025-11-25', { form: {} });
  const call = await exchange(headers, ask(1));
  await call.next();
  const before_ = fixture.gateway.calls.length;
  await send(fixture.url, headers, '', 'DELETE');
  await fixture.gateway.until(() => fixture.gateway.calls.length > before_);
  assert.equal(lastCall().input?.action, 'cancel');
  call.leave();
});

test('a client that answers with an error, or with no answer, has put the question aside', async () => {
  const headers = await session('2025-11-25', { form: {} });
  for (const response of [
    { error: { code: -32601, message: 'Method not found' } },
    { result: { action: 'yes' } },
    { result: {} },
  ]) {
    const call = await exchange(headers, ask(1));
    const { id } = await call.next();
    await send(fixture.url, headers, { jsonrpc: '2.0', id, ...response });
    assert.match((await call.next()).result.content[0].text, /put aside/);
  }
});

test('somebody else can not answer the question of a session', async () => {
  const headers = await session('2025-11-25', { form: {} });
  const call = await exchange(headers, ask(1));
  const { id } = await call.next();
  const answer = { jsonrpc: '2.0', id, result: accepted };
  const stolen = await send(fixture.url, { ...headers, authorization: 'Bearer bob-token' }, answer);
  assert.equal(stolen.status, 404);
  assert.equal(lastCall().input, null);
  call.leave();
  await fixture.gateway.until(() => lastCall().input?.action === 'cancel');
});

test('a person who does not answer in time has put the question aside', async () => {
  const own = await startFixture({ approvals: true }, { elicitMs: 100 });
  for (const setting of askedSettings.filter(
    ({ era, transport }) => era === '2025' && transport === 'http',
  )) {
    const client = await setting.connect(own, {
      elicitation: { form: {} },
      person: () => new Promise(() => undefined),
    });
    const result = await client.call('ask');
    assert.match(JSON.stringify(result), /put aside/);
    await client.close();
  }
  await own.front.close(100);
});

test('progress goes on, and only grows, from one question to the next', async () => {
  const headers = await session('2025-11-25', { form: {} });
  const message = ask(1);
  Object.assign(message.params, { arguments: { rounds: 2 }, _meta: { progressToken: 'p' } });
  const call = await exchange(headers, message);
  const said: string[] = [];
  const steps: number[] = [];
  let question: number | undefined;
  for (;;) {
    const next = await call.next();
    if (next.result !== undefined) {
      assert.equal(next.result.isError, false);
      break;
    }
    if (next.method === 'elicitation/create') {
      question = next.id;
      continue;
    }
    said.push(next.params.message);
    steps.push(next.params.progress);
    // The person takes their time, until the client was told that the call lives.
    if (question !== undefined && next.params.message.startsWith('waiting')) {
      await send(fixture.url, headers, { jsonrpc: '2.0', id: question, result: accepted });
      question = undefined;
    }
  }
  const waiting = 'waiting for an answer to the question';
  assert.deepEqual(said, ['looking at it', waiting, 'looking at it', waiting, 'looking at it']);
  assert.ok(
    steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0)),
    String(steps),
  );
});

test('shutdown takes open questions back and ends their calls', async () => {
  const own = await startFixture({ approvals: true });
  const headers = await openSession(own.url, '2025-11-25', 'Bearer alice-token', {
    elicitation: { form: {} },
  });
  const response = fetch(own.url, { method: 'POST', headers, body: JSON.stringify(ask(1)) });
  await own.gateway.until(() => own.gateway.calls.length === 1);
  await (await response).body!.getReader().read();
  await own.front.close(50);
  assert.equal(own.gateway.calls.at(-1)?.input?.action, 'cancel');
});

test('the door stays shut for answers without a credential', async () => {
  const headers: Record<string, string> = { ...(await session('2025-11-25', { form: {} })) };
  delete headers['authorization'];
  const reply = await send(fixture.url, headers, { jsonrpc: '2.0', id: 0, result: accepted });
  assert.equal(reply.status, 401);
});
