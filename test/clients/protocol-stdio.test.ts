import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { envelope } from './http-fixture.ts';

const main = fileURLToPath(new URL('stdio-fixture.ts', import.meta.url));

interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  send(message: unknown): void;
  /** The next line of standard output, parsed: anything but a message fails the test. */
  next(): Promise<Record<string, any>>; // eslint-disable-line typescript/no-explicit-any -- tests look into JSON of any shape
  /** Closes standard input and returns what the fixture's gateway saw, and all that was still written. */
  end(): Promise<{ seen: Record<string, any>; rest: string[]; code: number | null }>; // eslint-disable-line typescript/no-explicit-any -- as above
}

function start(...args: string[]): Child {
  const child = spawn(process.execPath, [main, ...args]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    process: child,
    send: (message) =>
      child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`standard output ended; standard error: ${stderr}`);
      return JSON.parse(value) as Record<string, unknown>;
    },
    async end() {
      const exited = new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      child.stdin.end();
      const code = await exited;
      const rest: string[] = [];
      for await (const line of { [Symbol.asyncIterator]: () => lines }) rest.push(line);
      return { seen: JSON.parse(stderr.trim().split('\n').at(-1) ?? '{}'), rest, code };
    },
  };
}

const request = (id: number, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params: { ...params, _meta: envelope },
});
const call = (id: number, name: string, args: object = {}) =>
  request(id, 'tools/call', { name, arguments: args });

test('the end of standard input ends the process, and the session is told to the gateway', async () => {
  const child = start();
  child.send(call(1, 'echo', { text: 'x' }));
  const reply = await child.next();
  assert.equal(reply['result'].isError, false);
  const { seen, rest, code } = await child.end();
  assert.equal(code, 0);
  assert.deepEqual(rest, []);
  assert.equal(seen['ended'].length, 1);
  assert.equal(seen['ended'][0].session, seen['calls'][0].origin.transportSession);
  assert.deepEqual(seen['calls'][0].credential, { kind: 'local' });
});

test('the end of standard input cancels the calls that run', async () => {
  const child = start();
  child.send(call(1, 'slow', { ms: 60_000 }));
  child.send(call(2, 'echo'));
  assert.equal((await child.next())['id'], 2);
  const { seen } = await child.end();
  assert.deepEqual(seen['aborted'], ['slow']);
});

test('one process is one session for the record', async () => {
  const child = start();
  child.send(call(1, 'echo'));
  child.send(call(2, 'echo'));
  await child.next();
  await child.next();
  const { seen } = await child.end();
  const [first, second] = seen['calls'];
  assert.match(first.origin.transportSession, /^stdio_/);
  assert.equal(first.origin.transportSession, second.origin.transportSession);
});

test('lines that are no messages, and arguments that are not taken, do not end the conversation', async () => {
  const child = start();
  child.send('this is not JSON');
  child.send(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"__proto__":{"a":1}}}}',
  );
  const prototype = await child.next();
  assert.deepEqual([prototype['id'], prototype['error'].code], [1, -32602]);
  child.send(call(2, 'echo', JSON.parse(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`) as object));
  const deep = await child.next();
  assert.deepEqual([deep['id'], deep['error'].code], [2, -32602]);
  child.send(call(3, 'echo'));
  assert.equal((await child.next())['result'].isError, false);
  const { seen } = await child.end();
  assert.equal(seen['calls'].length, 1);
});

test('a cancelled call gets no response, and reaches the gateway as cancelled', async () => {
  const child = start();
  child.send(call(1, 'slow', { ms: 60_000 }));
  child.send(call(2, 'echo'));
  await child.next();
  child.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  child.send(call(3, 'echo'));
  assert.equal((await child.next())['id'], 3);
  const { seen, rest } = await child.end();
  assert.deepEqual(seen['aborted'], ['slow']);
  assert.deepEqual(rest, []);
});

test('where there is no local user, nothing is listed, calls are refused, and the refusal is on record', async () => {
  const child = start('nobody');
  child.send(request(1, 'tools/list'));
  const listed = await child.next();
  assert.match(listed['error'].message, /local_user_off/);
  child.send(call(2, 'echo'));
  assert.match((await child.next())['error'].message, /local_user_off/);
  const { seen } = await child.end();
  assert.deepEqual(
    seen['refusals'].map((refusal: { failure: string; transport: string }) => [
      refusal.failure,
      refusal.transport,
    ]),
    [
      ['local_user_off', 'stdio'],
      ['local_user_off', 'stdio'],
    ],
  );
  assert.equal(seen['calls'].length, 0);
});
