import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { createDoorLog, type DoorLogOptions } from './door-log.ts';
import { openSqliteStore } from '../sessions/sqlite-store/open-sqlite-store.ts';
import type { DoorRefusal } from './gateway.ts';
import type { JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';

/** The first second of a minute: windows are minutes of the clock. */
const START = 1_795_237_080_000;
const MINUTE = 60_000;

function fixture(limits: DoorLogOptions['limits'] = {}) {
  const records: NewRecord[] = [];
  const lines: { readonly level: string; readonly fields: JsonObject; readonly message: string }[] = [];
  const at = { now: START };
  const store = { dead: false };
  const door = createDoorLog({
    append: (batch) => {
      if (store.dead) return Promise.reject(new Error('disk full'));
      records.push(...batch);
      return Promise.resolve();
    },
    now: () => at.now,
    maskText: (text) => text.replaceAll('secret', '[redacted]'),
    log: (level, fields, message) => void lines.push({ level, fields, message }),
    limits,
  });
  return { door, records, lines, at, store };
}

function refusal(over: Partial<DoorRefusal> = {}): DoorRefusal {
  return {
    failure: 'no_credential',
    detail: 'no credential',
    transport: 'http',
    remote: '10.0.0.1',
    ...over,
  };
}

/** How many refusals the records stand for. */
function total(records: readonly NewRecord[]): number {
  return records.reduce((sum, { event }) => sum + Number(event['count'] ?? 1), 0);
}

test('a refusal is on record as it came, masked and cut', async () => {
  const { door, records, lines } = fixture();
  await door.refused(refusal({ failure: 'expired', detail: `secret ${'x'.repeat(600)}` }));
  const [record] = records;
  assert.deepEqual(record, {
    type: 'door.refused',
    time: START,
    session: null,
    call: null,
    event: {
      failure: 'expired',
      detail: `[redacted] ${'x'.repeat(505)}`,
      transport: 'http',
      remote: '10.0.0.1',
    },
    payload: null,
  });
  assert.deepEqual(lines, [{ level: 'warn', fields: record.event, message: 'refused at the door' }]);
});

test('a refusal without an address has none on record', async () => {
  const { door, records } = fixture();
  await door.refused({ failure: 'local_user_off', detail: 'off', transport: 'stdio' });
  assert.deepEqual(records[0]?.event, { failure: 'local_user_off', detail: 'off', transport: 'stdio' });
});

test('of a flood, the first 20 of a minute are recorded one by one and the rest as one, with count, first and last', async () => {
  const { door, records, lines, at } = fixture();
  for (let n = 0; n < 1000; n += 1) {
    at.now = START + n * 10;
    await door.refused(refusal({ detail: `number ${n}` }));
  }
  assert.equal(records.length, 20);
  assert.equal(lines.length, 20);
  await door.sweep();
  assert.equal(records.length, 20, 'the minute is not over');
  at.now = START + MINUTE;
  await door.sweep();
  assert.equal(records.length, 21);
  assert.equal(lines.length, 21);
  assert.deepEqual(records[20]?.event, {
    failure: 'no_credential',
    detail: 'number 999',
    transport: 'http',
    remote: '10.0.0.1',
    count: 980,
    first: START + 200,
    last: START + 9_990,
  });
  assert.equal(records[20]?.time, START + MINUTE);
});

test('a flood that goes on needs nobody to sweep', async () => {
  const { door, records, at } = fixture();
  for (let n = 0; n < 30; n += 1) await door.refused(refusal());
  at.now = START + MINUTE;
  await door.refused(refusal());
  await door.close();
  assert.equal(records.length, 22);
  assert.equal(records.filter(({ event }) => event['count'] === 10).length, 1);
});

test('one source and one failure do not use up what another has', async () => {
  const { door, records } = fixture();
  for (let n = 0; n < 50; n += 1) await door.refused(refusal());
  await door.refused(refusal({ remote: '10.0.0.2' }));
  await door.refused(refusal({ failure: 'bad_signature' }));
  assert.deepEqual(
    records.slice(20).map(({ event }) => [event['failure'], event['remote']]),
    [
      ['no_credential', '10.0.0.2'],
      ['bad_signature', '10.0.0.1'],
    ],
  );
});

test('a flood from ever new addresses is counted under "other", and costs a bounded number of records', async () => {
  const { door, records } = fixture({ sources: 10, oneByOneOverall: 15 });
  for (let n = 0; n < 5_000; n += 1) await door.refused(refusal({ remote: `2001:db8::${n.toString(16)}` }));
  assert.equal(records.length, 15);
  assert.equal(records[14]?.event['remote'], '2001:db8::e', 'one by one, an address is kept');
  await door.close();
  assert.equal(records.length, 16);
  assert.equal(records[15]?.event['remote'], 'other');
  assert.equal(total(records), 5_000);
});

test('what a dead store could not take is counted, and on record when it lives again', async () => {
  const { door, records, lines, at, store } = fixture();
  store.dead = true;
  for (let n = 0; n < 25; n += 1) await door.refused(refusal());
  at.now = START + MINUTE;
  await door.sweep();
  assert.equal(records.length, 0);
  assert.ok(lines.some(({ level, message }) => level === 'error' && message.includes('could not')));
  store.dead = false;
  at.now = START + 2 * MINUTE;
  await door.sweep();
  assert.deepEqual(
    records.map(({ event }) => [event['count'], event['first'], event['last']]),
    [[25, START, START]],
  );
});

test('what stays unrecorded at the end is told to the operator, with its number', async () => {
  const { door, lines, store } = fixture();
  store.dead = true;
  for (let n = 0; n < 25; n += 1) await door.refused(refusal());
  await door.close();
  assert.deepEqual(lines.at(-1), {
    level: 'error',
    fields: { count: 25 },
    message: 'refusals at the door are not on record',
  });
});

test('a detail that cannot be masked is withheld, and the refusal is on record', async () => {
  const records: NewRecord[] = [];
  const door = createDoorLog({
    append: (batch) => Promise.resolve(void records.push(...batch)),
    now: () => START,
    maskText: () => {
      throw new Error('no rules');
    },
    log: () => undefined,
  });
  await door.refused(refusal({ detail: 'secret' }));
  assert.equal(records[0]?.event['detail'], 'withheld: it could not be masked');
});

test('whatever comes in whatever order, every refusal is on record exactly once', async () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ remote: fc.integer({ min: 0, max: 8 }), failed: fc.boolean() }) },
    { weight: 2, arbitrary: fc.constantFrom('sweep', 'later', 'earlier', 'store dies', 'store lives') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const { door, records, at, store } = fixture({ oneByOne: 3, oneByOneOverall: 9, sources: 4 });
      let refused = 0;
      for (const one of steps) {
        if (one === 'sweep') await door.sweep();
        else if (one === 'later') at.now += 31_000;
        else if (one === 'earlier') at.now -= 31_000;
        else if (one === 'store dies') store.dead = true;
        else if (one === 'store lives') store.dead = false;
        else {
          refused += 1;
          const failure = one.failed ? 'expired' : 'no_credential';
          await door.refused(refusal({ failure, remote: `10.0.0.${one.remote}` }));
        }
      }
      store.dead = false;
      await door.close();
      assert.equal(total(records), refused);
    }),
  );
});

test('in the real store, a flood of a thousand takes 21 records and none of it is lost', async (t) => {
  const path = join(temporaryFolder(t), 'record.db');
  const store = await openSqliteStore({ path, clock: Date.now });
  t.after(() => store.close());
  const door = createDoorLog({
    append: (records) => store.append(records),
    now: () => START,
    maskText: (text) => text,
    log: () => undefined,
  });
  await Promise.all(Array.from({ length: 1000 }, () => door.refused(refusal())));
  await door.close();
  const stored = await store.records({ types: ['door.refused'], limit: 100 });
  assert.equal(stored.length, 21);
  assert.deepEqual(stored[20]?.event, { ...stored[0]?.event, count: 980, first: START, last: START });
});

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-door-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
