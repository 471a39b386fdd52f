import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { envelope } from '../clients/http-fixture.ts';
import { recordsIn } from '../path/on-record.ts';
import { intentOf } from '../path/waiting.ts';
import { COMPILED, commandLine, startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { heldFolder, mark, marks, runAs, startHeld, tokenFor } from './held-gateway.ts';
import { approvalIn, asTask, declaring, ended, get, TASKS, type Task } from './task-client.ts';

let gateway: GatewayProcess;
let alice: string;
let bob: string;
before(async () => {
  gateway = await startHeld({ held: { customers: '@approval("dba")' }, wait: '1s' });
  alice = await tokenFor(gateway, 'alice', 'support');
  bob = await tokenFor(gateway, 'bob', 'dba');
});
after(async () => {
  await gateway.stop();
});

async function approve(id: string): Promise<void> {
  const { code, stderr } = await runAs(gateway, bob, 'approvals', 'approve', id);
  assert.equal(code, 0, stderr);
}

const taskResult = z.looseObject({ taskId: z.string(), status: z.string() });
const anyResult = z.looseObject({});

test('the SDK v2 client polls, answers and cancels with the headers that the extension asks for', async () => {
  const client = new Client(
    { name: 'polls', version: '1' },
    { capabilities: { extensions: { [TASKS]: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const transport = new StreamableHTTPClientTransport(new URL(gateway.endpoint), {
    requestInit: { headers: { authorization: `Bearer ${alice}` } },
  });
  await client.connect(transport);
  try {
    assert.deepEqual(client.getServerCapabilities()?.extensions?.[TASKS], {});
    // The SDK has no reader for a result that is a task, and says so: its application makes the call itself.
    await assert.rejects(
      client.callTool({ name: 'run_sql', arguments: mark('customers', 1) }),
      /Unsupported result type/,
    );
    const { taskId } = await asTask(gateway, alice, mark('customers', 1));
    const poll = () => client.request({ method: 'tasks/get', params: { taskId } }, taskResult);
    const first = await poll();
    assert.deepEqual([first.taskId, first.status], [taskId, 'working']);
    const update = { method: 'tasks/update', params: { taskId, inputResponses: {} } };
    await client.request(update, anyResult);
    await client.request({ method: 'tasks/cancel', params: { taskId } }, anyResult);
    assert.equal((await poll()).status, 'cancelled');
  } finally {
    await client.close();
  }
});

test('a client of 2025 has no tasks, whatever it declares', async () => {
  const client = new Client(
    { name: 'old', version: '1' },
    { capabilities: { extensions: { [TASKS]: {} } }, versionNegotiation: { mode: 'legacy' } },
  );
  const transport = new StreamableHTTPClientTransport(new URL(gateway.endpoint), {
    requestInit: { headers: { authorization: `Bearer ${alice}` } },
  });
  await client.connect(transport);
  try {
    assert.equal(client.getServerCapabilities()?.extensions, undefined);
    const held = await client.callTool({ name: 'run_sql', arguments: mark('customers', 2) });
    assert.match(JSON.stringify(held), /awaiting_approval/);
    const { taskId } = await asTask(gateway, alice, mark('customers', 2));
    const asked = client.request({ method: 'tasks/get', params: { taskId } }, anyResult);
    await assert.rejects(asked, { code: -32601 });
  } finally {
    await client.close();
  }
});

test('killed while it is carried out: unknown in the end, not repeated', { timeout: 300_000 }, async () => {
  const folder = await heldFolder({ held: { customers: '@approval("dba")' } });
  const asker = await tokenFor(folder, 'alice', 'support');
  const reviewer = await tokenFor(folder, 'bob', 'dba');
  const endless =
    'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT count(*) FROM c';
  const statement = `UPDATE customers SET notes = (${endless}) WHERE id = 1`;
  const first = await startGateway({ folder });
  let taskId = '';
  try {
    const task = await asTask(first, asker, { statement });
    taskId = task.taskId;
    const approved = await runAs(folder, reviewer, 'approvals', 'approve', approvalIn(task));
    assert.equal(approved.code, 0, approved.stderr);
    const cut = get(first, asker, taskId).catch(() => null);
    await intentOf(folder, 'run_sql');
    first.kill();
    await cut;
  } finally {
    first.kill();
    await first.exited;
  }

  const second = await startGateway({ folder });
  try {
    assert.equal((await get(second, asker, taskId)).status, 'working', 'another process may be at it');
    const done = await ended(second, asker, taskId);
    assert.equal(done.result?.structuredContent.sallyport?.outcome, 'unknown', JSON.stringify(done));
    assert.deepEqual(await get(second, asker, taskId), done);
    const intents = (await recordsIn(folder)).filter(({ type }) => type === 'call.intent');
    assert.equal(intents.length, 1);
  } finally {
    await second.stop();
  }
});

/** The gateway over stdio, line by line. */
function overStdio() {
  const line = commandLine('stdio', '--config', gateway.configPath);
  const env = { ...process.env, ...COMPILED };
  const child = spawn(line.command, line.args, {
    cwd: gateway.dir,
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask(method: string, params: object): Promise<Task & { readonly resultType: string }> {
      const _meta = { ...envelope, ...declaring() };
      child.stdin.write(
        `${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } })}\n`,
      );
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) return assert.fail('the gateway ended');
        const message = JSON.parse(value) as { readonly id?: number; readonly result?: unknown };
        if (message.id === 1)
          return (message.result ?? assert.fail(value)) as Task & { readonly resultType: string };
      }
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test('over stdio a task outlives the process that gave its handle', { timeout: 300_000 }, async () => {
  const first = overStdio();
  const args = mark('customers', 3);
  const task = await first.ask('tools/call', { name: 'run_sql', arguments: args });
  assert.equal(task.resultType, 'task', JSON.stringify(task));
  await first.kill();
  await approve(approvalIn(task));
  const second = overStdio();
  try {
    const done = await second.ask('tasks/get', { taskId: task.taskId });
    assert.equal(done.result?.isError, false, JSON.stringify(done));
    assert.equal(marks(gateway, 'customers', 3), 1);
  } finally {
    await second.kill();
  }
});
