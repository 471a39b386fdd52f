import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, asyncProperty, constantFrom, integer } from 'fast-check';
import { createPool, PoolClosed } from './pool.ts';

/** A session that counts, and fails where it is told to. */
function counted(max: number, fails: () => boolean = () => false, clean = false) {
  let open = 0;
  let most = 0;
  let resets = 0;
  const pool = createPool({
    max,
    idleMs: 60_000,
    open: async () => {
      if (fails()) throw new Error('no');
      open += 1;
      most = Math.max(most, open);
      let alive = true;
      return {
        reset: async () => {
          resets += 1;
        },
        clean: () => clean,
        usable: () => alive,
        cancel: async () => {},
        destroy: async () => {
          if (alive) open -= 1;
          alive = false;
        },
      };
    },
  });
  return { pool, open: () => open, most: () => most, resets: () => resets };
}

const forever = new AbortController().signal;

test('however calls come, fail and go, no more sessions are open than allowed, and none is left', async () => {
  const ways = constantFrom('release', 'discard', 'tidy fails', 'abort', 'open fails');
  await check(
    asyncProperty(integer({ min: 1, max: 4 }), array(ways, { maxLength: 40 }), async (max, plan) => {
      let failNext = 0;
      const { pool, open, most } = counted(max, () => failNext-- > 0);
      await Promise.all(
        plan.map(async (way) => {
          if (way === 'open fails') failNext = 1;
          const signal = way === 'abort' ? AbortSignal.abort() : forever;
          const lease = await pool.acquire(signal).catch(() => null);
          await new Promise(setImmediate);
          if (way === 'discard') lease?.discard();
          else
            lease?.release(() =>
              way === 'tidy fails' ? Promise.reject(new Error('no')) : Promise.resolve(),
            );
        }),
      );
      assert.ok(most() <= max && pool.size() <= max);
      const again = await pool.acquire(forever).catch(() => pool.acquire(forever));
      again.release(() => Promise.resolve());
      await pool.close();
      assert.deepEqual([open(), pool.size()], [0, 0]);
    }),
    { numRuns: 100 },
  );
});

test('a session that is clean goes to the next caller at once, and any other is tidied and reset first', async () => {
  for (const clean of [true, false]) {
    const { pool, resets } = counted(1, () => false, clean);
    let tidied = 0;
    const first = await pool.acquire(forever);
    const second = pool.acquire(forever);
    first.release(async () => {
      tidied += 1;
    });
    const next = await second;
    assert.equal(next.session, first.session);
    assert.deepEqual([tidied, resets()], clean ? [0, 0] : [1, 1]);
    next.release(async () => {});
    await pool.close();
    assert.equal(pool.size(), 0);
  }
});

test('who waits gets a session in order of arrival, and who stops waiting loses nothing for others', async () => {
  const { pool } = counted(1);
  const first = await pool.acquire(forever);
  const impatient = new AbortController();
  const order: string[] = [];
  const waits = [
    pool.acquire(impatient.signal).then(
      () => order.push('impatient'),
      () => order.push('gave up'),
    ),
    ...['a', 'b'].map((name) =>
      pool.acquire(forever).then((lease) => {
        order.push(name);
        lease.release(() => Promise.resolve());
      }),
    ),
  ];
  impatient.abort();
  first.release(() => Promise.resolve());
  await Promise.all(waits);
  assert.deepEqual(order, ['gave up', 'a', 'b']);
  await pool.close();
});

test('a closed pool turns away who waits and who comes', async () => {
  const { pool } = counted(1);
  const held = await pool.acquire(forever);
  const waiting = pool.acquire(forever);
  const turnedAway = assert.rejects(waiting, PoolClosed);
  await pool.close();
  await turnedAway;
  await assert.rejects(pool.acquire(forever), PoolClosed);
  held.release(() => Promise.resolve());
});
