/** What an edit of single rows would not show: a history that goes another way, and what was taken away before it was signed. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { checkpointText } from '../../src/sessions/log/checkpoint.ts';
import { createKeyFile } from '../../src/sessions/log/key-file.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { verifyRecord, type Verification } from '../../src/verify/verify.ts';
import { intentOf, openingOf, outcomeOf, sampleRecord } from '../contracts/sample-record.ts';
import type { NewRecord } from '../../src/model/record.ts';
import type { Store } from '../../src/sessions/store.ts';

const house = mkdtempSync(join(tmpdir(), 'sallyport-rewritten-'));
after(() => rmSync(house, { recursive: true }));

let made = 0;

/** A record with a place of its own, and what lies beside it. */
function bench() {
  made += 1;
  const path = join(house, `${made}.db`);
  const [keyFile, checkpointFile] = [`${path}.log-key`, `${path}.checkpoint`];
  const log = { keyFile, checkpointFile, origin: null };
  return {
    path,
    keyFile,
    checkpointFile,
    open: (signed = true): Promise<Store> =>
      openSqliteStore({ path, clock: Date.now, ...(signed ? { log } : {}) }),
    kept: () => readFileSync(checkpointFile, 'utf8'),
    key: () => readFileSync(`${keyFile}.pub`, 'utf8').trim(),
    backUp: () => {
      copyFileSync(path, `${path}.backup`);
      return () => copyFileSync(`${path}.backup`, path);
    },
  };
}

async function write(store: Store, ...records: readonly NewRecord[]): Promise<void> {
  for (const record of records) await store.append([record]);
  await store.close();
}

const calls = (from: number, to: number): readonly NewRecord[] =>
  Array.from({ length: to - from }, (_, at) => from + at).flatMap((at) => [
    intentOf(`call_${at}`, 'ses_1'),
    outcomeOf(`call_${at}`, 'ses_1'),
  ]);

const found = ({ findings }: Verification): readonly (readonly [string, number | null])[] =>
  findings.map(({ kind, index }) => [kind, index]);

const SAYS_WHAT_TO_DO = /Look with: sallyport verify\. Then bring back what is missing from the newest copy/;

test('yesterday’s backup in the place of today’s record is found, and no gateway starts on it', async () => {
  const { path, open, kept, key, backUp } = bench();
  await write(await open(), ...calls(0, 10));
  const restore = backUp();
  await write(await open(), ...calls(10, 20));
  restore();
  assert.deepEqual(found(await verifyRecord({ path, key: key(), kept: kept() })), [
    ['checkpoint_missing', null],
    ['rolled_back', 20],
  ]);
  await assert.rejects(open(), { reason: 'log_damaged', message: /of 40 records, and 20 are left/ });
  await assert.rejects(open(), { message: SAYS_WHAT_TO_DO });
});

test('two histories of one length, from one backup and with one key, are found, and no gateway goes on with the second', async () => {
  const { path, checkpointFile, open, kept, key, backUp } = bench();
  await write(await open(), ...calls(0, 10));
  const [restore, early] = [backUp(), kept()];
  await write(await open(), ...calls(10, 20));
  const today = kept();
  restore();
  // The checkpoint beside the database was put back with it; somebody elsewhere has that of today.
  writeFileSync(checkpointFile, early);
  await write(await open(), ...calls(30, 40));
  assert.deepEqual(found(await verifyRecord({ path, key: key(), kept: kept() })), []);
  assert.deepEqual(found(await verifyRecord({ path, key: key(), kept: today })), [['two_histories', null]]);
  writeFileSync(checkpointFile, today);
  await assert.rejects(open(), { message: /its first 40 records are not those of the checkpoint/ });
  await assert.rejects(open(), { message: SAYS_WHAT_TO_DO });
});

test('a record that was signed anew with another key is found by the key that was written down', async () => {
  const { path, keyFile, checkpointFile, open, kept, key } = bench();
  await write(await open(), ...calls(0, 10));
  const trusted = key();
  const forger = createKeyFile(join(house, 'forger.log-key'), trusted.split('+')[0] ?? '');
  const [, size = '', root = ''] = kept().split('\n');
  const text = { origin: forger.name, size: Number(size), root: Buffer.from(root, 'base64') };
  const forged = forger.sign(checkpointText(text));
  const db = new DatabaseSync(path);
  db.exec('DROP TRIGGER log_checkpoint_is_never_updated; DROP TRIGGER log_checkpoint_is_never_deleted');
  db.prepare('DELETE FROM log_checkpoint WHERE size < ?').run(Number(size));
  db.prepare('UPDATE log_checkpoint SET note = ?').run(forged);
  db.close();
  writeFileSync(checkpointFile, forged);
  const seen = await verifyRecord({ path, key: trusted, kept: kept() });
  assert.deepEqual(found(seen), [
    ['key_changed', null],
    ['key_changed', null],
    ['unsigned', 0],
  ]);
  assert.equal(seen.ok, false);
  // With its own key it is whole: so an auditor names the key, and does not take that which lies beside the record.
  assert.equal((await verifyRecord({ path, key: forger.verifierKey, kept: kept() })).ok, true);
  await assert.rejects(open(), { message: /not signed by the key of this log/ });
  assert.ok(readFileSync(keyFile, 'utf8').startsWith('PRIVATE+KEY+'));
});

test('a clock that was set back is told, with the record that it shows at', async () => {
  const { path, open, kept, key } = bench();
  const [first, ...rest] = calls(0, 3);
  assert.ok(first);
  await write(await open(), { ...first, time: first.time + 3_600_000 }, ...rest);
  const seen = await verifyRecord({ path, key: key(), kept: kept() });
  assert.deepEqual(found(seen), [['clock_backwards', 1]]);
  assert.match(seen.findings[0]?.message ?? '', /by 3600 seconds before record 1/);
});

/** As a DBA who takes records away in the second before they are signed, and closes the gap. */
function takeAway(path: string, first: number, end: number): void {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA foreign_keys = OFF; DROP TRIGGER event_is_never_updated; DROP TRIGGER event_is_never_deleted',
  );
  for (const table of ['event', 'payload']) {
    db.exec(`DELETE FROM ${table} WHERE idx >= ${first} AND idx < ${end}`);
    db.exec(`UPDATE ${table} SET idx = -(idx - ${end - first}) WHERE idx >= ${end}`);
    db.exec(`UPDATE ${table} SET idx = -idx WHERE idx < 0`);
  }
  db.close();
}

test('an outcome that was taken away before it was signed leaves its intent without one', async () => {
  const { path, open, kept, key } = bench();
  await write(await open(false), ...calls(0, 3));
  takeAway(path, 3, 4);
  await write(await open());
  assert.deepEqual(found(await verifyRecord({ path, key: key(), kept: kept() })), [['outcome_missing', 2]]);
});

test('a call that was taken away before it was signed leaves a gap in the counts of its session', async () => {
  const { path, open, kept, key } = bench();
  const closing = sampleRecord('session.closed', {
    session: 'ses_1',
    event: { reason: 'idle', calls: 3, refused: 0 },
  });
  await write(await open(false), openingOf('ses_1', 1_763_000_000_000), ...calls(0, 3), closing);
  takeAway(path, 3, 5);
  await write(await open());
  const seen = await verifyRecord({ path, key: key(), kept: kept() });
  assert.deepEqual(found(seen), [['session_incomplete', 5]]);
  assert.equal(seen.ok, false);
  assert.match(seen.findings[0]?.message ?? '', /ended with 3 permitted .* and 2 permitted/);
});
