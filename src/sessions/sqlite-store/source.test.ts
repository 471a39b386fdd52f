import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { intentOf, sampleRecord } from '../../../test/contracts/sample-record.ts';
import { inclusionProof, rootFrom } from '../log/proof.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-source-'));
after(() => rmSync(house, { recursive: true }));

const DAY = 86_400_000;

/** A log that is signed at each of these moments, after `each` more records. */
async function signedAt(path: string, moments: readonly number[], each: number): Promise<Store> {
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  for (const at of moments) {
    const store = await openSqliteStore({ path, clock: () => at, log });
    await store.append(Array.from({ length: each }, () => sampleRecord('server.started', { time: at })));
    await store.close();
  }
  return await openSqliteStore({ path, clock: Date.now });
}

test('checkpoints are found by size and by the day, and the tiles lead to them', async () => {
  const path = join(house, 'signed.db');
  const store = await signedAt(path, [DAY, DAY + 5, 2 * DAY - 1, 2 * DAY, 4 * DAY], 100);
  const of = async (lastOfDay: boolean, order: 'smallest_first' | 'largest_first', from = 0, to = 1_000) =>
    (await store.source.checkpoints({ from, to, lastOfDay, order, limit: 10 })).map(({ size, at }) => [
      size,
      at,
    ]);
  assert.deepEqual(await of(false, 'largest_first', 0, 250), [
    [200, DAY + 5],
    [100, DAY],
  ]);
  assert.deepEqual(await of(true, 'smallest_first'), [
    [300, 2 * DAY - 1],
    [400, 2 * DAY],
    [500, 4 * DAY],
  ]);
  for (const { size, note } of await store.source.checkpoints({
    from: 0,
    to: 1_000,
    order: 'smallest_first',
    limit: 9,
  })) {
    const { root } = parseCheckpoint(note) ?? {};
    assert.deepEqual(Buffer.from(await rootFrom(store.source.tile, size)), root);
    assert.ok((await inclusionProof(store.source.tile, size - 1, size)).length > 0);
  }
  await store.close();
});

test('a payload that is gone is told from one that never was, and a gap is an error', async () => {
  const path = join(house, 'gone.db');
  const store = await openSqliteStore({ path, clock: Date.now });
  await store.append([intentOf('c', 's'), sampleRecord('server.started'), intentOf('d', 's')]);
  const db = new DatabaseSync(path);
  db.exec('DELETE FROM payload WHERE idx = 0');
  assert.deepEqual(
    (await store.source.records(0, 3)).map(({ payload }) => payload.kind),
    ['missing', 'none', 'kept'],
  );
  db.exec('DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE idx = 1');
  db.close();
  await assert.rejects(store.source.records(0, 3), /record 1 of the log is missing/);
  await store.close();
});
