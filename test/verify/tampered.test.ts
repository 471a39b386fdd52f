import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { createKeyFile } from '../../src/sessions/log/key-file.ts';
import { checkpointText } from '../../src/sessions/log/checkpoint.ts';
import { verifyRecord, type Verification } from '../../src/verify/verify.ts';
import { intentOf, openingOf, outcomeOf, sampleRecord } from '../contracts/sample-record.ts';

const NO_PAYLOADS = { verified: 0, sealed: 0, erased: 0, pruned: 0, missing: 0, held: 0, uncommitted: 0 };
const CALLS = 300;
const CALL_RECORDS = 2 * CALLS;
/** One opening, the calls, one closing. */
const RECORDS = CALL_RECORDS + 2;

const house = mkdtempSync(join(tmpdir(), 'sallyport-verify-'));
const template = join(house, 'template.db');
after(() => rmSync(house, { recursive: true }));

async function write(path: string, calls: number, log = true): Promise<void> {
  const settings = { keyFile: `${template}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  const keys = { kind: 'file', path: `${template}.payload-key` } as const;
  const store = await openSqliteStore({ path, clock: Date.now, keys, ...(log ? { log: settings } : {}) });
  await store.append([openingOf('ses_1', 1_763_000_000_000)]);
  for (let at = 0; at < calls; at += 1)
    await store.append([intentOf(`call_${at}`, 'ses_1'), outcomeOf(`call_${at}`, 'ses_1')]);
  const event = { reason: 'idle', calls, refused: 0 };
  await store.append([sampleRecord('session.closed', { session: 'ses_1', event })]);
  await store.close();
}

before(() => write(template, CALLS));

let copies = 0;

/** A copy of a whole and good record, into which somebody who may write to the file has put a hand. */
function tampered(sql: string): string {
  copies += 1;
  const path = join(house, `copy-${copies}.db`);
  writeFileSync(path, readFileSync(template));
  const db = new DatabaseSync(path);
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
  return path;
}

const keptNote = (): string => readFileSync(`${template}.checkpoint`, 'utf8');
const trusted = (): string => readFileSync(`${template}.log-key.pub`, 'utf8').trim();

const payloadKey = (): string => readFileSync(`${template}.payload-key`, 'utf8');

async function verify(
  path: string,
  kept: string | null = keptNote(),
  key = trusted(),
): Promise<Verification> {
  return await verifyRecord({ path, key, kept, payloadKey: payloadKey() });
}

function kinds({ findings }: Verification): readonly string[] {
  return [...new Set(findings.map(({ kind }) => kind))].toSorted();
}

test('a record that nobody touched is what was signed', async () => {
  const found = await verify(template);
  assert.deepEqual(found.findings, []);
  assert.equal(found.ok, true);
  assert.equal(found.records, RECORDS);
  assert.equal(found.signed?.size, RECORDS);
  assert.deepEqual(found.payloads, {
    ...NO_PAYLOADS,
    verified: CALL_RECORDS,
  });
});

/** What is done to the file; the kind of damage; the record, where one is named. */
const DAMAGE: readonly (readonly [string, string, string, number | null])[] = [
  [
    'an edited payload',
    `UPDATE payload SET sealed = CAST(sealed || x'00' AS BLOB) WHERE idx = 301`,
    'payload_edited',
    301,
  ],
  [
    'a payload of another record of its session',
    'UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE idx = 303) WHERE idx = 301',
    'payload_edited',
    301,
  ],
  [
    'a payload that says it is in another format',
    "UPDATE payload SET sealed = CAST(x'02' || substr(sealed, 2) AS BLOB) WHERE idx = 301",
    'payload_edited',
    301,
  ],
  [
    'a payload under the key of nobody',
    'UPDATE payload SET key = 77 WHERE idx = 301',
    'payload_key_missing',
    301,
  ],
  ['deleted data keys', 'DELETE FROM data_key', 'payload_key_missing', 1],
  [
    'a data key that was put under another session',
    "UPDATE data_key SET scope = 'ses_2'",
    'payload_key_edited',
    null,
  ],
  ['a payload where there was none', "INSERT INTO payload VALUES (0, 1, x'00')", 'payload_added', 0],
  [
    'an edited record',
    `UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx = 301`,
    'record_edited',
    301,
  ],
  ['an edited copy of a record', `UPDATE event SET time = 5 WHERE idx = 301`, 'columns_edited', 301],
  ['a deleted record', 'DELETE FROM event WHERE idx = 301', 'record_deleted', 301],
  [
    'a deleted record without its hashes',
    'DELETE FROM event WHERE idx = 301; DELETE FROM log_tile',
    'record_deleted',
    301,
  ],
  ['deleted hashes', 'DELETE FROM log_tile WHERE level = 0 AND idx = 2', 'tiles_edited', null],
  [
    'a deleted record, with the rest moved up',
    `DELETE FROM event WHERE idx = 301; DELETE FROM payload WHERE idx = 301;
     UPDATE event SET idx = -idx WHERE idx > 301; UPDATE event SET idx = -idx - 1 WHERE idx < 0;
     UPDATE payload SET idx = -idx WHERE idx > 301; UPDATE payload SET idx = -idx - 1 WHERE idx < 0`,
    'record_deleted',
    301,
  ],
  [
    'an inserted record, with the rest moved down',
    `UPDATE event SET idx = -idx WHERE idx >= 301; UPDATE event SET idx = -idx + 1 WHERE idx < 0;
     UPDATE payload SET idx = -idx WHERE idx >= 301; UPDATE payload SET idx = -idx + 1 WHERE idx < 0;
     INSERT INTO event VALUES (301, 'server.started', 1763000000000, NULL, NULL,
       '{"call":null,"event":{},"session":null,"time":1763000000000,"type":"server.started","v":2}')`,
    'record_inserted',
    301,
  ],
  [
    'two records in each other’s place',
    `UPDATE event SET idx = -1 WHERE idx = 301; UPDATE event SET idx = 301 WHERE idx = 401;
     UPDATE event SET idx = 401 WHERE idx = -1;
     UPDATE payload SET idx = -1 WHERE idx = 301; UPDATE payload SET idx = 301 WHERE idx = 401;
     UPDATE payload SET idx = 401 WHERE idx = -1`,
    'record_moved',
    301,
  ],
  ['a cut tail', 'DELETE FROM event WHERE idx > 500; DELETE FROM payload WHERE idx > 500', 'truncated', 501],
  [
    'a cut tail without its hashes',
    `DELETE FROM event WHERE idx > 511; DELETE FROM payload WHERE idx > 511; DELETE FROM log_tile WHERE level = 0 AND idx > 1`,
    'truncated',
    512,
  ],
  [
    'a cut tail without its hashes and checkpoints',
    `DELETE FROM event WHERE idx > 511; DELETE FROM payload WHERE idx > 511;
     DELETE FROM log_tile WHERE level = 0 AND idx > 1; DELETE FROM log_checkpoint WHERE size > 511`,
    'rolled_back',
    512,
  ],
  [
    'an empty log',
    'DELETE FROM event; DELETE FROM payload; DELETE FROM log_tile; DELETE FROM log_checkpoint',
    'rolled_back',
    0,
  ],
  [
    'an edited tile',
    'UPDATE log_tile SET hashes = zeroblob(8192) WHERE level = 0 AND idx = 1',
    'tiles_edited',
    null,
  ],
  [
    'an edited tile of a higher level',
    'UPDATE log_tile SET hashes = zeroblob(64) WHERE level = 1',
    'tiles_edited',
    null,
  ],
  ['a deleted checkpoint', 'DELETE FROM log_checkpoint', 'checkpoint_missing', null],
  [
    'an edited checkpoint',
    `UPDATE log_checkpoint SET note = replace(note, '${RECORDS}', '${RECORDS - 1}')`,
    'signature_invalid',
    null,
  ],
  ['a record that is none', "UPDATE event SET entry = '{' WHERE idx = 301", 'record_unreadable', 301],
];

for (const [name, sql, kind, index] of DAMAGE)
  test(`${name} is found and named`, async () => {
    const found = await verify(tampered(sql));
    assert.equal(found.ok, false);
    const named = found.findings.find((finding) => finding.kind === kind);
    assert.ok(named, JSON.stringify(found.findings));
    assert.equal(named.index, index);
  });

test('an edited record is the only thing that is found where it is the only thing that was edited', async () => {
  const found = await verify(
    tampered("UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx IN (9, 301)"),
  );
  assert.deepEqual(
    found.findings.map(({ kind, index }) => [kind, index]),
    [
      ['record_edited', 9],
      ['record_edited', 301],
    ],
  );
});

test('a payload that is gone, and of which no record says why, is missing, and its leaf still proves', async () => {
  const found = await verify(tampered('DELETE FROM payload WHERE idx = 301'));
  assert.equal(found.ok, false);
  assert.deepEqual(
    found.findings.map(({ kind, index }) => [kind, index]),
    [['payload_missing', 301]],
  );
  assert.deepEqual(found.payloads, { ...NO_PAYLOADS, verified: CALL_RECORDS - 1, missing: 1 });
});

test('a history that was written anew with the stolen key is found by the checkpoint that was kept', async () => {
  const other = join(house, 'other.db');
  await write(other, CALLS);
  // Without a checkpoint from elsewhere nobody could tell.
  assert.deepEqual(kinds(await verify(other, null)), ['nothing_kept']);
  assert.deepEqual(kinds(await verify(other)), ['two_histories']);
  const longer = join(house, 'longer.db');
  await write(longer, CALLS + 1);
  assert.ok(kinds(await verify(longer)).includes('history_rewritten'));
});

test('an older copy is found by the checkpoint that was kept', async () => {
  const older = join(house, 'older.db');
  await write(older, 10);
  const kept = keptNote();
  assert.ok(kinds(await verify(older, kept)).includes('rolled_back'));
});

test('a log that is signed with another key is not taken for this one', async () => {
  const key = createKeyFile(join(house, 'other.log-key'), null).verifierKey;
  assert.deepEqual(kinds(await verify(template, keptNote(), key)), ['key_changed', 'unsigned']);
  await assert.rejects(verify(template, null, key.replace('+', '+0')), { name: 'BadVerifierKey' });
});

test('what the key signs for another log says nothing of this one', async () => {
  const signer = createKeyFile(join(house, 'third.log-key'), 'example.com/log');
  const note = signer.sign(checkpointText({ origin: 'example.com/other', size: 1, root: Buffer.alloc(32) }));
  assert.ok(kinds(await verify(template, note, signer.verifierKey)).includes('checkpoint_invalid'));
});

test('records that no gateway signed yet are a warning', async () => {
  const path = join(house, 'unsigned.db');
  await write(path, 2, false);
  const found = await verify(path, null);
  assert.deepEqual(kinds(found), ['nothing_kept', 'unsigned']);
  assert.equal(found.ok, true);
});

test('a call without an outcome and a clock that went back are warnings; a session without its calls is not', async () => {
  const path = join(house, 'story.db');
  const settings = { keyFile: `${template}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  const keys = { kind: 'file', path: `${template}.payload-key` } as const;
  const store = await openSqliteStore({ path, clock: Date.now, log: settings, keys });
  const closing = { reason: 'idle', calls: 2, refused: 1 };
  await store.append([
    openingOf('ses_1', 1_763_000_000_000),
    intentOf('call_1', 'ses_1'),
    outcomeOf('call_2', 'ses_1'),
    sampleRecord('session.closed', { session: 'ses_1', event: closing, time: 1_762_000_000_000 }),
  ]);
  await store.close();
  const found = await verify(path, null);
  assert.deepEqual(
    found.findings.filter(({ kind }) => kind !== 'nothing_kept').map(({ kind, index }) => [kind, index]),
    [
      ['outcome_without_intent', 2],
      ['clock_backwards', 3],
      ['session_incomplete', 3],
      ['outcome_missing', 1],
    ],
  );
});

test('the command says so, to a person and to a program, and by its exit code', async () => {
  const run = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    let [out, err] = ['', ''];
    const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
    const code = await runProgram(['verify', ...args], output, {});
    return { code, out, err };
  };
  const whole = await run('--store', template);
  assert.equal(whole.code, 0, whole.err);
  assert.match(whole.out, /602 records, 602 of them signed/);
  assert.equal((await run('--store', template, '--show-key')).out.trim(), trusted());

  const path = tampered(
    `UPDATE event SET entry = replace(entry, 'alice', char(27) || '[31m') WHERE idx = 301`,
  );
  const args = ['--store', path, '--key', trusted(), '--checkpoint', `${template}.checkpoint`];
  const damaged = await run(...args);
  assert.equal(damaged.code, 1);
  assert.match(damaged.out, /^DAMAGE: record 301 was edited \(record_edited\)$/m);
  assert.ok(!damaged.out.includes(String.fromCharCode(27)));
  const json = JSON.parse((await run(...args, '--json')).out) as Verification;
  assert.ok(kinds(json).includes('record_edited'));

  assert.equal((await run('--store', join(house, 'nowhere.db'))).code, 66);
  assert.equal((await run('--store', path)).code, 66, 'a key is needed');
  assert.equal((await run('--store', template, '--key', 'x')).code, 69);
  assert.equal((await run('--store', template, '--checkpoint', 'nowhere')).code, 66);
});
