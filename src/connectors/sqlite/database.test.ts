import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TableResult } from '../../model/result.ts';
import type { Bound } from '../statement.ts';
import { openDatabase } from './database.ts';
import { openReader } from './reader.ts';

/** A file with one table, somebody else who changes it, and the process's side of reading it. */
function fixture(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-database-'));
  const path = join(directory, 'data.db');
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)');
  const database = openDatabase(64 * 1024 * 1024);
  context.after(() => {
    if (other.isOpen) other.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const read = (text: string, values: readonly Bound[] = [], rows = 100): TableResult =>
    JSON.parse(
      database.run({
        op: 'run',
        path,
        text,
        values,
        readOnly: true,
        limits: { rows, bytes: 100_000, timeoutMs: 1000 },
        busyMs: 900,
        endMs: 2000,
      }),
    );
  return { path, other, read };
}

test('a statement that was run before has the columns of the moment, which masking goes by', (context) => {
  const { other, read } = fixture(context);
  const names = (): readonly string[] => read('SELECT * FROM t').columns.map(({ name }) => name);
  assert.deepEqual(names(), ['a', 'b']);
  assert.deepEqual(names(), ['a', 'b']);
  other.exec('ALTER TABLE t RENAME COLUMN b TO card_number');
  assert.deepEqual(names(), ['a', 'card_number']);
  other.exec('ALTER TABLE t ADD COLUMN ssn');
  assert.deepEqual(names(), ['a', 'card_number', 'ssn']);
});

test('what one call binds is not there for the next', (context) => {
  const { read } = fixture(context);
  assert.deepEqual(read('SELECT ?1, ?2', ['secret', 2]).rows, [['secret', 2]]);
  assert.deepEqual(read('SELECT ?1, ?2', ['other']).rows, [['other', null]]);
  assert.deepEqual(read('SELECT ?1, ?2').rows, [[null, null]]);
});

test('a statement that was allowed is refused once the schema gives it another meaning', (context) => {
  const { other, read } = fixture(context);
  other.exec('CREATE VIEW v AS SELECT a FROM t');
  assert.equal(read('SELECT * FROM v').rows.length, 3);
  other.exec("DROP VIEW v; CREATE VIEW v AS SELECT load_extension('x') AS a FROM t");
  assert.throws(() => read('SELECT * FROM v'), /not authorized|unsafe use/);
  assert.equal(read('SELECT * FROM t').rows.length, 3);
});

test('a read can neither leave its transaction nor change a setting, before and after others ran', (context) => {
  const { read } = fixture(context);
  const forbidden = [
    'ROLLBACK',
    'COMMIT',
    'BEGIN',
    'PRAGMA query_only = OFF',
    'PRAGMA busy_timeout = 1',
    'PRAGMA schema_version',
    "ATTACH ':memory:' AS other",
    'INSERT INTO t VALUES (7, 8)',
  ];
  for (let round = 0; round < 2; round += 1) {
    for (const text of forbidden) assert.throws(() => read(text), /not authorized/, text);
    assert.equal(read('SELECT * FROM t').rows.length, 3);
  }
});

test('a read that was cut holds nothing, and begins at the first row the next time', (context) => {
  const { other, read } = fixture(context);
  assert.deepEqual(read('SELECT a FROM t', [], 1).rows, [[1]]);
  other.exec('INSERT INTO t VALUES (7, 8)');
  assert.deepEqual(read('SELECT a FROM t', [], 2).rows, [[1], [3]]);
  assert.deepEqual(read('SELECT a FROM t').rows, [[1], [3], [5], [7]]);
});

test('a statement that fails on the way fails by itself', (context) => {
  const { other, read } = fixture(context);
  const text = "SELECT json_extract(a, '$') FROM t";
  assert.equal(read(text).rows.length, 3);
  other.exec("INSERT INTO t VALUES ('no json', 0)");
  assert.throws(() => read(text), /JSON/i);
  assert.throws(() => read(text), /JSON/i);
  other.exec("DELETE FROM t WHERE a = 'no json'");
  assert.equal(read(text).rows.length, 3);
});

test('more statements than are kept all answer, again and again', (context) => {
  const { read } = fixture(context);
  for (let n = 0; n < 900; n += 1) assert.deepEqual(read(`SELECT ${n % 150}`).rows, [[n % 150]]);
});

test('a connection that let go of many statements is done with, for only then are they freed', (context) => {
  const { path } = fixture(context);
  const reader = openReader(new DatabaseSync(path, { readOnly: true }), 900);
  context.after(() => reader.close());
  const run = (n: number): void =>
    reader.within(900, (reading) => {
      reading.read(`SELECT ${n}`, ({ statement }) => statement.get());
    });
  for (let n = 0; n < 400; n += 1) run(1);
  assert.ok(reader.usable());
  for (let n = 0; n < 400; n += 1) run(n);
  assert.ok(!reader.usable());
});

test('a lock is waited for by the first read as by any other', async (context) => {
  const { path, other, read } = fixture(context);
  const holdsForAWhile = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(workerData);
    database.exec('BEGIN EXCLUSIVE');
    parentPort.postMessage('locked');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    database.exec('COMMIT');
    database.close();
  `;
  other.close();
  for (let round = 0; round < 2; round += 1) {
    const holder = new Worker(holdsForAWhile, { eval: true, workerData: path });
    await once(holder, 'message');
    assert.equal(read('SELECT * FROM t').rows.length, 3);
    await once(holder, 'exit');
  }
});
