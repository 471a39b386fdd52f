import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { PostgresPlace } from '../../src/sessions/postgres-store/connection.ts';
import { openPostgresStore } from '../../src/sessions/postgres-store/open-postgres-store.ts';
import { verifyRecord, type Verification } from '../../src/verify/verify.ts';
import { intentOf, openingOf, outcomeOf, sampleRecord } from '../contracts/sample-record.ts';
import { KEYS, PAYLOAD_KEY, postgresRecords } from '../support/postgres-records.ts';

const CALLS = 300;
const RECORDS = 2 * CALLS + 2;
const TABLES = ['event', 'payload', 'log_tile', 'log_checkpoint', 'vault', 'data_key'];

const records = await postgresRecords();
const skip = 'missing' in records ? records.missing : false;
const house = mkdtempSync(join(tmpdir(), 'sallyport-tampered-'));
const log = { keyFile: join(house, 'log-key'), checkpointFile: join(house, 'checkpoint'), origin: null };
after(() => rmSync(house, { recursive: true }));

/** What a person with every privilege does; the kind of damage; the record, where one is named. */
const DAMAGE: readonly (readonly [string, string, string, number | null])[] = [
  [
    'an edited record',
    `UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx = 301`,
    'record_edited',
    301,
  ],
  ['an edited copy of a record', 'UPDATE event SET time = 5 WHERE idx = 301', 'columns_edited', 301],
  ['a record that is none', `UPDATE event SET entry = '{' WHERE idx = 301`, 'record_unreadable', 301],
  ['a deleted record', 'DELETE FROM event WHERE idx = 301', 'record_deleted', 301],
  [
    'a deleted record, with the rest moved up',
    `DELETE FROM event WHERE idx = 301; DELETE FROM payload WHERE idx = 301;
     UPDATE event SET idx = -idx WHERE idx > 301; UPDATE event SET idx = -idx - 1 WHERE idx < 0;
     UPDATE payload SET idx = -idx WHERE idx > 301; UPDATE payload SET idx = -idx - 1 WHERE idx < 0`,
    'record_deleted',
    301,
  ],
  [
    'two records in each other’s place',
    `UPDATE event SET idx = -1 WHERE idx = 301; UPDATE event SET idx = 301 WHERE idx = 401;
     UPDATE event SET idx = 401 WHERE idx = -1`,
    'record_moved',
    301,
  ],
  ['a cut tail', 'DELETE FROM event WHERE idx > 500', 'truncated', 501],
  [
    'a cut tail without its hashes and checkpoints',
    `DELETE FROM event WHERE idx > 511; DELETE FROM log_tile WHERE level = 0 AND idx > 1;
     DELETE FROM log_checkpoint WHERE size > 511`,
    'rolled_back',
    512,
  ],
  [
    'an edited tile',
    `UPDATE log_tile SET hashes = decode(repeat('00', 8192), 'hex') WHERE level = 0 AND idx = 1`,
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
  [
    'a payload of another record',
    'UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE idx = 303) WHERE idx = 301',
    'payload_edited',
    301,
  ],
  [
    'an edited payload',
    `UPDATE payload SET sealed = sealed || '\\x00' WHERE idx = 301`,
    'payload_edited',
    301,
  ],
];

describe('a record in PostgreSQL', { skip }, () => {
  assert.ok(!('missing' in records));
  const { fresh, sql } = records;
  const template = fresh();

  before(async () => {
    const store = await openPostgresStore({
      place: template,
      owner: template,
      clock: Date.now,
      keys: KEYS,
      log,
    });
    await store.append([openingOf('ses_1', 1_763_000_000_000)]);
    for (let at = 0; at < CALLS; at += 100)
      await store.append(
        Array.from({ length: 100 }, (_, n) => [
          intentOf(`c${at + n}`, 'ses_1'),
          outcomeOf(`c${at + n}`, 'ses_1'),
        ]).flat(),
      );
    const event = { reason: 'idle', calls: CALLS, refused: 0 };
    await store.append([sampleRecord('session.closed', { session: 'ses_1', event })]);
    await store.close();
  });

  /** A copy of the tables, without triggers and privileges. */
  async function tampered(statements: string): Promise<PostgresPlace> {
    const place = fresh();
    const tables = TABLES.map(
      (table) => `CREATE TABLE ${table} AS SELECT * FROM ${template.schema}.${table}`,
    ).join('; ');
    await sql(place, `CREATE SCHEMA ${place.schema}`, `${tables}; ${statements}`);
    return place;
  }

  function verify(database: PostgresPlace, payloadKey: string | null = PAYLOAD_KEY): Promise<Verification> {
    const key = readFileSync(`${log.keyFile}.pub`, 'utf8').trim();
    return verifyRecord({ database, key, kept: readFileSync(log.checkpointFile, 'utf8'), payloadKey });
  }

  test('that nobody touched is what was signed, also to who can not open its payloads', async () => {
    const found = await verify(template);
    assert.deepEqual(
      [found.findings, found.ok, found.records, found.signed?.size],
      [[], true, RECORDS, RECORDS],
    );
    assert.deepEqual([found.payloads.verified, found.payloads.sealed], [2 * CALLS, 0]);
    const without = await verify(template, null);
    assert.deepEqual([without.findings, without.payloads.sealed], [[], 2 * CALLS]);
    assert.deepEqual((await verify(await tampered(''))).findings, []);
  });

  for (const [name, statements, kind, index] of DAMAGE)
    test(`that has ${name} is found out, and the damage is named`, async () => {
      const found = await verify(await tampered(statements));
      assert.equal(found.ok, false);
      const named = found.findings.find((finding) => finding.kind === kind);
      assert.ok(named, JSON.stringify(found.findings.slice(0, 5)));
      assert.equal(named.index, index);
    });

  test('that was erased by order says so, and still proves; what is gone without a word is damage', async () => {
    const place = fresh();
    const own = { ...log, keyFile: join(house, 'erased-key'), checkpointFile: join(house, 'erased') };
    const store = await openPostgresStore({ place, owner: place, clock: Date.now, keys: KEYS, log: own });
    await store.append([intentOf('a', 'ses_1'), outcomeOf('a', 'ses_1'), intentOf('b', 'ses_2')]);
    const subject = { kind: 'session', session: 'ses_1' } as const;
    await store.disposal?.erase({ subject, by: 'carol', reason: 'asked for', at: Date.now() });
    await store.close();
    const look = () =>
      verifyRecord({
        database: place,
        key: readFileSync(`${own.keyFile}.pub`, 'utf8').trim(),
        kept: readFileSync(own.checkpointFile, 'utf8'),
        payloadKey: PAYLOAD_KEY,
      });
    const found = await look();
    assert.equal(found.ok, true, JSON.stringify(found.findings));
    assert.deepEqual([found.payloads.erased, found.payloads.verified], [2, 1]);
    await sql(place, 'DELETE FROM payload');
    const gone = await look();
    assert.equal(gone.ok, false);
    assert.ok(gone.findings.some(({ kind, index }) => kind === 'payload_missing' && index === 2));
  });

  test('is not looked for where there is none', async () => {
    await assert.rejects(verify(fresh()), { name: 'NotARecord' });
  });

  test('holds no word of a payload or of a request for approval', async () => {
    const rows = await sql(template, "SELECT 1 FROM payload WHERE position('[email]'::bytea IN sealed) > 0");
    assert.deepEqual(rows, []);
    assert.equal((await sql(template, "SELECT 1 FROM data_key WHERE scope = 'ses_1'")).length, 1);
  });
});
