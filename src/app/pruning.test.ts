import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { intentOf, outcomeOf } from '../../test/contracts/sample-record.ts';
import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import { startPruning } from './pruning.ts';

const DAY = 86_400_000;

test('a gateway lets go of what is due soon after its start, over many steps, and says when it can not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-pruning-'));
  const store = await openSqliteStore({ path: join(directory, 'record.db'), clock: Date.now });
  const said: string[] = [];
  const log = (_level: string, _fields: object, message: string): void => void said.push(message);
  const retention = { results: { ms: DAY, text: '1d' } };
  try {
    const calls = Array.from({ length: 3_000 }, (_, at) => [
      intentOf(`c${at}`, 's'),
      outcomeOf(`c${at}`, 's'),
    ]);
    await store.append(calls.flat());
    const pruning = startPruning(store.disposal, { retention, now: Date.now, log });
    const pruned = async (): Promise<number> =>
      (await store.records({ types: ['payload.pruned'], limit: 10 })).reduce(
        (sum, { event }) => sum + Number(event['payloads']),
        0,
      );
    while ((await pruned()) < calls.length) await sleep(20);
    await pruning.close();
    assert.equal(await pruned(), calls.length);
    assert.deepEqual(said, ['payloads were pruned, as retention says']);

    await startPruning(undefined, { retention, now: Date.now, log }).close();
    assert.match(said.at(-1) ?? '', /retention is not kept/);
    await startPruning(store.disposal, { retention: {}, now: Date.now, log }).close();
  } finally {
    await store.close();
    rmSync(directory, { recursive: true });
  }
});
