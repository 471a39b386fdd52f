import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, asyncProperty, constantFrom, double, oneof, tuple } from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { createHistogram } from './histogram.ts';

const buckets = [0.0001, 0.001, 0.5, 10];

test('whatever is observed, a scrape reads what prom-client would have written', async () => {
  const seconds = oneof(constantFrom(0, ...buckets), double({ min: 0, max: 20, noNaN: true }));
  const observations = array(tuple(constantFrom('identify', 'mask', 'outcome'), seconds), { maxLength: 40 });
  const described = { name: 'took_seconds', help: 'Time it took.' };
  await check(
    asyncProperty(observations, async (all) => {
      const registry = new Registry();
      const theirs = new Histogram({ ...described, labelNames: ['station'], buckets, registers: [registry] });
      const ours = createHistogram({ ...described, labelName: 'station', buckets });
      for (const [station, took] of all) {
        theirs.observe({ station }, took);
        ours.observe(station, took);
      }
      assert.deepEqual(lines(ours.render()), lines(await registry.metrics()));
    }),
  );
});

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
