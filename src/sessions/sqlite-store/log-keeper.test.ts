import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { intentOf, outcomeOf, sampleRecord } from '../../../test/contracts/sample-record.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import { leafHash } from '../log/merkle.ts';
import { openNote, parseSigner } from '../log/note.ts';
import type { Store } from '../store.ts';
import { openSqliteStore, type SqliteStoreEvent } from './open-sqlite-store.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts';

interface Bench {
  readonly path: string;
  readonly checkpointFile: string;
  readonly keyFile: string;
  readonly events: SqliteStoreEvent[];
  readonly open: (origin?: string) => Promise<Store>;
  readonly kept: () => { size: number; root: string };
}

async function inDirectory(work: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-log-'));
  const path = join(directory, 'record.db');
  const [checkpointFile, keyFile] = [join(directory, 'elsewhere', 'checkpoint'), `${path}.log-key`];
  const events: SqliteStoreEvent[] = [];
  try {
    await work({
      path,
      checkpointFile,
      keyFile,
      events,
      open: (origin) =>
        openSqliteStore({
          path,
          clock: Date.now,
          log: { checkpointFile, keyFile, origin: origin ?? null },
          onEvent: (event) => events.push(event),
        }),
      kept: () => {
        const text = openNote(
          readFileSync(checkpointFile, 'utf8'),
          readFileSync(`${keyFile}.pub`, 'utf8').trim(),
        );
        const checkpoint = parseCheckpoint(text ?? '');
        assert.ok(checkpoint);
        return { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('hex') };
      },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** As somebody who can write to the file would. */
function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

async function fill(store: Store, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1)
    await store.append([intentOf(`c${at}`, 's'), outcomeOf(`c${at}`, 's')]);
}

test('what was appended is signed at the end, inside the database and outside of it', () =>
  inDirectory(async ({ path, open, kept }) => {
    const store = await open();
    await fill(store, 300);
    await store.close();
    assert.equal(kept().size, 600);
    const db = new DatabaseSync(path);
    const last = db.prepare('SELECT * FROM log_checkpoint ORDER BY size DESC').get();
    assert.equal(last?.['root'], kept().root);
    const tile = db.prepare('SELECT hashes FROM log_tile WHERE level = 0 AND idx = 2').get()?.['hashes'];
    const entry = db.prepare('SELECT entry FROM event WHERE idx = 599').get()?.['entry'];
    assert.deepEqual(Buffer.from(tile as Uint8Array).subarray(-32), Buffer.from(leafHash(entry as string)));
    db.close();
  }));

test('what was appended is signed while the store stays open', () =>
  inDirectory(async ({ open, kept, checkpointFile }) => {
    const store = await open();
    await fill(store, 1);
    while (!existsSync(checkpointFile)) await sleep(20);
    assert.equal(kept().size, 2);
    await fill(store, 1);
    while (kept().size === 2) await sleep(20);
    assert.equal(kept().size, 4);
    await store.close();
  }));

function existsCheckpoint(kept: () => unknown): boolean {
  try {
    kept();
    return true;
  } catch {
    return false;
  }
}

test('what another process appended is signed by the one that runs, and a store that rests writes nothing', () =>
  inDirectory(async ({ path, open, kept }) => {
    const store = await open();
    const command = await openSqliteStore({ path, clock: Date.now });
    await fill(command, 1);
    await command.close();
    while (!existsCheckpoint(kept)) await sleep(50);
    assert.equal(kept().size, 2);
    const before = readFileSync(`${path}-wal`);
    await sleep(2_500);
    assert.ok(before.equals(readFileSync(`${path}-wal`)));
    await store.close();
  }));

test('a log goes on where it was, whoever opens it, with what was appended unsigned in between', () =>
  inDirectory(async ({ path, open, kept, events }) => {
    await (await open()).close();
    const plain = await openSqliteStore({ path, clock: Date.now });
    await fill(plain, 3);
    await plain.close();
    const [one, two] = [await open(), await open()];
    await Promise.all([fill(one, 200), fill(two, 200)]);
    await Promise.all([one.close(), two.close()]);
    await (await open()).close();
    assert.equal(kept().size, 806);
    const keys = events.filter(({ kind }) => kind === 'log_opened').map(({ detail }) => detail);
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual(
      events.filter(({ kind }) => kind !== 'log_opened'),
      [],
    );
  }));

test('records that were written before there was a log are taken into it', () =>
  inDirectory(async ({ path, open, kept }) => {
    const old = new DatabaseSync(path);
    const schema = MIGRATIONS.slice(0, 3).map(({ sql }) => sql);
    old.exec(
      `${schema.join(';')}; PRAGMA user_version = 3; PRAGMA application_id = ${APPLICATION_ID}; BEGIN`,
    );
    const entry = '{"call":null,"event":{},"session":null,"time":1,"type":"server.started","v":1}';
    const insert = old.prepare("INSERT INTO event VALUES (?, 'server.started', 1, NULL, NULL, ?)");
    for (let at = 0; at < 5_000; at += 1) insert.run(at, entry);
    old.exec("INSERT INTO payload VALUES (4999, '{}'); COMMIT");
    old.close();
    const store = await open();
    assert.deepEqual((await store.records({ after: 4_998, limit: 5 }))[0]?.payload, {});
    await store.close();
    assert.equal(kept().size, 5_000);
  }));

test('the key is made once, for its owner alone, with the name that it was given', () =>
  inDirectory(async ({ keyFile, open, events }) => {
    await (await open('example.com/log')).close();
    assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    const line = readFileSync(keyFile, 'utf8').trim();
    assert.equal(parseSigner(line)?.name, 'example.com/log');
    assert.equal(readFileSync(`${keyFile}.pub`, 'utf8').trim(), parseSigner(line)?.verifierKey);
    assert.equal(events[0]?.detail, parseSigner(line)?.verifierKey);
    await (await open()).close();
    assert.equal(readFileSync(keyFile, 'utf8').trim(), line);
    await assert.rejects(open('example.com/other'), {
      reason: 'log_damaged',
      message: /example\.com\/other/,
    });
  }));

test('many that start at a time share one key', () =>
  inDirectory(async ({ open, events }) => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => open()));
    await Promise.all(stores.map((store) => store.close()));
    assert.equal(new Set(events.map(({ detail }) => detail)).size, 1);
  }));

const DAMAGE: readonly (readonly [string, (bench: Bench) => void, RegExp])[] = [
  [
    'a truncated tail',
    ({ path }) => tamper(path, 'DELETE FROM event WHERE idx > 90'),
    /91 records, and its tree has 100/,
  ],
  [
    'a tail that was cut with its hashes',
    ({ path }) =>
      tamper(path, 'DELETE FROM event WHERE idx > 90; DELETE FROM log_tile; DELETE FROM log_checkpoint'),
    /of 100 records, and 0 are left/,
  ],
  [
    'an edited record',
    ({ path }) => tamper(path, "UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx = 70"),
    /from 0 to 99 was changed/,
  ],
  [
    'a deleted record',
    ({ path }) => tamper(path, 'DELETE FROM event WHERE idx = 50'),
    /record 50 of the log is missing/,
  ],
  [
    'a new database',
    ({ path }) => ['', '-wal', '-shm'].forEach((end) => rmSync(path + end, { force: true })),
    /of 100 records, and 0 are left/,
  ],
  [
    'a checkpoint of another log',
    ({ checkpointFile }) => writeFileSync(checkpointFile, 'x\n'),
    /not signed by the key/,
  ],
  ['a lost key', ({ keyFile }) => rmSync(keyFile), /put .*log-key back/],
  ['a damaged key', ({ keyFile }) => writeFileSync(keyFile, 'x'), /does not hold a signing key/],
  ['a key that others may read', ({ keyFile }) => chmodSync(keyFile, 0o640), /may be read by others/],
];

for (const [name, damage, message] of DAMAGE)
  test(`a store is not opened after ${name}`, () =>
    inDirectory(async (bench) => {
      const store = await bench.open();
      await fill(store, 50);
      await store.close();
      damage(bench);
      await assert.rejects(bench.open(), { name: 'StoreRefused', reason: 'log_damaged', message });
    }));

test('an older copy of the database is not opened beside the checkpoint of the newer', () =>
  inDirectory(async ({ path, open, kept }) => {
    const store = await open();
    await fill(store, 5);
    await store.close();
    const copy = readFileSync(path);
    const more = await open();
    await fill(more, 5);
    await more.close();
    assert.equal(kept().size, 20);
    writeFileSync(path, copy);
    await assert.rejects(open(), { reason: 'log_damaged', message: /of 20 records, and 10 are left/ });
  }));

test('another history of the same length is not opened, though its records and its tree agree', () =>
  inDirectory(async ({ path, open, checkpointFile }) => {
    const store = await open();
    await fill(store, 5);
    await store.close();
    const kept = readFileSync(checkpointFile);
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    rmSync(checkpointFile);
    const other = await open();
    await fill(other, 5);
    await other.close();
    writeFileSync(checkpointFile, kept);
    await assert.rejects(open(), { reason: 'log_damaged', message: /first 10 records are not those/ });
  }));

test('a checkpoint file that went away is written anew, and the operator is told', () =>
  inDirectory(async ({ open, events, checkpointFile, kept }) => {
    const store = await open();
    await store.append([sampleRecord('server.started')]);
    await store.close();
    rmSync(checkpointFile);
    await (await open()).close();
    assert.equal(kept().size, 1);
    assert.equal(events.at(-1)?.kind, 'checkpoint_file_missing');
  }));

test('a store that can not put its checkpoint outside tells the operator, and goes on recording', () =>
  inDirectory(async ({ path, open, events, checkpointFile }) => {
    const store = await open();
    rmSync(join(checkpointFile, '..'), { recursive: true });
    await fill(store, 1);
    await store.close();
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['log_opened', 'checkpoint_failed'],
    );
    const db = new DatabaseSync(path);
    assert.equal(db.prepare('SELECT count(*) AS n FROM event').get()?.['n'], 2);
    db.close();
  }));

test('what could not be signed is signed once it can be, though nothing more is appended', () =>
  inDirectory(async ({ open, events, checkpointFile, kept }) => {
    const store = await open();
    rmSync(join(checkpointFile, '..'), { recursive: true });
    await fill(store, 1);
    while (!events.some(({ kind }) => kind === 'checkpoint_failed')) await sleep(20);
    mkdirSync(join(checkpointFile, '..'));
    while (!existsSync(checkpointFile)) await sleep(20);
    assert.equal(kept().size, 2);
    await store.close();
  }));

test('a checkpoint file that a crash left behind is brought up at the next start', () =>
  inDirectory(async ({ open, checkpointFile, kept }) => {
    const store = await open();
    await fill(store, 2);
    await store.close();
    const older = readFileSync(checkpointFile);
    const more = await open();
    await fill(more, 2);
    await more.close();
    writeFileSync(checkpointFile, older);
    const last = await open();
    assert.equal(kept().size, 8);
    await last.close();
  }));

test('a gateway whose log is cut under its feet signs no second history, and says so', () =>
  inDirectory(async ({ path, open, events, kept }) => {
    const store = await open();
    await fill(store, 50);
    while (!existsKept(kept, 100)) await sleep(20);
    const signed = kept();
    tamper(
      path,
      'DELETE FROM event WHERE idx > 50; DELETE FROM payload WHERE idx > 50; DELETE FROM log_tile; DELETE FROM log_checkpoint',
    );
    await fill(store, 1);
    await store.close();
    assert.deepEqual(kept(), signed);
    const told = events.find(({ kind }) => kind === 'checkpoint_failed');
    assert.match(told?.detail ?? '', /of 100 records, and 0 are left/);
  }));

function existsKept(kept: () => { readonly size: number }, size: number): boolean {
  try {
    return kept().size === size;
  } catch {
    return false;
  }
}
