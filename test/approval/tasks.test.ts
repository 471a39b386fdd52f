import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { recordsIn } from '../path/on-record.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { copyWithPort } from './copy-with-port.ts';
import {
  approvalOf,
  mark,
  marks,
  post,
  runAs,
  startHeld,
  tokenFor,
  toldOf,
  writePolicy,
} from './held-gateway.ts';
import {
  answer,
  approvalIn,
  ask,
  asTask,
  callTool,
  ended,
  errorOf,
  get,
  TASKS,
  WITH_FORMS,
} from './task-client.ts';

let gateway: GatewayProcess;
let alice: string;
let bob: string;
before(async () => {
  gateway = await startHeld({
    held: {
      customers: '@approval("dba")',
      orders: '@approval("requester")',
      notes: '@approval("dba")\n@justify',
    },
    wait: '30s',
    policy: `@id("held.soon") @approval("dba") @expires("1s") @reason("Soon.")
forbid (principal in Group::"support", action == Action::"run_sql", resource)
when { context.sql.writes && context.input.statement like "*soon*" }
unless { context.approved };`,
  });
  alice = await tokenFor(gateway, 'alice', 'support');
  bob = await tokenFor(gateway, 'bob', 'dba');
});
after(async () => {
  await gateway.stop();
});

/** By bob, on the command line. */
async function decide(
  what: 'approve' | 'decline' | 'revoke',
  id: string,
  ...more: readonly string[]
): Promise<void> {
  const { code, stderr } = await runAs(gateway, bob, 'approvals', what, id, ...more);
  assert.equal(code, 0, stderr);
}

async function intentsOf(task: string): Promise<number> {
  const records = await recordsIn(gateway);
  return records.filter(({ type, event }) => type === 'call.intent' && event['task'] === task).length;
}

/** The name of a task on record: its handle without the secret. */
const named = (taskId: string): string => taskId.split('.')[0] ?? '';

test('a held call is a task at once, and its result is there when it was approved', async () => {
  const args = mark('customers', 1);
  const task = await asTask(gateway, alice, args);
  assert.equal(task.status, 'working');
  assert.ok(task.ttlMs > 0 && task.pollIntervalMs > 0);
  assert.ok(Number.isInteger(task.ttlMs) && Number.isInteger(task.pollIntervalMs));
  assert.ok(!('result' in task) && !('inputRequests' in task) && !('requestState' in task));
  const waiting = await get(gateway, alice, task.taskId);
  assert.deepEqual(
    [waiting.status, waiting.taskId, waiting.createdAt],
    ['working', task.taskId, task.createdAt],
  );
  assert.match(waiting.statusMessage ?? '', /waiting for approval by dba/);
  assert.equal(marks(gateway, 'customers', 1), 0);

  await decide('approve', approvalIn(waiting));
  const done = await ended(gateway, alice, task.taskId);
  assert.equal(done.status, 'completed', JSON.stringify(done));
  assert.deepEqual([done.result?.isError, done.result?.structuredContent.rowsAffected], [false, 1]);
  assert.equal(marks(gateway, 'customers', 1), 1);
  assert.deepEqual(await get(gateway, alice, task.taskId), done, 'and it stays the same');
  assert.equal(marks(gateway, 'customers', 1), 1);

  const records = await recordsIn(gateway);
  const held = records.find(({ type, event }) => type === 'call.held' && event['answer'] === 'task');
  assert.equal(held?.event['task'], named(task.taskId));
  const intent = records.find(
    ({ type, event }) => type === 'call.intent' && event['task'] === named(task.taskId),
  );
  assert.equal(intent?.call, done.result?._meta['sallyport/call']);
  assert.equal(intent?.event['approval'], approvalIn(waiting));
});

test('the store holds neither the arguments of what waits nor the secret of its handle', async () => {
  const secret = 'zanzibar-9471';
  const args = { statement: `UPDATE customers SET notes = '${secret}' WHERE id = 2` };
  const task = await asTask(gateway, alice, args);
  const { readFileSync } = await import('node:fs');
  const bytes = ['', '-wal']
    .map((end) => readFileSync(`${gateway.storePath}${end}`).toString('latin1'))
    .join('');
  assert.ok(bytes.includes(named(task.taskId)), 'the task is in the store');
  const handleSecret = task.taskId.split('.')[1] ?? '';
  assert.ok(!bytes.includes(handleSecret));
  const inSealed = JSON.stringify({ kind: 'call' }).slice(1, -1);
  assert.ok(!bytes.includes(inSealed));
  assert.ok(!gateway.stderr().includes(handleSecret));
  await ask(gateway, alice, 'tasks/cancel', task.taskId);
});

test('killed while it waits, approved, and killed again: the handle works, and it runs once', async () => {
  const args = mark('customers', 3);
  const task = await asTask(gateway, alice, args);
  gateway.kill();
  await gateway.exited;
  gateway = await startGateway({ folder: gateway });
  const waiting = await get(gateway, alice, task.taskId);
  assert.equal(waiting.status, 'working');
  await decide('approve', approvalIn(waiting));
  gateway.kill();
  await gateway.exited;
  gateway = await startGateway({ folder: gateway });
  const done = await ended(gateway, alice, task.taskId);
  assert.equal(done.result?.isError, false, JSON.stringify(done));
  gateway.kill();
  await gateway.exited;
  gateway = await startGateway({ folder: gateway });
  assert.deepEqual(await get(gateway, alice, task.taskId), done, 'the result outlives the process as well');
  assert.equal(marks(gateway, 'customers', 3), 1);
  assert.equal(await intentsOf(named(task.taskId)), 1);
});

test('of twenty polls at once, on two gateways over one store, one carries it out and all see it', async () => {
  const beside = await startGateway({ folder: await copyWithPort(gateway) });
  try {
    const task = await asTask(gateway, alice, mark('customers', 4));
    await decide('approve', approvalIn(task));
    const polls = Array.from({ length: 20 }, (_, index) =>
      get(index % 2 === 0 ? gateway : beside, alice, task.taskId),
    );
    for (const { status } of await Promise.all(polls))
      assert.ok(['working', 'completed'].includes(status), status);
    const [one, other] = await Promise.all(
      [gateway, beside].map((process) => ended(process, alice, task.taskId)),
    );
    assert.equal(one?.result?.isError, false, JSON.stringify(one));
    assert.deepEqual(one, other);
    assert.equal(marks(gateway, 'customers', 4), 1);
    assert.equal(await intentsOf(named(task.taskId)), 1);
    const uses = (await toldOf(gateway, approvalIn(task))).filter(({ type }) => type === 'approval.used');
    assert.equal(uses.length, 1);
  } finally {
    await beside.stop();
  }
});

test('a task of somebody else, a changed handle and one that was never given are all unknown', async () => {
  const { taskId } = await asTask(gateway, alice, mark('customers', 5));
  const flipped = taskId.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const [name = '', secret = ''] = taskId.split('.');
  const otherSecret = `${name}.${secret.split('').toReversed().join('')}`;
  const otherName = `${name.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}.${secret}`;
  const strangers: readonly (readonly [string, string])[] = [
    [bob, taskId],
    [alice, flipped],
    [alice, otherSecret],
    [alice, otherName],
    [alice, name],
    [alice, `${taskId}A`],
    [alice, 'task_nothing'],
  ];
  const said = new Set<string>();
  for (const [token, handle] of strangers) {
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const reply = await ask(gateway, token, method, handle, { params: { inputResponses: {} } });
      assert.equal(errorOf(reply)?.code, -32602, `${method} ${handle}: ${reply.text}`);
      said.add(errorOf(reply)?.message ?? '');
    }
  }
  assert.equal(said.size, 1, 'in the same words');
  assert.equal((await get(gateway, alice, taskId)).status, 'working', 'and it goes on waiting');
  await ask(gateway, alice, 'tasks/cancel', taskId);
});

test('a client that does not declare the extension never gets a task, and can ask after none', async () => {
  const plain = await post(gateway, alice, 'run_sql', { statement: 'SELECT 1 AS one' });
  assert.equal(plain.outcome, 'answered');
  const none = { 'io.modelcontextprotocol/clientCapabilities': {} };
  const { taskId } = await asTask(gateway, alice, mark('customers', 6));
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const reply = await ask(gateway, alice, method, taskId, { meta: none, params: { inputResponses: {} } });
    const error = errorOf(reply) as { code: number; data?: unknown } | undefined;
    assert.deepEqual(
      [error?.code, error?.data],
      [-32021, { requiredCapabilities: { extensions: { [TASKS]: {} } } }],
      reply.text,
    );
  }
  await ask(gateway, alice, 'tasks/cancel', taskId);
});

test('the extension is in what the server says of itself, and its old methods are not there', async () => {
  const discovered = await ask(gateway, alice, 'server/discover', '');
  const { result } = discovered.messages[0] as {
    readonly result: {
      readonly capabilities: { readonly extensions?: Record<string, object>; readonly tasks?: object };
    };
  };
  assert.deepEqual(result.capabilities.extensions?.[TASKS], {});
  assert.equal(result.capabilities.tasks, undefined);
  for (const method of ['tasks/list', 'tasks/result'])
    assert.equal(errorOf(await ask(gateway, alice, method, 'x'))?.code, -32601);
});

test('headers that name another task than the body are refused', async () => {
  const { taskId } = await asTask(gateway, alice, mark('customers', 7));
  for (const headers of [{ 'mcp-name': 'task_other' }, { 'mcp-method': 'tasks/cancel' }]) {
    const reply = await ask(gateway, alice, 'tasks/get', taskId, { headers });
    assert.deepEqual([reply.status, errorOf(reply)?.code], [400, -32020], reply.text);
  }
  await ask(gateway, alice, 'tasks/cancel', taskId);
});

test('what may run runs at once, and what may not is refused at once: neither is a task', async () => {
  for (const statement of ['SELECT 1 AS one', 'DROP TABLE customers']) {
    const reply = await callTool(gateway, alice, { statement });
    const { result } = reply.messages[0] as { readonly result: { readonly resultType: string } };
    assert.equal(result.resultType, 'complete', reply.text);
  }
});

test('a decline ends the task with the refusal, and says who', async () => {
  const task = await asTask(gateway, alice, mark('customers', 8));
  await decide('decline', approvalIn(task), '-m', 'Not today.');
  const done = await ended(gateway, alice, task.taskId);
  assert.deepEqual(
    [done.status, done.result?.isError, done.result?.structuredContent.sallyport?.outcome],
    ['completed', true, 'refused'],
  );
  assert.match(done.result?.content[0]?.text ?? '', /bob declined .* Not today\./);
  assert.deepEqual(await get(gateway, alice, task.taskId), done);
  const refused = (await recordsIn(gateway)).filter(
    ({ type, event }) => type === 'call.refused' && event['task'] === named(task.taskId),
  );
  assert.equal(refused.length, 1);
});

test('a revocation ends the task with a refusal', async () => {
  const task = await asTask(gateway, alice, mark('customers', 9));
  await decide('revoke', approvalIn(task));
  const done = await ended(gateway, alice, task.taskId);
  assert.match(done.result?.content[0]?.text ?? '', /was revoked before it was used/);
  assert.equal(marks(gateway, 'customers', 9), 0);
});

test('a request that runs out ends its task with a refusal', async () => {
  const statement = "UPDATE customers SET notes = 'soon' WHERE id = 14";
  const task = await asTask(gateway, alice, { statement });
  const done = await ended(gateway, alice, task.taskId);
  assert.match(done.result?.content[0]?.text ?? '', /Nobody approved apr_.* in time/);
  assert.equal((await approvalOf(gateway, approvalIn(task))).status, 'expired');
  assert.equal(await intentsOf(named(task.taskId)), 0);
});

test('what is cancelled never runs, and its request is revoked', async () => {
  const task = await asTask(gateway, alice, mark('customers', 10));
  const ack = await ask(gateway, alice, 'tasks/cancel', task.taskId);
  const { result } = ack.messages[0] as { readonly result: Readonly<Record<string, unknown>> };
  assert.deepEqual({ ...result, _meta: null }, { resultType: 'complete', _meta: null });
  assert.equal((await get(gateway, alice, task.taskId)).status, 'cancelled');
  assert.equal((await approvalOf(gateway, approvalIn(task))).status, 'revoked');
  assert.equal(
    errorOf(await ask(gateway, alice, 'tasks/cancel', task.taskId)),
    undefined,
    'twice is as good',
  );
  const told = (await recordsIn(gateway)).filter(
    ({ type, event }) => type === 'task.cancelled' && event['task'] === named(task.taskId),
  );
  assert.equal(told.length, 1);
});

test('approved and cancelled before a poll: it does not run', async () => {
  const task = await asTask(gateway, alice, mark('customers', 11));
  await decide('approve', approvalIn(task));
  await ask(gateway, alice, 'tasks/cancel', task.taskId);
  assert.equal((await get(gateway, alice, task.taskId)).status, 'cancelled');
  assert.equal((await approvalOf(gateway, approvalIn(task))).status, 'revoked');
  assert.equal(marks(gateway, 'customers', 11), 0);
});

test('the requester is asked through the task, and what they said carries it out', async () => {
  const args = mark('orders', 1);
  const task = await asTask(gateway, alice, args, WITH_FORMS);
  const asked = await get(gateway, alice, task.taskId, WITH_FORMS);
  assert.equal(asked.status, 'input_required', JSON.stringify(asked));
  const [question] = Object.values(asked.inputRequests ?? {});
  assert.equal(question?.method, 'elicitation/create');
  assert.ok(question?.params.message.includes(args.statement), question?.params.message);
  assert.deepEqual(
    await get(gateway, alice, task.taskId, WITH_FORMS),
    asked,
    'under the same key as long as it is asked',
  );
  assert.equal((await get(gateway, alice, task.taskId)).status, 'working', 'who takes no forms is not asked');

  const ack = await answer(gateway, alice, asked, { action: 'accept', content: { decision: 'approve' } });
  const { result } = ack.messages[0] as { readonly result: Readonly<Record<string, unknown>> };
  assert.deepEqual({ ...result, _meta: null }, { resultType: 'complete', _meta: null });
  const done = await ended(gateway, alice, task.taskId);
  assert.equal(done.result?.isError, false, JSON.stringify(done));
  assert.equal(marks(gateway, 'orders', 1), 1);
  await answer(gateway, alice, asked, { action: 'accept', content: { decision: 'decline' } });
  assert.deepEqual(await get(gateway, alice, task.taskId), done, 'an answer to what was answered is ignored');
  const { verdicts } = await approvalOf(gateway, approvalIn(task));
  assert.deepEqual(
    verdicts.map(({ by, channel, assurance }) => [by.id, channel, assurance]),
    [['alice', 'elicitation', 'low']],
  );
});

test('a requester who declines, or puts the question aside, ends the task', async () => {
  for (const [row, response] of [
    [2, { action: 'accept', content: { decision: 'decline' } }],
    [3, { action: 'decline' }],
    [4, { action: 'cancel' }],
  ] as const) {
    const task = await asTask(gateway, alice, mark('orders', row), WITH_FORMS);
    await answer(gateway, alice, await get(gateway, alice, task.taskId, WITH_FORMS), response);
    const done = await ended(gateway, alice, task.taskId);
    assert.deepEqual([done.status, done.result?.isError], ['completed', true], JSON.stringify(done));
    assert.equal(marks(gateway, 'orders', row), 0);
  }
});

test('why it is needed is asked once, and then it waits for a reviewer who reads it', async () => {
  const task = await asTask(gateway, alice, mark('notes', 1), WITH_FORMS);
  const asked = await get(gateway, alice, task.taskId, WITH_FORMS);
  await answer(gateway, alice, asked, { action: 'accept', content: { justification: 'Ticket 4711.' } });
  const waiting = await get(gateway, alice, task.taskId, WITH_FORMS);
  assert.equal(waiting.status, 'working', JSON.stringify(waiting));
  assert.equal((await approvalOf(gateway, approvalIn(task))).justification, 'Ticket 4711.');
  await decide('approve', approvalIn(task));
  assert.equal((await ended(gateway, alice, task.taskId)).result?.isError, false);
  assert.equal(marks(gateway, 'notes', 1), 1);
});

test('answers to what was not asked change nothing', async () => {
  const task = await asTask(gateway, alice, mark('orders', 5), WITH_FORMS);
  const other = await asTask(gateway, alice, mark('orders', 6), WITH_FORMS);
  const [foreign = ''] = Object.keys(
    (await get(gateway, alice, other.taskId, WITH_FORMS)).inputRequests ?? {},
  );
  const accept = { action: 'accept', content: { decision: 'approve' } };
  for (const inputResponses of [{ [foreign]: accept }, { approve: accept, sallyport: accept }, {}]) {
    const params = { inputResponses };
    const reply = await ask(gateway, alice, 'tasks/update', task.taskId, { params, meta: WITH_FORMS });
    assert.equal(errorOf(reply), undefined, reply.text);
  }
  assert.equal((await get(gateway, alice, task.taskId, WITH_FORMS)).status, 'input_required');
  assert.equal(marks(gateway, 'orders', 5), 0);
});

test('two tasks of one act: the approval is spent by one, the other is told so', async () => {
  const args = mark('customers', 12);
  const [first, second] = [await asTask(gateway, alice, args), await asTask(gateway, alice, args)];
  assert.equal(approvalIn(first), approvalIn(second));
  assert.notEqual(first.taskId, second.taskId);
  await decide('approve', approvalIn(first));
  const all = await Promise.all([first, second].map(({ taskId }) => ended(gateway, alice, taskId)));
  assert.equal(all.filter(({ result }) => result?.isError === false).length, 1);
  assert.equal(all.filter(({ result }) => result?.isError === true).length, 1);
  assert.equal(marks(gateway, 'customers', 12), 1);
});

test('policy that forbids it by the time it was approved has the last word', async () => {
  const task = await asTask(gateway, alice, mark('customers', 13));
  await decide('approve', approvalIn(task));
  writePolicy(
    gateway,
    'freeze',
    `@id("freeze.customers") @reason("Customers are frozen.")
forbid (principal, action == Action::"run_sql", resource)
when { context.sql.tablesWritten.contains("customers") };`,
  );
  await loadedAgain(gateway, 1);
  const done = await ended(gateway, alice, task.taskId);
  assert.equal(done.result?.structuredContent.sallyport?.outcome, 'refused', JSON.stringify(done));
  assert.match(done.result?.content[0]?.text ?? '', /Customers are frozen/);
  assert.equal(marks(gateway, 'customers', 13), 0);
  const { rm } = await import('node:fs/promises');
  await rm(`${gateway.dir}/policies/freeze.cedar`);
  await loadedAgain(gateway, 2);
});

/** Until rules were loaded so many times after the start. */
async function loadedAgain(process: GatewayProcess, times: number): Promise<void> {
  for (;;) {
    const records = await recordsIn(process);
    const start = records.findLastIndex(({ type }) => type === 'server.started');
    const loads = records.slice(start).filter(({ type }) => type === 'rules.loaded').length;
    if (loads > times) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
