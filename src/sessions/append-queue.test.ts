import { test } from 'node:test';
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { sampleRecord } from '../../test/contracts/sample-record.ts';
import { createAppendQueue, type AppendQueueOptions } from './append-queue.ts';
import { encodeRecord, sizeOf, type EncodedRecord } from './entry.ts';

const WIDE = { maxQueuedRecords: 1_000, maxQueuedBytes: 1_000_000, maxBatchRecords: 100 };

function encoded(tool: string): EncodedRecord {
  return encodeRecord(sampleRecord('call.refused', { call: tool }));
}

/** A disk that is done when it is told. */
function stepped(limits: Partial<AppendQueueOptions> = {}) {
  const batches: string[][] = [];
  let finish: { resolve: () => void; reject: (error: unknown) => void } | null = null;
  const queue = createAppendQueue({
    ...WIDE,
    ...limits,
    commit: (items) => {
      assert.equal(finish, null, 'one batch at a time');
      batches.push(items.flatMap(({ records }) => records.map(({ call }) => call ?? '')));
      return new Promise((resolve, reject) => {
        finish = { resolve: () => resolve([]), reject };
      });
    },
  });
  /** Resolves once a batch is under way. */
  async function begun(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) {
      if (finish !== null) return;
      await turn();
    }
    assert.fail('no batch is begun');
  }
  async function end(error?: Error): Promise<void> {
    await begun();
    const ending = finish;
    finish = null;
    if (error === undefined) ending?.resolve();
    else ending?.reject(error);
    await turn();
  }
  return { queue, batches, begun, end };
}

test('what arrives while a batch is under way is the next batch', async () => {
  const { queue, batches, begun, end } = stepped();
  const first = [queue.append([encoded('a')], []), queue.append([encoded('b')], [])];
  await begun();
  const second = [queue.append([encoded('c'), encoded('d')], []), queue.append([encoded('e')], [])];
  assert.deepEqual(queue.stats(), { queued: 3, inFlight: 2 });
  await end();
  await Promise.all(first);
  await begun();
  assert.deepEqual(queue.stats(), { queued: 0, inFlight: 3 });
  await end();
  await Promise.all(second);
  assert.deepEqual(batches, [
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
  assert.deepEqual(queue.stats(), { queued: 0, inFlight: 0 });
});

test('a caller that is alone has its commit at once, and with company commits are shared again', async () => {
  const { queue, batches, end } = stepped();
  const first = queue.append([encoded('a')], []);
  await end();
  await first;
  const second = queue.append([encoded('b')], []);
  assert.deepEqual(batches, [['a'], ['b']]);
  const company = queue.append([encoded('c')], []);
  await end();
  const late = queue.append([encoded('d')], []);
  await end();
  await Promise.all([second, company, late]);
  const fourth = queue.append([encoded('e')], []);
  assert.deepEqual(batches, [['a'], ['b'], ['c', 'd']], 'it waits for what the next turns bring');
  await end();
  await fourth;
});

test('a batch that fails fails its own appends only', async () => {
  const { queue, begun, end } = stepped();
  const failing = [queue.append([encoded('a')], []), queue.append([encoded('b')], [])].map((promise) =>
    assert.rejects(promise, /disk/),
  );
  await begun();
  const fine = queue.append([encoded('c')], []);
  await end(new Error('disk'));
  await Promise.all(failing);
  await end();
  await fine;
});

test('a full queue refuses at once, and takes more when there is room again', async () => {
  const { queue, begun, end } = stepped({ maxQueuedRecords: 2 });
  const running = queue.append([encoded('a')], []);
  await begun();
  const waiting = queue.append([encoded('b'), encoded('c')], []);
  await assert.rejects(queue.append([encoded('d')], []), { reason: 'overloaded', recorded: 'no' });
  await end();
  await running;
  await begun();
  const again = queue.append([encoded('e')], []);
  await end();
  await waiting;
  await end();
  await again;
});

test('a queue is full by size as well', async () => {
  const size = sizeOf(encoded('a'));
  const { queue, end } = stepped({ maxQueuedBytes: size * 2 });
  const two = queue.append([encoded('a'), encoded('b')], []);
  await assert.rejects(queue.append([encoded('c')], []), { reason: 'overloaded' });
  await end();
  await two;
});

test('an append is never split, and a batch is cut between appends', async () => {
  const { queue, batches, end } = stepped({ maxBatchRecords: 3 });
  const all = [
    queue.append([encoded('a'), encoded('b')], []),
    queue.append([encoded('c'), encoded('d')], []),
    queue.append(['e', 'f', 'g', 'h'].map(encoded), []),
    queue.append([encoded('i')], []),
  ];
  for (let n = 0; n < 4; n += 1) await end();
  await Promise.all(all);
  assert.deepEqual(batches, [['a', 'b'], ['c', 'd'], ['e', 'f', 'g', 'h'], ['i']]);
});

test('draining waits for what was accepted and refuses the rest', async () => {
  const { queue, begun, end } = stepped();
  const accepted = queue.append([encoded('a')], []);
  await begun();
  const drained = queue.drain();
  await assert.rejects(queue.append([encoded('b')], []), { reason: 'closed', recorded: 'no' });
  await end();
  await Promise.all([accepted, drained]);
  await queue.drain();
});

test('an append of nothing is done', async () => {
  const { queue, batches } = stepped();
  await queue.append([], []);
  assert.deepEqual(batches, []);
});
