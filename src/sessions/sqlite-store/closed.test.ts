import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleRecord } from '../../../test/contracts/sample-record.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/** Opens a store, has both of its threads connect, closes it, and says what lies in its folder then. */
async function leftBehind(): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-closed-'));
  try {
    const store = await openSqliteStore({ path: join(directory, 'record.db'), clock: Date.now });
    await store.append([sampleRecord('call.refused')]);
    await store.sessions({ limit: 1 });
    await store.close();
    return readdirSync(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a closed store is one file and its key: nothing of it is left in a write-ahead log', async () => {
  // Two connections that close at the same moment each leave the log to the other: it took many tries, and a busy machine.
  for (let round = 0; round < 4; round += 1) {
    const left = await Promise.all(Array.from({ length: 8 }, leftBehind));
    for (const names of left) assert.deepEqual(names.toSorted(), ['record.db', 'record.db.payload-key']);
  }
});
