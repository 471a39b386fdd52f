import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createPool } from './pool.ts';
import { shareOut } from './turns.ts';

const forever = new AbortController().signal;

function poolOf(max: number): ReturnType<typeof shareOut<object>> {
  const open = async (): Promise<{
    reset(): Promise<void>;
    clean(): boolean;
    usable(): boolean;
    cancel(): Promise<void>;
    destroy(): Promise<void>;
  }> => ({
    reset: async () => undefined,
    clean: () => false,
    usable: () => true,
    cancel: async () => undefined,
    destroy: async () => undefined,
  });
  return shareOut(createPool({ max, idleMs: 1000, open }), max);
}

test('a caller who takes all it can get leaves one session to others', async () => {
  const pool = poolOf(4);
  const gone = new AbortController();
  const greedy = Array.from({ length: 10 }, () => pool.acquire(gone.signal, 'alice'));
  const held = await Promise.all(greedy.slice(0, 3));
  const carol = await pool.acquire(AbortSignal.timeout(1000), 'carol');
  carol.release(async () => undefined);
  gone.abort();
  const rest = await Promise.allSettled(greedy.slice(3));
  assert.ok(rest.every(({ status }) => status === 'rejected'));
  for (const lease of held) lease.release(async () => undefined);
  await pool.close();
});

test('what a caller gives back goes to the one of its own that waited longest', async () => {
  const pool = poolOf(2);
  const first = await pool.acquire(forever, 'alice');
  const order: number[] = [];
  const waiting = [1, 2].map(async (number) => {
    const lease = await pool.acquire(forever, 'alice');
    order.push(number);
    lease.release(async () => undefined);
  });
  await sleep(5);
  first.discard();
  await Promise.all(waiting);
  assert.deepEqual(order, [1, 2]);
  await pool.close();
});

test('whoever comes and goes, everybody who stays is served', async () => {
  const visit = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    patience: fc.constantFrom(0, 2, 10_000),
    stay: fc.integer({ min: 0, max: 3 }),
    drop: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(visit, { maxLength: 20 }),
      async (max, visits) => {
        const pool = poolOf(max);
        const served = await Promise.all(
          visits.map(async ({ owner, patience, stay, drop }) => {
            const lease = await pool.acquire(AbortSignal.timeout(patience), owner).catch(() => null);
            if (lease === null) return patience < 10_000;
            await sleep(stay);
            if (drop) lease.discard();
            else lease.release(async () => undefined);
            return true;
          }),
        );
        await pool.close();
        assert.ok(served.every(Boolean));
      },
    ),
    { numRuns: 30 },
  );
});
