import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { StoredTask, TaskChange } from '../../src/model/task.ts';
import type { Store } from '../../src/sessions/store.ts';
import { readAll } from './read-all.ts';
import { creation, next, sampleApproval } from './sample-approval.ts';
import { sampleRecord } from './sample-record.ts';
import { PLACES } from './store-places.ts';

function sampleTask(id: string, over: Partial<StoredTask> = {}): StoredTask {
  return {
    id: `task_${id}`,
    owner: '["user","https://idp.example.com","alice"]',
    approval: 'apr_a',
    state: 'waiting',
    call: null,
    runsUntil: null,
    sealed: 'c2VhbGVk',
    createdAt: 100,
    updatedAt: 100,
    expiresAt: 200,
    version: 1,
    ...over,
  };
}

function after(
  task: StoredTask,
  changes: Partial<StoredTask>,
): TaskChange & { readonly kind: 'replace_task' } {
  const { version } = task;
  return { kind: 'replace_task', from: version, task: { ...task, ...changes, version: version + 1 } };
}

const told = (call: string) => [sampleRecord('call.held', { call, session: 's' })];
const calls = async (store: Store) => (await readAll(store)).map(({ call }) => call);

for (const { name, make } of PLACES) {
  async function withStores(work: (one: Store, two: Store) => Promise<void>): Promise<void> {
    const place = await make();
    const [one, two] = [await place.open(), await place.open()];
    try {
      await work(one, two);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await place.remove();
    }
  }

  describe(`tasks in the ${name} store`, () => {
    test('are given back as they were put in, by everybody who asks', () =>
      withStores(async (one, two) => {
        const task = sampleTask('a');
        assert.equal(await one.task('task_a'), null);
        assert.equal(await one.appendWith(told('a'), { kind: 'create_task', task }), true);
        assert.deepEqual(await two.task('task_a'), task);
        const running = after(task, { state: 'running', call: 'call_1', runsUntil: 150, updatedAt: 120 });
        assert.equal(await two.appendWith(told('b'), running), true);
        assert.deepEqual(await one.task('task_a'), running.task);
      }));

    test('what a task is bound to does not change afterwards, whatever a change says', () =>
      withStores(async (one) => {
        const task = sampleTask('a');
        await one.appendWith(told('a'), { kind: 'create_task', task });
        const forged = after(task, { owner: '["user","x","mallory"]', approval: 'apr_b', expiresAt: 9_999 });
        await one.appendWith(told('b'), forged);
        assert.deepEqual(await one.task('task_a'), { ...task, version: 2 });
      }));

    test('of two changes of one version one is done, and of the other nothing is there', () =>
      withStores(async (one, two) => {
        const task = sampleTask('a');
        await one.appendWith(told('made'), { kind: 'create_task', task });
        const done = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            (index % 2 === 0 ? one : two).appendWith(told(`c${index}`), after(task, { call: `c${index}` })),
          ),
        );
        const winner = done.indexOf(true);
        assert.equal(done.filter(Boolean).length, 1);
        assert.equal((await one.task('task_a'))?.call, `c${winner}`);
        assert.deepEqual(await calls(two), ['made', `c${winner}`]);
        assert.equal(await one.appendWith(told('again'), { kind: 'create_task', task }), false);
      }));

    test('changes that go together are done together or not at all', () =>
      withStores(async (one) => {
        const [approval, task] = [sampleApproval('a', { status: 'approved' }), sampleTask('a')];
        await one.appendWith(told('a'), creation(approval));
        await one.appendWith(told('t'), { kind: 'create_task', task });
        const spent = next(approval, { status: 'spent' });
        const stale = after({ ...task, version: 7 }, { state: 'running' });
        const begun = after(task, { state: 'running' });
        assert.equal(await one.appendWith(told('x'), spent, stale), false);
        assert.equal(await one.appendWith(told('y'), stale, spent), false);
        assert.equal((await one.approval('apr_a'))?.status, 'approved', 'the first change was taken back');
        const beside = [
          one.appendWith(told('no'), spent, stale),
          one.appendWith(told('yes'), spent, begun),
          one.append(told('plain')),
        ];
        assert.deepEqual(await Promise.all(beside), [false, true, undefined]);
        assert.equal((await one.approval('apr_a'))?.status, 'spent');
        assert.equal((await one.task('task_a'))?.state, 'running');
        assert.deepEqual(await calls(one), ['a', 't', 'yes', 'plain']);
      }));

    test('are counted for their owner until they expire, and forgotten afterwards', () =>
      withStores(async (one, two) => {
        const mine = sampleTask('a').owner;
        for (const task of [
          sampleTask('a'),
          sampleTask('b', { expiresAt: 300 }),
          sampleTask('c', { owner: '["user","x","bob"]' }),
        ])
          await one.appendWith(told(task.id), { kind: 'create_task', task });
        assert.deepEqual([await two.countTasks(mine, 150), await two.countTasks(mine, 200)], [2, 1]);
        await two.forgetTasks(201);
        const left = await Promise.all(['task_a', 'task_b', 'task_c'].map((id) => one.task(id)));
        assert.deepEqual(
          left.map((task) => task?.id),
          [undefined, 'task_b', undefined],
        );
        assert.equal((await calls(one)).length, 3, 'the record forgets nothing');
      }));

    test('a change that skips a version is refused', () =>
      withStores(async (one) => {
        const task = sampleTask('a', { version: 2 });
        await assert.rejects(one.appendWith(told('a'), { kind: 'create_task', task }), TypeError);
        await assert.rejects(
          one.appendWith(told('a'), { kind: 'replace_task', from: 2, task: { ...task, version: 4 } }),
          TypeError,
        );
        await assert.rejects(one.appendWith([], { kind: 'create_task', task: sampleTask('a') }), TypeError);
      }));
  });
}
