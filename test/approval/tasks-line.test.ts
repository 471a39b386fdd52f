import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { govern } from '../../src/govern/govern.ts';
import type { TaskAnswer } from '../../src/govern/gateway.ts';
import type { Stations } from '../../src/govern/stations.ts';
import { createTaskRuns } from '../../src/govern/task-runs.ts';
import { createTasks } from '../../src/govern/tasks.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Execution } from '../../src/model/result.ts';
import type { TaskView } from '../../src/model/task.ts';
import type { CallRequest } from '../../src/model/tool-call.ts';
import { openLine, type Line } from '../path/line.ts';
import { recordsIn } from '../path/on-record.ts';

const HOUR = 3600_000;
const { signal: never } = new AbortController();
const credential = { kind: 'local', id: 'test' } as const;
const bob: Principal = { kind: 'user', id: 'bob', issuer: 'test', groups: ['dba'], credential };
const origin = {
  transport: 'http',
  protocolVersion: '2026-07-28',
  client: { name: 'test', version: '1' },
  elicitation: { form: false, url: false },
  tasks: true,
} as const;

let line: Line;
before(async () => {
  line = await openLine();
});
after(async () => {
  await line.close();
});

const mark = (row: number) => `UPDATE customers SET notes = coalesce(notes, '') || '~' WHERE id = ${row}`;

function marks(row: number): number {
  const database = new DatabaseSync(join(line.folder.dir, 'data/crm.db'), { readOnly: true });
  const found = database.prepare('SELECT notes FROM customers WHERE id = ?').get(row);
  database.close();
  return String(found?.['notes'] ?? '').split('~').length - 1;
}

async function call(args: CallRequest['arguments'], replaced: Partial<Stations> = {}): Promise<Answer> {
  const request = {
    tool: 'run_sql',
    arguments: args,
    credential: { kind: 'local' },
    origin,
    input: null,
  } as const;
  return await govern(request, { ...line.stations, ...replaced }, { signal: never });
}

async function held(row: number): Promise<TaskView> {
  const answer = await call({ statement: mark(row) });
  assert.equal(answer.outcome, 'task', JSON.stringify(answer));
  return answer.outcome === 'task' ? answer.task : assert.fail();
}

function approvalIn(task: TaskView): string {
  const message = 'message' in task.status ? task.status.message : '';
  return /apr_[\w-]+/.exec(message)?.[0] ?? assert.fail(message);
}

async function approve(task: TaskView): Promise<void> {
  const ruling = { approve: true, comment: '', grantMs: null, channel: 'cli', assurance: 'high' } as const;
  const ruled = await line.stations.desk.rule(approvalIn(task), bob, ruling);
  assert.equal(ruled.ok, true, JSON.stringify(ruled));
}

/** A gateway process of its own on the store. */
function process(replaced: Partial<Stations> = {}) {
  const stations = { ...line.stations, ...replaced };
  const runs = createTaskRuns((_id, error) => stations.alarm('task_', 'task', error));
  const tasks = createTasks(stations, runs);
  const asked = (task: TaskView) => ({ handle: task.handle, credential: { kind: 'local' }, origin }) as const;
  return {
    get: (task: TaskView) => tasks.get(asked(task)),
    cancel: (task: TaskView) => tasks.cancel(asked(task)),
    close: (graceMs: number) => runs.close(graceMs),
  };
}

function statusOf(answer: TaskAnswer): TaskView['status'] {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.task.status;
}

/** What the model is told at the end. */
function toldBy(answer: TaskAnswer): string {
  const status = statusOf(answer);
  assert.ok(status.kind === 'ended', JSON.stringify(status));
  return JSON.stringify(status.reply);
}

const named = ({ handle }: TaskView): string => handle.split('.')[0] ?? '';

async function recordsOf(task: TaskView, type: string) {
  const records = await recordsIn(line.folder);
  return records.filter((record) => record.type === type && record.event['task'] === named(task));
}

test('where the process that runs it never comes back, it is unknown and not repeated', async () => {
  const task = await held(1);
  await approve(task);
  let finish: (execution: Execution) => void = () => undefined;
  const dying = process({
    execute: () => new Promise((resolve) => void (finish = resolve)),
  });
  assert.deepEqual(statusOf(await dying.get(task)), {
    kind: 'working',
    message: 'The call is being carried out.',
  });
  const beside = process();
  assert.equal(statusOf(await beside.get(task)).kind, 'working', 'another process can not know yet');
  const later = process({ now: () => Date.now() + 60_000 });
  const told = toldBy(await later.get(task));
  assert.match(told, /Outcome unknown.*may or may not have been carried out.*not be repeated/);
  assert.equal((await recordsOf(task, 'task.lost')).length, 1);

  // It does come back: what happened is on record, and what was told stands.
  const result = { kind: 'table', columns: [], rows: [], truncated: null, rowsAffected: 1 } as const;
  finish({ ok: true, result });
  await dying.close(5_000);
  assert.equal(toldBy(await beside.get(task)), told);
  const [intent] = await recordsOf(task, 'call.intent');
  const outcome = (await recordsIn(line.folder)).find(
    ({ type, call: of }) => type === 'call.outcome' && of === intent?.call,
  );
  assert.equal(outcome?.event['outcome'], 'answered');
  assert.equal((await recordsOf(task, 'call.intent')).length, 1);
});

test('what is cancelled while it runs is stopped at the database, and its end is told', async () => {
  const task = await held(2);
  await approve(task);
  const running = process({
    execute: (_permitted, { signal }) =>
      new Promise((resolve) => {
        const stopped = { ok: false, failure: 'cancelled', message: 'Stopped.', ran: 'no' } as const;
        signal.addEventListener('abort', () => resolve(stopped));
      }),
  });
  assert.equal(statusOf(await running.get(task)).kind, 'working');
  await running.cancel(task);
  await running.close(5_000);
  assert.match(toldBy(await running.get(task)), /Failed: Stopped\./);
});

test('polls and cancellations at once, of two processes: it ran once and is completed, or it never ran', async () => {
  for (const row of [13, 14, 15, 16]) {
    const task = await held(row);
    await approve(task);
    const [one, two] = [process(), process()];
    const turns = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? one : two));
    await Promise.all(turns.map((at, index) => (index % 3 === row % 3 ? at.cancel(task) : at.get(task))));
    await Promise.all([one.close(5_000), two.close(5_000)]);
    const status = statusOf(await one.get(task));
    const intents = (await recordsOf(task, 'call.intent')).length;
    if (status.kind === 'cancelled') assert.deepEqual([marks(row), intents], [0, 0]);
    else {
      assert.equal(status.kind, 'ended');
      assert.equal(intents, 1);
      assert.equal(marks(row), toldBy(await two.get(task)).includes('"isError":false') ? 1 : 0);
    }
    assert.deepEqual(statusOf(await two.get(task)), status);
  }
});

test('a task can be asked after for an hour after its request would have run out, and then never was', async () => {
  const task = await held(3);
  const at = (ms: number) => process({ now: () => Date.now() + ms });
  assert.equal(statusOf(await at(task.ttlMs - 60_000).get(task)).kind, 'working');
  const { request } = (await line.stations.desk.changed(approvalIn(task), 0, 0, never)) ?? assert.fail();
  assert.equal(task.ttlMs, request.expiresAt - task.createdAt + HOUR);
  assert.deepEqual(await at(task.ttlMs).get(task), { ok: false, problem: 'unknown' });
  assert.deepEqual(await at(task.ttlMs).cancel(task), { ok: false, problem: 'unknown' });
});

test('a store that fails at a poll is asked again, and what it could not begin begins then, once', async () => {
  const task = await held(4);
  await approve(task);
  const down = (): never => {
    throw new Error('the disk is gone');
  };
  const blind = process({ tasks: { ...line.stations.tasks, find: down } });
  assert.deepEqual(await blind.get(task), { ok: false, problem: 'unavailable' });
  const deaf = process({ appendWith: () => Promise.reject(new Error('the disk is full')) });
  assert.equal(statusOf(await deaf.get(task)).kind, 'working');
  const stopping = process({ accepting: () => false });
  assert.equal(statusOf(await stopping.get(task)).kind, 'working');
  assert.equal(marks(4), 0);
  const well = process();
  let now = await well.get(task);
  while (statusOf(now).kind === 'working') now = await well.get(task);
  assert.match(toldBy(now), /"isError":false/);
  assert.equal(marks(4), 1);
});

test('an answer that was not heard is not acknowledged', async () => {
  const task = await held(12);
  const stations = { ...line.stations, accepting: () => false };
  const find = (id: string) => line.stations.desk.changed(id, 0, 0, never);
  const pending = (await find(approvalIn(task))) ?? assert.fail();
  const [first] = pending.request.demands;
  assert.ok(first);
  // As if its requester were to be asked.
  const request = { ...pending.request, demands: [{ ...first, from: 'requester' }] };
  const desk = { ...stations.desk, changed: () => Promise.resolve({ ...pending, request }) };
  const tasks = createTasks(
    { ...stations, desk },
    createTaskRuns(() => undefined),
  );
  const said = new Map([
    [`approve.${request.id}`, { action: 'accept', content: { decision: 'approve' } }],
  ] as const);
  const asked = { handle: task.handle, credential: { kind: 'local' }, origin } as const;
  assert.deepEqual(await tasks.update(asked, said), { ok: false, problem: 'unavailable' });
  assert.equal((await find(request.id))?.status, 'pending');
});

test('an outcome that could not be put on record releases nothing, and is unknown in the end', async () => {
  const task = await held(5);
  await approve(task);
  let appends = 0;
  const failing = process({
    appendWith: (records, ...changes) => {
      appends += records.some(({ type }) => type === 'call.outcome') ? 1 : 0;
      return appends > 0
        ? Promise.reject(new Error('the disk is full'))
        : line.stations.appendWith(records, ...changes);
    },
  });
  assert.equal(statusOf(await failing.get(task)).kind, 'working');
  assert.equal(marks(5), 1);
  const told = toldBy(await process({ now: () => Date.now() + 60_000 }).get(task));
  assert.match(told, /Outcome unknown/);
  assert.equal(marks(5), 1);
});

test('who has lost the right to it by the time of the poll is refused', async () => {
  const task = await held(6);
  await approve(task);
  const principal = { kind: 'user', id: 'alice', issuer: 'test', groups: [], credential } as const;
  const demoted = process({ identify: () => ({ ok: true, principal }) });
  assert.match(toldBy(await demoted.get(task)), /Refused/);
  assert.equal(marks(6), 0);
});

test('the same name of another issuer, or of a service, is somebody else', async () => {
  const task = await held(7);
  await approve(task);
  const alice = { kind: 'user', id: 'alice', issuer: 'test', groups: ['support'], credential } as const;
  for (const principal of [
    { ...alice, issuer: 'https://elsewhere.example' },
    { ...alice, kind: 'service' } as const,
    { ...alice, id: 'Alice' },
  ]) {
    const other = process({ identify: () => ({ ok: true, principal }) });
    assert.deepEqual(await other.get(task), { ok: false, problem: 'unknown' });
  }
  assert.equal(marks(7), 0);
});

test('a row that other hands changed is unknown, and runs nothing', async () => {
  const [one, two] = [await held(8), await held(9)];
  await approve(one);
  await approve(two);
  const find = line.stations.tasks.find;
  const swapped = process({
    tasks: {
      ...line.stations.tasks,
      async find(id) {
        const [row, other] = [await find(id), await find(named(two) as typeof id)];
        return row === null || other === null ? null : { ...row, sealed: other.sealed };
      },
    },
  });
  assert.deepEqual(await swapped.get(one), { ok: false, problem: 'unknown' });
  assert.deepEqual([marks(8), marks(9)], [0, 0]);
});

test('what is too large to be kept, or of somebody who has too many, waits as other calls do', async () => {
  const large = { statement: `${mark(10)} -- ${'x'.repeat(300_000)}` };
  const small = { statement: mark(10) };
  assert.notEqual((await call(large)).outcome, 'task');
  const many = { tasks: { ...line.stations.tasks, count: () => Promise.resolve(200) } };
  assert.equal((await call(small, many)).outcome, 'awaiting_approval');
  assert.equal((await call(small)).outcome, 'task');
});

test('a tool that is gone by the time of the poll is the protocol error that the call would have been', async () => {
  const task = await held(11);
  await approve(task);
  const rules = line.stations.rules();
  const status = statusOf(await process({ rules: () => ({ ...rules, tools: new Map() }) }).get(task));
  assert.ok(status.kind === 'ended' && status.reply.kind === 'error', JSON.stringify(status));
  assert.equal(status.reply.error['code'], -32602);
});
