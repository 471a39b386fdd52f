import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { readAll } from './read-all.ts';

const ROUNDS = 30;
/** The first rounds are killed at any moment from the start on, so while the file is made; the rest under load. */
const ROUNDS_FROM_THE_START = 6;
const CALLERS = 16;

const child = new URL('./store-child.ts', import.meta.url).pathname;

/** Appends in a process that is killed with SIGKILL, and gives the lines it had acknowledged by then. */
async function killedWhileAppending(
  path: string,
  name: string,
  fromTheStart: boolean,
): Promise<readonly string[]> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const running = spawn(process.execPath, [child, path, name, String(CALLERS), '1000000'], {
    stdio: [...stdio],
  });
  const chunks: Buffer[] = [];
  running.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(running, 'close');
  try {
    if (!fromTheStart && running.stdout !== null) await once(running.stdout, 'data');
    await sleep(Math.random() * (fromTheStart ? 400 : 120));
  } finally {
    running.kill('SIGKILL');
  }
  const [, signal] = (await closed) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the process was alive when it was killed');
  // What follows the last line break was cut by the kill.
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1);
}

test('killed at any moment under load: what was acknowledged is on record, without gaps, and no outcome lacks its intent', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-crash-'));
  const path = join(directory, 'record.db');
  try {
    const acknowledged = new Set<string>();
    const found = new Set<string>();
    let last = -1;
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = await killedWhileAppending(path, `r${round}`, round < ROUNDS_FROM_THE_START);
      for (const line of lines) acknowledged.add(line);
      const store = await openSqliteStore({ path, clock: Date.now });
      try {
        for (const { index, type, call } of await readAll(store, last)) {
          assert.equal(index, last + 1, 'a gap');
          last = index;
          const line = `${type.slice('call.'.length)} ${call}`;
          assert.ok(!found.has(line), `${line} is on record twice`);
          if (type === 'call.outcome')
            assert.ok(found.has(`intent ${call}`), `${line} has no intent before it`);
          found.add(line);
        }
      } finally {
        await store.close();
      }
      for (const line of acknowledged)
        assert.ok(found.has(line), `round ${round}: ${line} was acknowledged and is gone`);
    }
    assert.ok(
      acknowledged.size > ROUNDS * CALLERS,
      `only ${acknowledged.size} acknowledgements: this was no load`,
    );
    const db = new DatabaseSync(path);
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    assert.equal(db.prepare('PRAGMA foreign_key_check').all().length, 0);
    // The list of sessions is of the same transactions.
    const counted = db.prepare("SELECT count(*) AS n FROM event WHERE type = 'call.intent'").get();
    assert.deepEqual({ ...db.prepare('SELECT sum(calls) AS n FROM session').get() }, { ...counted });
    db.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('two processes that append at the same time leave no gap and lose nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-two-'));
  const path = join(directory, 'record.db');
  try {
    // Both find no file, and make it.
    const codes = await Promise.all(
      ['p', 'q', 'r'].map(async (name) => {
        const running = spawn(process.execPath, [child, path, name, '8', '40'], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const [code] = (await once(running, 'close')) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(codes, [0, 0, 0]);
    const store = await openSqliteStore({ path, clock: Date.now });
    const records = await readAll(store);
    assert.equal(records.length, 3 * 8 * 40 * 2);
    assert.deepEqual(
      records.map(({ index }) => index),
      records.map((_, at) => at),
    );
    const calls = (await store.sessions({ limit: 10 })).map((session) => session.calls);
    assert.deepEqual(calls, [320, 320, 320]);
    await store.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
