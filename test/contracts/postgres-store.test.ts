import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { connect, type PostgresPlace } from '../../src/sessions/postgres-store/connection.ts';
import { MIGRATIONS } from '../../src/sessions/postgres-store/migrations.ts';
import { migrate } from '../../src/sessions/postgres-store/database.ts';
import {
  openPostgresStore,
  type PostgresStoreEvent,
} from '../../src/sessions/postgres-store/open-postgres-store.ts';
import { StoreUnavailable, type Store } from '../../src/sessions/store.ts';
import { lossyProxy } from '../support/lossy-proxy.ts';
import { KEYS, postgresRecords } from '../support/postgres-records.ts';
import { readAll } from './read-all.ts';
import { creation, next, sampleApproval } from './sample-approval.ts';
import { intentOf, sampleRecord } from './sample-record.ts';

const records = await postgresRecords();
const skip = 'missing' in records ? records.missing : false;
const house = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'));
after(() => rmSync(house, { recursive: true }));
const child = new URL('./store-child.ts', import.meta.url).pathname;

function theirs(): Exclude<typeof records, { readonly missing: string }> {
  assert.ok(!('missing' in records));
  return records;
}

const open = (place: PostgresPlace, owner: PostgresPlace | null = place): Promise<Store> =>
  openPostgresStore({ place, owner, clock: Date.now, keys: KEYS });
const calls = async (store: Store) => (await readAll(store)).map(({ call }) => call);

describe('the record in PostgreSQL', { skip }, () => {
  test('eight processes that find no record at the same time make one, and append to it without a gap', async () => {
    const place = theirs().fresh();
    const codes = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const running = spawn(process.execPath, [child, JSON.stringify({ place }), `p${n}`, '4', '5'], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const [code] = (await once(running, 'close')) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(codes, [0, 0, 0, 0, 0, 0, 0, 0]);
    const store = await open(place, null);
    const all = await readAll(store);
    assert.deepEqual(
      all.map(({ index }) => index),
      Array.from({ length: 8 * 4 * 5 * 2 }, (_, n) => n),
    );
    await store.close();
  });

  test('a schema of somebody else is left as it was, and one of a newer version is not opened', async () => {
    const { fresh, sql } = theirs();
    const place = fresh();
    await assert.rejects(open(place, null), { name: 'NoRecord' });
    assert.deepEqual(await sql(place, `SELECT 1 FROM pg_namespace WHERE nspname = '${place.schema}'`), []);
    await sql(place, `CREATE SCHEMA ${place.schema}`, 'CREATE TABLE migration (version int)');
    await assert.rejects(open(place), { name: 'StoreRefused', reason: 'not_ours' });
    assert.equal((await sql(place, 'SELECT 1 FROM pg_tables WHERE schemaname = current_schema')).length, 1);

    const newer = fresh();
    await (await open(newer)).close();
    await sql(newer, `INSERT INTO migration VALUES (${MIGRATIONS.length + 1})`);
    for (const owner of [newer, null])
      await assert.rejects(open(newer, owner), { name: 'StoreRefused', reason: 'newer_schema' });
    await sql(newer, 'DELETE FROM migration WHERE version > 0', 'INSERT INTO migration VALUES (0)');
    await assert.rejects(open(newer, null), { name: 'NoRecord' });
  });

  test('the role of a gateway appends and reads, and can not update, delete or truncate the log', async () => {
    const { fresh, sql } = theirs();
    const owner = fresh();
    const role = `sallyport_app_${process.pid}`;
    await sql(owner, `CREATE ROLE ${role} LOGIN`);
    try {
      const place = { ...owner, user: role };
      await assert.rejects(open(place), { name: 'StoreUnavailable', message: /privilege.*42501/ });
      await migrate(owner, role);
      const log = { keyFile: join(house, 'role-key'), checkpointFile: join(house, 'role-cp'), origin: null };
      const store = await openPostgresStore({ place, owner: null, clock: Date.now, keys: KEYS, log });
      const approval = sampleApproval('a');
      await store.append(Array.from({ length: 300 }, (_, n) => intentOf(`c${n}`, 's')));
      assert.equal(await store.appendWith([intentOf('d', 's')], creation(approval)), true);
      assert.equal(
        await store.appendWith([intentOf('e', 's')], next(approval, { status: 'approved' })),
        true,
      );
      await store.secret('x');
      await store.forgetTasks(5);
      await store.health();
      assert.equal((await readAll(store)).length, 302);
      await store.close();

      const changes = [
        "UPDATE event SET entry = '{}'",
        'DELETE FROM event',
        'TRUNCATE event',
        "UPDATE payload SET sealed = ''",
        'TRUNCATE payload',
        "UPDATE log_checkpoint SET note = ''",
        'DELETE FROM log_checkpoint',
        'DELETE FROM log_tile',
        "UPDATE log_tile SET hashes = '\\x00'",
        "UPDATE log_key SET verifier_key = ''",
        'DROP TABLE event',
        'ALTER TABLE event DISABLE TRIGGER ALL',
        'DROP TRIGGER event_is_append_only ON event',
        "SET session_replication_role = 'replica'",
        'DELETE FROM migration',
        'DELETE FROM vault',
      ];
      const theirHand = await connect(place, 5_000);
      for (const change of changes)
        await assert.rejects(
          theirHand.run(change),
          { name: 'DatabaseProblem', code: /^(42501|23001)$/ },
          change,
        );
      await theirHand.destroy();
      // The owner has every privilege, and meets the triggers: against mistakes, not against intent.
      const owners = await connect(owner, 5_000);
      for (const change of changes.slice(0, 3).concat(changes.slice(5, 10)))
        await assert.rejects(owners.run(change), { code: '23001' }, change);
      await owners.run("SET session_replication_role = 'replica'");
      await assert.rejects(owners.run('DELETE FROM event'), { code: '23001' });
      await owners.destroy();
    } finally {
      await sql(owner, `DROP SCHEMA ${owner.schema} CASCADE`, `DROP ROLE ${role}`);
    }
  });

  test('a commit whose answer was lost is found out, and one that comes late is not made any more', async () => {
    const { fresh } = theirs();
    const place = fresh();
    const proxy = await lossyProxy(place.port);
    const events: string[] = [];
    const store = await openPostgresStore({
      place: { ...place, host: '127.0.0.1', port: proxy.port },
      owner: place,
      clock: Date.now,
      keys: KEYS,
      onEvent: ({ kind }: PostgresStoreEvent) => void events.push(kind),
    });
    try {
      proxy.loseAnswerTo('lost-answer');
      await store.append([intentOf('lost-answer', 's')]);
      const approval = sampleApproval('a');
      await store.appendWith([intentOf('asked', 's')], creation(approval));
      // Of several statements the last one is COMMIT: whoever lost an answer before has not sent it.
      proxy.loseAnswerTo('lost-guard');
      const approved = next(approval, { status: 'approved' });
      await assert.rejects(store.appendWith([intentOf('lost-guard', 's')], approved), { recorded: 'no' });
      proxy.loseAnswerTo('COMMIT');
      assert.equal(await store.appendWith([intentOf('lost-commit', 's')], approved), true);
      proxy.loseAnswerTo('COMMIT');
      assert.equal(await store.appendWith([intentOf('stale', 's')], approved), false);
      proxy.delay('comes-late');
      await assert.rejects(store.append([intentOf('comes-late', 's')]), { recorded: 'no' });
      await proxy.deliver();
      await store.append([intentOf('after', 's')]);
      assert.deepEqual(await calls(store), ['lost-answer', 'asked', 'lost-commit', 'after']);
      assert.ok(events.includes('append_failed') && events.includes('append_recovered'));
    } finally {
      await store.close();
      await proxy.close();
    }
  });

  test('a process that vanishes in the middle of an append holds the others up for seconds, and not for ever', async () => {
    const place = theirs().fresh();
    const store = await open(place);
    const vanished = await connect(place, 5_000);
    await vanished.run("BEGIN; SELECT 1 FROM log_lock WHERE name = 'append' FOR UPDATE");
    const from = performance.now();
    // The first may have waited for as long as is waited for; the next finds the lock free.
    await store.append([intentOf('a', 's')]).catch((error: unknown) => {
      assert.ok(error instanceof StoreUnavailable && error.recorded === 'no');
    });
    await store.append([intentOf('b', 's')]);
    console.log(`# held up for ${Math.round(performance.now() - from)} ms`);
    assert.equal((await calls(store)).at(-1), 'b');
    await vanished.destroy();
    await store.close();
  });

  test('what a gateway left unsigned when it died is signed by another one, which appends nothing itself', async () => {
    const { fresh, sql } = theirs();
    const place = fresh();
    const log = (name: string) => ({
      keyFile: join(house, 'shared-key'),
      checkpointFile: join(house, `${name}.checkpoint`),
      origin: null,
    });
    const idle = await openPostgresStore({
      place,
      owner: place,
      clock: Date.now,
      keys: KEYS,
      log: log('idle'),
    });
    // As of one that died: it never signs.
    const dead = await open(place, null);
    await dead.append(Array.from({ length: 1_200 }, (_, n) => intentOf(`c${n}`, 's')));
    await dead.close();
    const from = performance.now();
    while ((await sql(place, 'SELECT 1 FROM log_checkpoint WHERE size = 1200')).length === 0) {
      assert.ok(performance.now() - from < 30_000, 'nobody signs');
      await sleep(50);
    }
    console.log(`# signed by another after ${Math.round(performance.now() - from)} ms`);
    const second = await openPostgresStore({
      place,
      owner: null,
      clock: Date.now,
      keys: KEYS,
      log: log('second'),
    });
    await second.append([sampleRecord('server.started')]);
    await Promise.all([idle.close(), second.close()]);
    const note = (name: string) => readFileSync(join(house, `${name}.checkpoint`), 'utf8');
    assert.equal(note('second').split('\n')[1], '1201');
    const again = await openPostgresStore({
      place,
      owner: null,
      clock: Date.now,
      keys: KEYS,
      log: log('idle'),
    });
    assert.equal(await again.published?.checkpoint(), note('second'));
    await again.close();
    assert.equal(note('idle'), note('second'), 'each keeps the newest one outside');
  });

  test('a gateway with another key is refused, also where nothing is signed yet', async () => {
    const place = theirs().fresh();
    const log = (name: string) => ({
      keyFile: join(house, `${name}.key`),
      checkpointFile: join(house, `${name}.kept`),
      origin: null,
    });
    const one = await openPostgresStore({
      place,
      owner: place,
      clock: Date.now,
      keys: KEYS,
      log: log('one'),
    });
    await assert.rejects(
      openPostgresStore({ place, owner: null, clock: Date.now, keys: KEYS, log: log('two') }),
      {
        name: 'StoreRefused',
        reason: 'log_damaged',
        message: /another key/,
      },
    );
    await one.close();
  });

  test('a log that was cut or put back under its gateways is signed no more, and not opened again', async () => {
    const { fresh, sql } = theirs();
    const place = fresh();
    const log = {
      keyFile: join(house, 'cut.key'),
      checkpointFile: join(house, 'cut.kept'),
      origin: null,
    };
    const store = await openPostgresStore({ place, owner: place, clock: Date.now, keys: KEYS, log });
    await store.append(Array.from({ length: 10 }, (_, n) => intentOf(`c${n}`, 's')));
    await store.close();
    await sql(
      place,
      'ALTER TABLE event DISABLE TRIGGER ALL',
      "UPDATE event SET entry = replace(entry, 'alice', 'mallory') WHERE idx = 9",
    );
    await assert.rejects(openPostgresStore({ place, owner: null, clock: Date.now, keys: KEYS, log }), {
      reason: 'log_damaged',
      message: /a record from 0 to 9 was changed/,
    });
    await sql(place, 'DELETE FROM event WHERE idx > 4');
    await assert.rejects(openPostgresStore({ place, owner: null, clock: Date.now, keys: KEYS, log }), {
      reason: 'log_damaged',
      message: /it has 5 records, and its tree has 10/,
    });
  });

  test('another payload key opens what the old one did, and who holds the old one writes no more', async () => {
    const place = theirs().fresh();
    const store = await open(place);
    await store.append([intentOf('a', 's')]);
    const bystander = await open(place, null);
    await bystander.append([intentOf('b', 's')]);
    const other = { kind: 'text', text: Buffer.alloc(32, 9).toString('base64'), from: 'the test' } as const;
    assert.equal((await store.disposal?.rekey(other, { by: 'carol', at: 5 }))?.keys, 1);
    await assert.rejects(bystander.append([intentOf('c', 's')]), { reason: 'key_wrong' });
    await Promise.all([store.close(), bystander.close()]);
    await assert.rejects(open(place, null), { reason: 'key_wrong' });
    const again = await openPostgresStore({ place, owner: null, clock: Date.now, keys: other });
    await again.append([intentOf('d', 's')]);
    const read = (await readAll(again)).map(({ call, payload }) => [call, payload !== null]);
    assert.deepEqual(read, [
      ['a', true],
      ['b', true],
      [null, false],
      ['d', true],
    ]);
    await again.close();
  });

  test('no error names the password, the user or the address', async () => {
    const place = theirs().fresh();
    for (const wrong of [
      { ...place, port: 1, password: 'hunter2' },
      { ...place, database: 'no_such_hunter2', password: 'hunter2' },
      { ...place, user: 'hunter2', password: 'hunter2' },
      { ...place, host: 'hunter2.invalid', password: 'hunter2' },
      { ...place, ssl: { rejectUnauthorized: true }, password: 'hunter2' },
    ]) {
      const error: unknown = await open(wrong).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof StoreUnavailable, String(error));
      assert.doesNotMatch(error.message, /hunter2|127\.0\.0\.1/);
    }
  });
});
