import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Limits } from '../../model/tool.ts';
import type { Execution, TableResult } from '../../model/result.ts';
import type { Bound, Statement } from '../statement.ts';
import type { Request } from './protocol.ts';
import { permit } from '../../../test/contracts/permit.ts';
import { until } from '../../../test/path/waiting.ts';
import { openConnector } from '../open.ts';
import { connect, type Connected } from './connect.ts';
import { createLane, type Lane } from './lane.ts';
import type { Quickness } from './quickness.ts';

/** Quick or endless, as its parameter says. */
const COUNT = `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ?) SELECT count(*) FROM c`;
const ROW = 'SELECT a, b FROM t WHERE a = ?';
const JSON_TYPE = 'SELECT json_type(?)';
const LIMITS: Limits = { rows: 10, bytes: 100_000, timeoutMs: 5000 };

function folder(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-lane-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'data.db');
  const made = new DatabaseSync(path);
  made.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
  const insert = made.prepare('INSERT INTO t VALUES (?, ?)');
  for (let a = 0; a < 200; a += 1) insert.run(a, `of ${a}`);
  made.close();
  return path;
}

/** How long a read takes is the machine's matter; what is quick is tested beside it. */
const ALWAYS: Quickness = { saw: () => undefined, quick: () => true };

/** A lane that has its process, and takes every statement unless told. */
async function openLane(context: TestContext, stalledMs = 20_000, quickness = ALWAYS) {
  const path = folder(context);
  const asked: Request[] = [];
  const processes: Connected[] = [];
  const lane = createLane({
    path,
    idleMs: 60_000,
    stalledMs,
    quickness,
    connect: () => {
      const connected = connect();
      processes.push(connected);
      return {
        ...connected,
        ask: (request) => {
          asked.push(request);
          return connected.ask(request);
        },
      };
    },
  });
  context.after(() => lane.close());
  await until('the process to be there', () => read(lane, ROW, 1));
  await Promise.resolve();
  const valuesAsked = (): readonly Bound[] =>
    asked.flatMap((request) => (request.op === 'reads' ? request.reads.flatMap(({ values }) => values) : []));
  return { lane, path, asked, valuesAsked, processes };
}

function read(
  lane: Lane,
  text: string,
  value: Bound,
  owner = 'alice',
  limits: Limits = LIMITS,
  over = (): boolean => false,
): Promise<TableResult | null> | null {
  const statement: Statement = { text, values: [value] };
  return lane.read({ statement, limits }, owner, over);
}

/** A read that the lane takes. */
async function taken(...how: Parameters<typeof read>): Promise<TableResult | null> {
  const reading = read(...how);
  assert.ok(reading !== null, 'the lane takes it');
  return await reading;
}

test('reads that come together go in one message, and each gets its own answer', async (context) => {
  const { lane, asked } = await openLane(context);
  const before = asked.length;
  const all = await Promise.all(Array.from({ length: 64 }, (_, a) => taken(lane, ROW, a)));
  for (const [a, table] of all.entries()) {
    assert.deepEqual(table?.rows, [[a, `of ${a}`]]);
    assert.deepEqual(
      table.columns.map(({ name }) => name),
      ['a', 'b'],
    );
  }
  assert.ok(asked.length - before <= 3, `${asked.length - before} messages`);
});

test('limits are those of each read', async (context) => {
  const { lane } = await openLane(context);
  const [cut, whole] = await Promise.all([
    taken(lane, ROW, 1, 'alice', { ...LIMITS, bytes: 1 }),
    taken(lane, ROW, 1),
  ]);
  assert.deepEqual(cut?.truncated, { by: 'bytes', limit: 1 });
  assert.deepEqual(cut.rows, []);
  assert.equal(whole?.truncated, null);
});

test('a result that is too large for company is asked for elsewhere', async (context) => {
  const { lane } = await openLane(context);
  const large = 'SELECT hex(zeroblob(?))';
  const roomy = { ...LIMITS, bytes: 1_000_000 };
  assert.equal((await taken(lane, large, 60_000, 'alice', roomy))?.rows[0]?.[0], '00'.repeat(60_000));
  assert.equal(await taken(lane, large, 70_000, 'alice', roomy), null);
});

test('a statement that nobody knows to be quick is not taken', async (context) => {
  const known = new Set([ROW]);
  const { lane } = await openLane(context, 20_000, { ...ALWAYS, quick: (text) => known.has(text) });
  assert.equal(read(lane, COUNT, 1), null);
  known.add(COUNT);
  assert.deepEqual((await taken(lane, COUNT, 1))?.rows, [[1]]);
});

test('a call with little time does not share it', async (context) => {
  const { lane } = await openLane(context);
  assert.equal(read(lane, ROW, 1, 'alice', { ...LIMITS, timeoutMs: 500 }), null);
});

test('one caller fills its own share and not that of others', async (context) => {
  const { lane } = await openLane(context);
  const mine = Array.from({ length: 1000 }, (_, a) => read(lane, ROW, a % 200, 'greedy'));
  assert.ok(mine.filter((one) => one !== null).length <= 128);
  assert.deepEqual((await taken(lane, ROW, 7, 'bob'))?.rows, [[7, 'of 7']]);
  for (const one of mine) await one;
  assert.deepEqual((await taken(lane, ROW, 8, 'greedy'))?.rows, [[8, 'of 8']]);
});

test('a read that fails is asked elsewhere, and its neighbours are answered', async (context) => {
  const { lane } = await openLane(context);
  const [bad, good] = await Promise.all([taken(lane, JSON_TYPE, '{'), taken(lane, ROW, 3)]);
  assert.equal(bad, null);
  assert.deepEqual(good?.rows, [[3, 'of 3']]);
});

test('a read that does not end takes its process with it, and nobody waits for it', async (context) => {
  const { lane, processes } = await openLane(context, 200);
  const [endless, neighbour] = await Promise.all([taken(lane, COUNT, 1e15), taken(lane, ROW, 3)]);
  assert.equal(endless, null);
  assert.equal(neighbour, null);
  await until('the process to be gone', () => (processes[0]?.lost() === true ? true : null));
  assert.equal(read(lane, ROW, 3), null, 'there is no new process at once');
});

test('a read of a call that has ended is not carried out', async (context) => {
  const { lane, valuesAsked } = await openLane(context);
  assert.equal(
    read(lane, ROW, 11, 'alice', LIMITS, () => true),
    null,
  );
  // More than go in one message; the call of one ends while the first is on its way.
  const waits = await Promise.all([
    ...Array.from({ length: 64 }, () => taken(lane, ROW, 2)),
    taken(lane, ROW, 12, 'alice', LIMITS, () => valuesAsked().includes(2)),
    taken(lane, ROW, 3),
  ]);
  assert.equal(waits.at(-2), null);
  assert.deepEqual(waits.at(-1)?.rows, [[3, 'of 3']]);
  assert.ok(!valuesAsked().includes(11) && !valuesAsked().includes(12));
});

test('a statement that held up others is known to be slow, though its caller waits no longer', async (context) => {
  const slow: string[] = [];
  const quickness: Quickness = { ...ALWAYS, saw: (text, tookMs) => void (tookMs >= 200 && slow.push(text)) };
  const { lane, valuesAsked } = await openLane(context, 200, quickness);
  const endless = taken(lane, COUNT, 1e15, 'alice', LIMITS, () => valuesAsked().includes(1e15));
  assert.deepEqual(await Promise.all([endless, taken(lane, ROW, 3)]), [null, null]);
  assert.deepEqual(slow, [COUNT]);
});

test('where the process is killed, every read is asked elsewhere', async (context) => {
  const { lane, processes } = await openLane(context);
  const reads = Array.from({ length: 32 }, (_, a) => taken(lane, COUNT, 100_000 + a));
  await processes[0]?.kill();
  for (const one of await Promise.all(reads)) assert.ok(one === null || one.rows.length === 1);
  assert.equal(read(lane, ROW, 3), null);
});

test('a connector answers the same, whoever shares a process, and explains what fails', async (context) => {
  const path = folder(context);
  const connector = openConnector({ kind: 'sqlite', name: 'backend', path });
  context.after(() => connector.close());
  const ask = (
    text: string,
    value: Bound,
    signal = new AbortController().signal,
    timeoutMs = 5000,
  ): Promise<Execution> =>
    connector.run(permit({ kind: 'sqlite', text, fixed: true, args: { value }, limits: { timeoutMs } }), {
      signal,
    });
  const [row, count, type] = [ROW, COUNT, JSON_TYPE].map((text) => text.replace('?', ':value')) as [
    string,
    string,
    string,
  ];
  const rowsOf = (execution: Execution): unknown =>
    execution.ok && execution.result.kind === 'table' ? execution.result.rows : execution;
  for (let round = 0; round < 12; round += 1) {
    const both = Array.from({ length: 40 }, (_, a) =>
      Promise.all([ask(row, a), ask(count, a + 1), ask(type, '{"a":1}')]),
    );
    for (const [a, [one, other, third]] of (await Promise.all(both)).entries()) {
      assert.deepEqual(rowsOf(one), [[a, `of ${a}`]]);
      assert.deepEqual(rowsOf(other), [[a + 1]]);
      assert.deepEqual(rowsOf(third), [['object']]);
    }
  }
  const [bad, beside] = await Promise.all([ask(type, '{'), ask(row, 5)]);
  assert.ok(
    !bad.ok && bad.failure === 'rejected' && bad.message.includes('malformed JSON'),
    JSON.stringify(bad),
  );
  assert.deepEqual(rowsOf(beside), [[5, 'of 5']]);

  const [endless, neighbour] = await Promise.all([ask(count, 1e15, undefined, 1500), ask(row, 6)]);
  assert.ok(!endless.ok && endless.failure === 'timeout' && endless.ran === 'no', JSON.stringify(endless));
  assert.deepEqual(rowsOf(neighbour), [[6, 'of 6']]);

  const gone = new AbortController();
  const cancelled = ask(count, 1e15, gone.signal);
  gone.abort();
  const told = await cancelled;
  assert.ok(!told.ok && told.failure === 'cancelled' && told.ran === 'no', JSON.stringify(told));
  assert.deepEqual(rowsOf(await ask(row, 7)), [[7, 'of 7']]);
});

test('what is read together sees what was committed before it was asked', async (context) => {
  const { lane, path } = await openLane(context);
  const other = new DatabaseSync(path);
  context.after(() => other.close());
  for (let round = 0; round < 50; round += 1) {
    other.prepare('UPDATE t SET b = ? WHERE a = 1').run(`round ${round}`);
    const all = await Promise.all(Array.from({ length: 4 }, () => taken(lane, ROW, 1)));
    for (const table of all) assert.deepEqual(table?.rows, [[1, `round ${round}`]]);
  }
  other.exec('ALTER TABLE t RENAME COLUMN b TO c');
  assert.equal(await taken(lane, ROW, 1), null, 'a column that is no longer there');
});
