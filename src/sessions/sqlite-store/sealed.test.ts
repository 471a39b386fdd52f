import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { creation, next, sampleApproval } from '../../../test/contracts/sample-approval.ts';
import { intentOf, masked, sampleRecord } from '../../../test/contracts/sample-record.ts';
import type { NewRecord } from '../../model/record.ts';
import { verifyRecord } from '../../verify/verify.ts';
import { encodeChange } from '../change.ts';
import { encodeRecord } from '../entry.ts';
import type { Store } from '../store.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/** Stands in payloads, and must stand nowhere in a file. */
const PLANTED = 'planted-7f31';

interface Setting {
  readonly directory: string;
  readonly path: string;
  readonly open: () => Promise<Store>;
}

async function inDirectory(work: (setting: Setting) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-sealed-'));
  const path = join(directory, 'record.db');
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  try {
    await work({ directory, path, open: () => openSqliteStore({ path, clock: Date.now, log }) });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function refusedCall(session: string | null, call: string): NewRecord {
  return sampleRecord('call.refused', { session, call, payload: masked({ note: PLANTED }) });
}

/** Names of the files that hold these bytes. */
function filesWith(directory: string, bytes: string): readonly string[] {
  return readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(bytes));
}

test('no file holds a word of a payload or of a request for approval, and the store gives all of it back', () =>
  inDirectory(async ({ directory, open }) => {
    const store = await open();
    const asked = sampleApproval('a');
    const grant = {
      ...asked,
      request: { ...asked.request, arguments: { note: PLANTED } },
      justification: PLANTED,
    };
    await store.append([refusedCall('ses_1', 'c1'), refusedCall(null, 'c2')]);
    await store.appendWith([sampleRecord('approval.requested')], creation(grant));
    const declined = next(grant, { status: 'declined' });
    assert.equal(await store.appendWith([sampleRecord('approval.decided')], declined), true);
    assert.deepEqual(filesWith(directory, PLANTED), [], 'while it is open');
    assert.deepEqual(await store.approval(grant.request.id), declined.approval);
    await store.close();
    assert.deepEqual(filesWith(directory, PLANTED), []);
    const again = await open();
    const payloads = (await again.records({ limit: 10 })).map(({ payload }) => payload);
    assert.deepEqual(payloads, [{ note: PLANTED }, { note: PLANTED }, null, null]);
    assert.deepEqual(await again.approvals({ limit: 10 }), [declined.approval]);
    await again.close();
  }));

test('a store does not open without its key or with another, and is not harmed by the attempt', () =>
  inDirectory(async ({ path, open }) => {
    const store = await open();
    await store.append([refusedCall('ses_1', 'c1')]);
    await store.close();
    const file = `${path}.payload-key`;
    renameSync(file, `${file}.away`);
    await assert.rejects(open(), {
      name: 'StoreRefused',
      reason: 'key_missing',
      message: /record\.encryption/,
    });
    assert.ok(!readdirSync(join(path, '..')).includes('record.db.payload-key'), 'no other key is made');
    writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64')}\n`, { mode: 0o600 });
    await assert.rejects(open(), { name: 'StoreRefused', reason: 'key_wrong' });
    renameSync(`${file}.away`, file);
    const again = await open();
    assert.deepEqual((await again.records({ limit: 1 }))[0]?.payload, { note: PLANTED });
    await again.close();
  }));

test('each session has its key, and so has each day of what belongs to none', () =>
  inDirectory(async ({ path, open }) => {
    const store = await open();
    const day = 86_400_000;
    const at = (time: number): NewRecord => ({ ...refusedCall(null, 'c'), time });
    await store.append([refusedCall('ses_1', 'a'), refusedCall('ses_2', 'b'), refusedCall('ses_1', 'c')]);
    await store.append([at(0), at(day - 1), at(day)]);
    await store.close();
    const db = new DatabaseSync(path, { readOnly: true });
    const scopes = db.prepare('SELECT scope FROM data_key ORDER BY id').all();
    assert.deepEqual(
      scopes.map(({ scope }) => scope),
      ['ses_1', 'ses_2', 'day:1970-01-01', 'day:1970-01-02'],
    );
    db.close();
  }));

test('a store of the fourth schema is sealed as it is opened: nothing is left in the clear, and every proof holds', () =>
  inDirectory(async ({ directory, path, open }) => {
    // Signed by the gateway of that time: the same log over the same entries.
    const old = new DatabaseSync(path);
    for (const { sql } of MIGRATIONS.slice(0, 4)) old.exec(sql);
    old.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = 4; PRAGMA application_id = ${APPLICATION_ID}`);
    const event = old.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)');
    const payload = old.prepare('INSERT INTO payload VALUES (?, ?, ?)');
    const salts: string[] = [];
    for (let index = 0; index < 300; index += 1) {
      const record = encodeRecord(
        index % 3 === 0 ? refusedCall(null, `c${index}`) : refusedCall('ses_1', `c${index}`),
      );
      const { type, time, session, call, entry } = record;
      const salted = Buffer.from(record.payload ?? []);
      const salt = salted.toString('hex', 0, 16);
      // Entries of format 1 committed to nothing.
      const first = index === 5 ? entry.replace(/"payload":"\w+",/, '').replace('"v":2', '"v":1') : entry;
      event.run(index, type, time, session, call, first);
      payload.run(index, salted.toString('utf8', 16), index === 5 ? null : salt);
      if (index !== 5) salts.push(salt);
    }
    const grant = sampleApproval('a');
    const encoded = encodeChange(creation({ ...grant, justification: PLANTED }));
    assert.ok('row' in encoded);
    const { row } = encoded;
    const { id, digest, requester, connection, tool, shape, createdAt, expiresAt, request } = row;
    const asked = [id, digest, requester, connection, tool, shape, createdAt, expiresAt, request] as const;
    old
      .prepare('INSERT INTO approval VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(...asked, row.status, row.version, row.grantedUntil, row.state);
    old.close();
    assert.notDeepEqual(filesWith(directory, PLANTED), []);

    const store = await open();
    assert.deepEqual(filesWith(directory, PLANTED), [], 'neither in the file nor in its write-ahead log');
    for (const salt of salts.slice(0, 20)) assert.deepEqual(filesWith(directory, salt), []);
    const records = await store.records({ limit: 1_000 });
    assert.equal(records.length, 300);
    for (const record of records) assert.deepEqual(record.payload, { note: PLANTED });
    assert.deepEqual(await store.approval(grant.request.id), { ...grant, justification: PLANTED });
    await store.append([intentOf('after', 'ses_1')]);
    await store.close();

    const found = await verifyRecord({
      path,
      key: readFileSync(`${path}.log-key.pub`, 'utf8').trim(),
      kept: readFileSync(`${path}.checkpoint`, 'utf8'),
      payloadKey: readFileSync(`${path}.payload-key`, 'utf8'),
    });
    assert.deepEqual(
      found.findings.filter(({ kind }) => kind !== 'outcome_missing'),
      [],
    );
    assert.deepEqual(found.payloads, {
      verified: 300,
      sealed: 0,
      erased: 0,
      pruned: 0,
      missing: 0,
      held: 0,
      uncommitted: 1,
    });
  }));

test('a payload or a request that was moved or edited in the file is not given out', () =>
  inDirectory(async ({ path, open }) => {
    const first = await open();
    await first.append([refusedCall('ses_1', 'a'), refusedCall('ses_1', 'b')]);
    const grant = sampleApproval('a', { status: 'approved' });
    await first.appendWith([sampleRecord('approval.requested')], creation(grant));
    const spent = next(grant, { status: 'spent' });
    const db = new DatabaseSync(path);
    const before = db.prepare('SELECT state, version, status FROM approval').get();
    await first.appendWith([sampleRecord('approval.used')], spent);
    await first.close();
    // What an older state is good for: a grant that could be spent again.
    db.exec(`UPDATE approval SET state = '${String(before?.['state'])}', status = 'approved'`);
    db.exec('UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE idx = 0) WHERE idx = 1');
    db.close();
    const store = await open();
    await assert.rejects(store.records({ limit: 10 }), { name: 'StoreUnavailable' });
    await assert.rejects(store.approval(grant.request.id), { name: 'StoreUnavailable' });
    await store.close();
  }));
