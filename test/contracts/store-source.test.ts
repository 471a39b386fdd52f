import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Store } from '../../src/sessions/store.ts';
import { intentOf, outcomeOf, sampleRecord } from './sample-record.ts';
import { PLACES } from './store-places.ts';

for (const { name, make } of PLACES) {
  async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
    const place = await make();
    try {
      const store = await place.open();
      try {
        await work(store);
      } finally {
        await store.close();
      }
    } finally {
      await place.remove();
    }
  }

  describe(`the source of the ${name} store`, () => {
    test('has the bytes of every record and what opens its commitment, page by page', () =>
      withStore(async (store) => {
        const { source } = store;
        await store.append([sampleRecord('server.started'), intentOf('c1', 's'), outcomeOf('c1', 's')]);
        const records = await source.records(0, 10);
        assert.deepEqual(
          records.map(({ index, payload }) => [index, payload.kind]),
          [
            [0, 'none'],
            [1, 'kept'],
            [2, 'kept'],
          ],
        );
        for (const { entry, payload } of records) {
          const { payload: committed } = JSON.parse(entry) as { payload?: string };
          if (payload.kind !== 'kept') continue;
          const salt = Buffer.from(payload.salt ?? '', 'hex');
          assert.equal(createHmac('sha256', salt).update(payload.body).digest('hex'), committed);
        }
        assert.deepEqual(await source.records(1, 2), records.slice(1, 2));
        assert.deepEqual(await source.records(3, 10), []);
      }));

    test('cuts pages of large records, and loses none', () =>
      withStore(async (store) => {
        const { source } = store;
        const event = { detail: 'x'.repeat(60_000) };
        await store.append(Array.from({ length: 150 }, () => sampleRecord('door.refused', { event })));
        const seen: number[] = [];
        for (let page = await source.records(0, 150); page.length > 0;) {
          assert.ok(page.length < 150);
          seen.push(...page.map(({ index }) => index));
          page = await source.records(seen.length, 150);
        }
        assert.deepEqual(
          seen,
          Array.from({ length: 150 }, (_, at) => at),
        );
      }));

    test('bounds a period so that every record of it is inside, also where the clock went back', () =>
      withStore(async (store) => {
        const { source } = store;
        const times = [10, 20, 50, 30, 40, 60, 35, 70];
        await store.append(times.map((time) => sampleRecord('server.started', { time })));
        assert.deepEqual(await source.bounds(30, 45), { first: 2, last: 6 });
        assert.deepEqual(await source.bounds(0, 100), { first: 0, last: 7 });
        assert.deepEqual(await source.bounds(70, 71), { first: 7, last: 7 });
        assert.equal(await source.bounds(71, 100), null);
        assert.equal(await source.bounds(0, 10), null);
      }));
  });
}
