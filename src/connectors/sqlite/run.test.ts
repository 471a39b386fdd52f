import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { connect } from './connect.ts';
import { sqliteSession } from './run.ts';

const TERMS = {
  readOnly: true,
  limits: { rows: 10, bytes: 100_000, timeoutMs: 20_000 },
  serverTimeoutMs: 20_000,
};

test('how long a read took is told where it was answered, and where it was cut', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-run-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'data.db');
  new DatabaseSync(path).close();
  const told: [string, 'answered' | 'cut'][] = [];
  const connected = connect();
  const session = sqliteSession(connected, path, {
    saw: ({ text }) => told.push([text, 'answered']),
    sawCut: ({ text }) => told.push([text, 'cut']),
  });
  const row = 'SELECT ?';
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
  await session.execute({ text: row, values: [1] }, TERMS);
  const cut = session.execute({ text: endless, values: [] }, TERMS);
  await session.cancel();
  await assert.rejects(cut);
  assert.deepEqual(told, [
    [row, 'answered'],
    [endless, 'cut'],
  ]);
});
