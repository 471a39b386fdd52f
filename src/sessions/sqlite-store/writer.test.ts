import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { intentOf } from '../../../test/contracts/sample-record.ts';
import { creation, next, sampleApproval } from '../../../test/contracts/sample-approval.ts';
import { encodeChange } from '../change.ts';
import { encodeRecord } from '../entry.ts';
import { createWriter } from './writer.ts';

function inDirectory(work: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-writer-'));
  try {
    work(join(directory, 'record.db'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const keys = (path: string) => ({ kind: 'file' as const, path: `${path}.payload-key` });

const batch = (call: string) => [{ records: [encodeRecord(intentOf(call, 's'))], changes: [] }];

test('a writer that takes over finds out what was committed and what was not', () =>
  inDirectory((path) => {
    const first = createWriter(path, 'w', keys(path));
    first.open(1);
    first.append(1, batch('a'));
    first.append(2, batch('b'));
    const second = createWriter(path, 'w', keys(path));
    assert.deepEqual(second.settle(2), []);
    assert.equal(second.settle(3), null);
    // Asking changes nothing.
    assert.deepEqual(second.settle(2), []);
    second.append(3, batch('c'));
    assert.deepEqual(second.settle(3), []);
    first.close();
    second.close();
  }));

test('a writer that takes over finds out which changes of a batch were done', () =>
  inDirectory((path) => {
    const grant = sampleApproval('a');
    const guarded = (call: string, change: Parameters<typeof encodeChange>[0]) => ({
      records: [encodeRecord(intentOf(call, 's'))],
      changes: [encodeChange(change)],
    });
    const first = createWriter(path, 'w', keys(path));
    first.open(1);
    const items = [guarded('a', creation(grant)), ...batch('b'), guarded('c', creation(grant))];
    assert.deepEqual(first.append(1, items), [true, false]);
    const second = createWriter(path, 'w', keys(path));
    assert.deepEqual(second.settle(1), [true, false]);
    assert.deepEqual(second.append(2, [guarded('d', next(grant, { status: 'declined' }))]), [true]);
    assert.deepEqual(second.settle(2), [true]);
    second.append(3, batch('e'));
    assert.deepEqual(second.settle(3), [], 'nothing is said of changes that the batch did not hold');
    first.close();
    second.close();
  }));

test('the commits of one writer are not taken for those of another', () =>
  inDirectory((path) => {
    const one = createWriter(path, 'one', keys(path));
    one.open(1);
    one.append(1, batch('a'));
    const two = createWriter(path, 'two', keys(path));
    assert.equal(two.settle(1), null);
    one.close();
    two.close();
  }));

test('where it can not be found out, that is what is said', () =>
  inDirectory((path) => {
    const writer = createWriter(path, 'w', keys(path));
    writer.open(1);
    const other = new DatabaseSync(path);
    other.exec('DROP TABLE commit_mark');
    other.close();
    assert.throws(() => writer.settle(1), { name: 'CommitUnknown' });
    writer.close();
  }));

test('a batch that fails in the middle leaves nothing of itself', () =>
  inDirectory((path) => {
    const writer = createWriter(path, 'w', keys(path));
    writer.open(1);
    writer.append(1, batch('a'));
    const record = encodeRecord(intentOf('c', 's'));
    const broken = { records: [{ ...record, entry: null as unknown as string }], changes: [] };
    assert.throws(() => writer.append(2, [...batch('b'), broken]), /NOT NULL/);
    assert.equal(writer.settle(2), null);
    writer.append(3, batch('d'));
    writer.close();
    const db = new DatabaseSync(path);
    assert.deepEqual(
      db
        .prepare('SELECT idx, call FROM event')
        .all()
        .map((row) => ({ ...row })),
      [
        { idx: 0, call: 'a' },
        { idx: 1, call: 'd' },
      ],
    );
    db.close();
  }));

test('marks of writers long gone are forgotten, and those of living ones are not', () =>
  inDirectory((path) => {
    const day = 24 * 60 * 60 * 1000;
    const old = createWriter(path, 'old', keys(path));
    old.open(day);
    old.probe();
    old.close();
    const living = createWriter(path, 'living', keys(path));
    living.open(20 * day);
    living.probe();
    const young = createWriter(path, 'young', keys(path));
    young.open(40 * day);
    young.probe();
    living.close();
    young.close();
    const db = new DatabaseSync(path);
    const writers = db.prepare('SELECT writer FROM commit_mark ORDER BY writer').all();
    assert.deepEqual(
      writers.map(({ writer }) => writer),
      ['living', 'young'],
    );
    db.close();
  }));
