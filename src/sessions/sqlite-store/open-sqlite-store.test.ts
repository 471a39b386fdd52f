import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import assert from 'node:assert/strict';
import { readAll } from '../../../test/contracts/read-all.ts';
import { creation, sampleApproval, useOf } from '../../../test/contracts/sample-approval.ts';
import { intentOf, masked, sampleRecord } from '../../../test/contracts/sample-record.ts';
import type { ApprovalId } from '../../model/approval.ts';
import { StoreUnavailable, type Store } from '../store.ts';
import { encodeRecord } from '../entry.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts';
import { openSqliteStore, type SqliteStoreEvent, type SqliteStoreLimits } from './open-sqlite-store.ts';

interface Setting {
  readonly path: string;
  readonly events: SqliteStoreEvent[];
  readonly open: (limits?: Partial<SqliteStoreLimits>) => Promise<Store>;
}

async function inDirectory(work: (setting: Setting) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'));
  const path = join(directory, 'made', 'deeper', 'record.db');
  const events: SqliteStoreEvent[] = [];
  try {
    await work({
      path,
      events,
      open: (limits = {}) =>
        openSqliteStore({ path, clock: Date.now, onEvent: (event) => events.push(event), limits }),
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The threads that are started while `work` runs, in the order in which they are. */
async function watchingWorkers(work: (workers: readonly Worker[]) => Promise<void>): Promise<void> {
  const workers: Worker[] = [];
  const seen = (worker: Worker): void => {
    workers.push(worker);
  };
  process.on('worker', seen);
  try {
    await work(workers);
  } finally {
    process.off('worker', seen);
  }
}

test('the file and its directory are for their owner alone', () =>
  inDirectory(async ({ path, open }) => {
    const store = await open();
    await store.append([sampleRecord('server.started')]);
    const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
    assert.equal(mode(dirname(path)), '700');
    assert.equal(mode(dirname(dirname(path))), '700');
    const files = readdirSync(dirname(path));
    assert.deepEqual(files.toSorted(), [
      'record.db',
      'record.db-shm',
      'record.db-wal',
      'record.db.payload-key',
    ]);
    for (const file of files) assert.equal(mode(join(dirname(path), file)), '600', file);
    await store.close();
    assert.deepEqual(readdirSync(dirname(path)).toSorted(), ['record.db', 'record.db.payload-key']);

    chmodSync(path, 0o644);
    await (await open()).close();
    assert.equal(mode(path), '600');
  }));

test("another program's database is refused and left as it was", () =>
  inDirectory(async ({ path, open }) => {
    await (await open()).close();
    rmSync(path);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE customers (id INTEGER)');
    other.close();
    const before = readFileSync(path);
    await assert.rejects(open(), { name: 'StoreRefused', reason: 'not_ours' });
    assert.deepEqual(readFileSync(path), before);

    rmSync(path);
    const marked = new DatabaseSync(path);
    marked.exec('PRAGMA application_id = 77');
    marked.close();
    await assert.rejects(open(), { name: 'StoreRefused', reason: 'not_ours' });

    writeFileSync(path, 'name,email\n'.repeat(1_000));
    await assert.rejects(open(), { name: 'StoreRefused', reason: 'not_ours' });
    assert.equal(readFileSync(path, 'utf8'), 'name,email\n'.repeat(1_000));
  }));

test('a database of a newer schema is refused and says what to do', () =>
  inDirectory(async ({ path, open }) => {
    await (await open()).close();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    await assert.rejects(open(), { name: 'StoreRefused', reason: 'newer_schema', message: /newer one/ });
  }));

test('a place where no file can be made is unavailable, not a crash', () =>
  inDirectory(async ({ path, open }) => {
    await (await open()).close();
    const below = join(path, 'record.db');
    await assert.rejects(openSqliteStore({ path: below, clock: Date.now }), { name: 'StoreUnavailable' });
  }));

test('every name is the name of a file', () =>
  inDirectory(async ({ path, open }) => {
    await (await open()).close();
    const odd = join(dirname(path), 'file:odd?mode=memory');
    await (await openSqliteStore({ path: odd, clock: Date.now })).close();
    assert.ok(existsSync(odd));
  }));

test('a file of the first schema is taken to the newest with everything that is in it', () =>
  inDirectory(async ({ path, open }) => {
    await (await open()).close();
    rmSync(path);
    const old = new DatabaseSync(path);
    const [first] = MIGRATIONS;
    old.exec(`${first?.sql ?? ''}; PRAGMA user_version = 1; PRAGMA application_id = ${APPLICATION_ID}`);
    const entry = encodeRecord(sampleRecord('server.started', { event: { kept: true } })).entry;
    old.prepare("INSERT INTO event VALUES (0, 'server.started', 1, NULL, NULL, ?)").run(entry);
    old.close();
    const store = await open();
    assert.deepEqual((await store.records({ limit: 2 }))[0]?.event, { kept: true });
    const grant = sampleApproval('a');
    assert.equal(await store.appendWith([sampleRecord('approval.requested')], creation(grant)), true);
    assert.deepEqual(await store.approval('apr_a'), grant);
    await store.close();
  }));

test('migrations count up by one', () => {
  assert.deepEqual(
    MIGRATIONS.map(({ version }) => version),
    MIGRATIONS.map((_, at) => at + 1),
  );
});

test('what is in the log can not be changed or deleted through SQL by mistake', () =>
  inDirectory(async ({ path, open }) => {
    const store = await open();
    await store.append([sampleRecord('server.started')]);
    await store.close();
    const db = new DatabaseSync(path);
    assert.throws(() => db.exec("UPDATE event SET entry = '{}'"), /append-only/);
    assert.throws(() => db.exec('DELETE FROM event'), /append-only/);
    assert.throws(() => db.exec("INSERT INTO payload VALUES (5, 1, x'00')"), /FOREIGN KEY/);
    db.close();
  }));

test('a full queue refuses at once and loses nothing that it accepted', () =>
  inDirectory(async ({ open }) => {
    const store = await open({ maxQueuedRecords: 20 });
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => store.append([intentOf(`c${n}`, 's')])),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 80);
    for (const { reason } of refused)
      assert.ok(reason instanceof StoreUnavailable && reason.reason === 'overloaded');
    assert.equal((await store.records({ limit: 100 })).length, 20);
    await store.close();
  }));

test('while another process holds the lock appends fail, and are taken again afterwards', () =>
  inDirectory(async ({ path, events, open }) => {
    const store = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await assert.rejects(store.append([intentOf('c1', 's')]), { name: 'StoreUnavailable', recorded: 'no' });
    other.exec('ROLLBACK');
    other.close();
    await store.append([intentOf('c2', 's')]);
    assert.deepEqual(
      (await store.records({ limit: 10 })).map(({ index, call }) => [index, call]),
      [[0, 'c2']],
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['append_failed', 'append_recovered'],
    );
    await store.close();
  }));

test('a writing thread that dies at any moment is replaced, and every append learns what became of it', () =>
  inDirectory(async ({ events, open }) =>
    watchingWorkers(async (workers) => {
      const store = await open();
      const resolved: string[] = [];
      const rejected: string[] = [];
      const stop = new AbortController();
      const payload = masked('x'.repeat(4_000));
      const load = Array.from({ length: 8 }, async (_, caller) => {
        for (let n = 0; !stop.signal.aborted; n += 1) {
          const call = `${caller}-${n}`;
          try {
            await store.append([{ ...intentOf(call, 's'), payload }]);
            resolved.push(call);
          } catch (error) {
            assert.ok(error instanceof StoreUnavailable);
            assert.equal(error.recorded, 'no', 'the file was there to be read back');
            rejected.push(call);
          }
        }
      });
      for (let round = 0; round < 20; round += 1) {
        const before = resolved.length;
        while (resolved.length < before + 5) await sleep(1);
        await sleep(Math.random() * 5);
        await workers.at(-1)?.terminate();
      }
      stop.abort();
      await Promise.all(load);
      await store.health();
      const records = await readAll(store);
      assert.deepEqual(
        records.map(({ index }) => index),
        records.map((_, at) => at),
      );
      // Exactly what resolved: no more, no less, nothing twice.
      assert.deepEqual(new Set(records.map(({ call }) => call)), new Set(resolved));
      assert.equal(records.length, resolved.length);
      assert.ok(events.filter(({ kind }) => kind === 'worker_died').length >= 20);
      await store.close();
    }),
  ));

test('a writing thread that dies with the answer does not make anybody guess whether a change was done', () =>
  inDirectory(async ({ open }) =>
    watchingWorkers(async (workers) => {
      const store = await open();
      const said = new Map<string, boolean | 'refused'>();
      const stop = new AbortController();
      // Two callers to a grant, beside others who only append: one of the two is done, whatever dies.
      const load = Array.from({ length: 4 }, async (_, caller) => {
        for (let n = 0; !stop.signal.aborted; n += 1) {
          const grant = sampleApproval(`${caller}-${n}`, { status: 'approved' });
          const filed = [sampleRecord('approval.requested', { call: grant.request.call })];
          const attempt = async (name: string, work: () => Promise<boolean>): Promise<void> => {
            try {
              said.set(name, await work());
            } catch (error) {
              assert.ok(error instanceof StoreUnavailable);
              assert.equal(error.recorded, 'no', 'the file was there to be read back');
              said.set(name, 'refused');
            }
          };
          await attempt(`create ${grant.request.id}`, () => store.appendWith(filed, creation(grant)));
          const uses = ['x', 'y'].map((retry) => useOf(grant, `${grant.request.id} ${retry}`));
          await Promise.all([
            ...uses.map(({ records, change }) =>
              attempt(`use ${records[0]?.call ?? ''}`, () => store.appendWith(records, change)),
            ),
            store.append([intentOf('beside', 's')]).catch(() => undefined),
          ]);
        }
      });
      for (let round = 0; round < 15; round += 1) {
        const before = said.size;
        while (said.size < before + 5) await sleep(1);
        await sleep(Math.random() * 5);
        await workers.at(-1)?.terminate();
      }
      stop.abort();
      await Promise.all(load);
      await store.health();
      const used = new Set(
        (await readAll(store)).filter(({ type }) => type === 'approval.used').map(({ call }) => call),
      );
      const filed = new Set((await store.approvals({ limit: 10_000 })).map(({ request }) => request.id));
      let done = 0;
      for (const [name, what] of said) {
        const [kind, id = '', retry = ''] = name.split(' ');
        const happened = kind === 'create' ? filed.has(id as ApprovalId) : used.has(`${id} ${retry}`);
        assert.equal(happened, what === true, `${name}: said ${String(what)}`);
        if (happened && kind === 'use') done += 1;
      }
      assert.equal(used.size, done);
      assert.ok([...said.values()].includes('refused'), 'some were cut off');
      await store.close();
    }),
  ));

test('a reading thread that dies fails its query and is replaced', () =>
  inDirectory(async ({ events, open }) =>
    watchingWorkers(async (workers) => {
      const store = await open();
      await store.append([sampleRecord('server.started')]);
      await store.records({ limit: 1 });
      const query = store.records({ limit: 1 });
      const [failed] = await Promise.all([
        assert.rejects(query, { name: 'StoreUnavailable', reason: 'failed' }),
        workers.at(-1)?.terminate(),
      ]);
      assert.equal(failed, undefined);
      assert.equal((await store.records({ limit: 1 })).length, 1);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['worker_died'],
      );
      await store.close();
    }),
  ));

test('reading goes on while a long append waits for the lock', () =>
  inDirectory(async ({ path, open }) => {
    const store = await open();
    await store.append([sampleRecord('server.started')]);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const order: string[] = [];
    const append = store.append([sampleRecord('server.stopped')]).then(() => order.push('append'));
    await store.records({ limit: 1 }).then(() => order.push('records'));
    other.exec('ROLLBACK');
    other.close();
    await append;
    assert.deepEqual(order, ['records', 'append']);
    await store.close();
  }));

interface DiskStory {
  readonly acknowledged: readonly string[];
  readonly refused: readonly { readonly call: string; readonly recorded: 'no' | 'unknown' }[];
  readonly events: readonly string[];
  readonly healthBefore: boolean;
  readonly healthFull: boolean;
  readonly healthAfter: boolean;
  /** Records that could be read meanwhile. */
  readonly readable: number;
}

const prlimit = spawnSync('prlimit', ['--version']).status === 0;

for (const reading of ['reading', 'writing only'] as const)
  test(
    `a disk that is full refuses appends, and one with room again takes them (${reading})`,
    { skip: prlimit ? false : 'there is no prlimit on this system' },
    () =>
      inDirectory(async ({ path, open }) => {
        const child = new URL('../../../test/contracts/store-disk-child.ts', import.meta.url).pathname;
        const story = JSON.parse(
          execFileSync(process.execPath, [child, path, reading], { encoding: 'utf8' }),
        ) as DiskStory;
        assert.equal(story.healthBefore, true);
        assert.equal(story.healthFull, false);
        if (reading === 'reading') assert.equal(story.readable, 1, 'what is on record can still be read');
        assert.equal(story.healthAfter, true);
        assert.ok(story.refused.length > 0, 'the disk was full');
        const names = (prefix: string): number =>
          story.acknowledged.filter((call) => call.startsWith(prefix)).length;
        assert.equal(names('before'), 5);
        assert.equal(names('after'), 5);
        assert.equal(story.events.at(-1), 'append_recovered');

        const store = await open();
        const records = await readAll(store);
        await store.close();
        const onRecord = records.map(({ call }) => call ?? '');
        assert.deepEqual(
          records.map(({ index }) => index),
          records.map((_, at) => at),
        );
        for (const call of story.acknowledged) assert.ok(onRecord.includes(call), `${call} was acknowledged`);
        for (const { call, recorded } of story.refused) {
          if (recorded === 'no') assert.ok(!onRecord.includes(call), `${call} was said not to be on record`);
        }
        assert.equal(new Set(onRecord).size, onRecord.length, 'nothing is there twice');
      }),
  );
