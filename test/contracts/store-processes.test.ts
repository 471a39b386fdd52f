import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { intentOf, sampleRecord } from './sample-record.ts';
import { PLACES, type Place } from './store-places.ts';

const CHILD = new URL('store-process-child.ts', import.meta.url);

for (const { name, make } of PLACES)
  describe(`processes on one store: ${name}`, async () => {
    const places: Place[] = [];
    after(async () => {
      for (const made of places) await made.remove();
    });
    async function place(): Promise<Place> {
      const made = await make();
      places.push(made);
      return made;
    }

    test('one that lives is not gone, for others and for itself; one that closed its store is', async () => {
      const { open } = await place();
      const [one, two] = [await open(), await open()];
      await one.processes.enter('first');
      let ran = 0;
      const count = async (): Promise<void> => void (ran += 1);
      await two.processes.ifGone('first', count);
      await one.processes.ifGone('first', count);
      assert.equal(ran, 0);
      await one.close();
      await two.processes.ifGone('first', count);
      await two.processes.ifGone('never', count);
      assert.equal(ran, 2);
      await two.close();
    });

    test('of several that look for one that is gone, one at a time is let in, also after a failure', async () => {
      const { open } = await place();
      const [one, two] = [await open(), await open()];
      let inside = 0;
      await one.processes.ifGone('dead', async () => {
        inside += 1;
        await two.processes.ifGone('dead', async () => void (inside += 1));
      });
      assert.equal(inside, 1);
      await assert.rejects(one.processes.ifGone('dead', () => Promise.reject(new Error('the disk is full'))));
      await two.processes.ifGone('dead', async () => void (inside += 1));
      assert.equal(inside, 2);
      await Promise.all([one.close(), two.close()]);
    });

    test('one that is killed is gone', async () => {
      const made = await place();
      const child = fork(CHILD, [made.name, 'child'], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      await once(child, 'message');
      const store = await made.open();
      let gone = false;
      const look = (): Promise<void> => store.processes.ifGone('child', async () => void (gone = true));
      await look();
      assert.equal(gone, false);
      child.kill('SIGKILL');
      await once(child, 'exit');
      // A database server learns of it from the connection, a moment later.
      const until = performance.now() + 10_000;
      for (;;) {
        await look();
        if (gone || performance.now() > until) break;
        await sleep(50);
      }
      assert.equal(gone, true);
      await store.close();
    });

    test('the newest records of a type are found without those of sessions and calls', async () => {
      const { open } = await place();
      const store = await open();
      for (let at = 0; at < 5; at += 1)
        await store.append([
          sampleRecord('server.started', { event: { at } }),
          sampleRecord('server.started', { event: { at }, session: 'ses_1' }),
          intentOf(`call_${at}`, 'ses_1'),
        ]);
      const newest = await store.latest('server.started', 2);
      assert.deepEqual(
        newest.map(({ index, event }) => [index, event['at']]),
        [
          [12, 4],
          [9, 3],
        ],
      );
      assert.deepEqual(await store.latest('server.crashed', 2), []);
      await assert.rejects(store.latest('server.started', 0), RangeError);
      await store.close();
    });
  });
