import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Limits } from '../../model/tool.ts';
import type { Execution } from '../../model/result.ts';
import { permit } from '../../../test/contracts/permit.ts';
import { until } from '../../../test/path/waiting.ts';
import { openConnector } from '../open.ts';

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

function database(context: TestContext, journal: string) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-worker-'));
  const path = join(directory, 'data.db');
  const made = new DatabaseSync(path);
  made.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE t (a); INSERT INTO t VALUES (1)`);
  made.close();
  const connector = openConnector({ kind: 'sqlite', name: 'backend', path });
  context.after(async () => {
    await connector.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const ask = (
    text: string,
    writes = false,
    timeoutMs = 10_000,
    limits: Partial<Limits> = {},
  ): Promise<Execution> =>
    connector.run(permit({ kind: 'sqlite', text, writes, limits: { timeoutMs, ...limits } }), {
      signal: new AbortController().signal,
    });
  return { path, ask };
}

test('a write that was killed half-way is rolled back by the next reader, from its journal', async (context) => {
  const { path, ask } = database(context, 'DELETE');
  // A small cache makes the pages reach the file, and the journal be hot, long before the commit.
  const write = `INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT hex(randomblob(2000)) FROM c`;
  const cut = await ask(write, true, 1500);
  assert.ok(!cut.ok && cut.failure === 'timeout' && cut.ran === 'no', JSON.stringify(cut));
  assert.ok(existsSync(`${path}-journal`), 'the journal was left behind');
  const after = await ask('SELECT count(*) FROM t');
  assert.ok(after.ok, JSON.stringify(after));
  assert.deepEqual(after.result.rows, [[1]]);
});

test('a statement does not outlive the gateway', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-orphan-'));
  const path = join(directory, 'data.db');
  new DatabaseSync(path).close();
  const script = `
    import { openConnector } from ${JSON.stringify(new URL('../open.ts', import.meta.url).href)};
    import { permit } from ${JSON.stringify(new URL('../../../test/contracts/permit.ts', import.meta.url).href)};
    const connector = openConnector({ kind: 'sqlite', name: 'backend', path: ${JSON.stringify(path)} });
    await connector.health();
    console.log('up');
    await connector.run(permit({ kind: 'sqlite', text: ${JSON.stringify(ENDLESS)}, limits: { timeoutMs: 1000 } }), { signal: new AbortController().signal });
  `;
  const gateway = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    gateway.once('exit', resolve);
  });
  await new Promise((resolve) => {
    gateway.stdout.once('data', resolve);
  });
  const children = readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  const [worker] = children;
  assert.ok(worker, 'the gateway holds a process');
  await until('the statement to run', () =>
    / R /u.test(readFileSync(`/proc/${worker}/stat`, 'utf8')) ? true : null,
  );
  gateway.kill('SIGKILL');
  await ended;
  await until('the process to be gone', () =>
    !readdirSync('/proc').includes(worker) || / Z /u.test(readFileSync(`/proc/${worker}/stat`, 'utf8'))
      ? true
      : null,
  );
  rmSync(directory, { recursive: true, force: true });
});

test('a file that is gone is unavailable, and one that is back or replaced is read', async (context) => {
  const { path, ask } = database(context, 'DELETE');
  assert.ok((await ask('SELECT a FROM t')).ok);
  renameSync(path, `${path}.away`);
  for (const writes of [false, true]) {
    const gone = await ask('SELECT a FROM t', writes);
    assert.ok(!gone.ok && gone.failure === 'unavailable' && gone.ran === 'no', JSON.stringify(gone));
    assert.ok(!gone.message.includes(path));
  }
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE t (a); INSERT INTO t VALUES (2)');
  other.close();
  const replaced = await ask('SELECT a FROM t');
  assert.deepEqual(replaced.ok && replaced.result.rows, [[2]]);
});

test('a statement that wants more memory than it may have fails by itself', async (context) => {
  const { ask } = database(context, 'WAL');
  const hungry = await ask('SELECT length(hex(zeroblob(200000000)))');
  assert.ok(!hungry.ok && hungry.failure === 'rejected' && hungry.ran === 'no', JSON.stringify(hungry));
  assert.ok((await ask('SELECT 1')).ok);
});

test('a statement that takes more memory than it may have, a value at a time, is ended', async (context) => {
  const { ask } = database(context, 'WAL');
  const values = Array.from({ length: 6 }, () => 'hex(zeroblob(100000000))').join(', ');
  const hungry = await ask(`SELECT ${values}, (${ENDLESS})`, false, 30_000);
  assert.ok(!hungry.ok && hungry.failure === 'rejected' && hungry.ran === 'no', JSON.stringify(hungry));
  assert.match(hungry.message, /more memory than it may have/);
  assert.ok((await ask('SELECT 1')).ok);
});

test('a result that is larger than any buffer between the processes comes whole, however busy the gateway is', async (context) => {
  const { ask } = database(context, 'WAL');
  const limits = { rows: 100_000, bytes: 64 * 1024 * 1024 };
  const rows = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 20000)';
  const asked = ask(`${rows} SELECT x, hex(zeroblob(500)) FROM c`, false, 30_000, limits);
  // Time for the process to fill whatever there is to fill, while nobody reads.
  await new Promise(setImmediate);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  const whole = await asked;
  assert.ok(whole.ok && whole.result.kind === 'table', JSON.stringify(whole).slice(0, 200));
  assert.equal(whole.result.rows.length, 20_000);
  assert.deepEqual(whole.result.rows.at(-1), [20_000, '0'.repeat(1000)]);
});
