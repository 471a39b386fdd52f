import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadLog, type RecordRead } from './read-log.ts';
import type { JsonObject } from '../model/json.ts';

const MINUTE = 60_000;
const carol: RecordRead = { by: 'carol', issuer: 'https://idp.example.com', how: 'http', what: 'entries' };

function bench() {
  const events: JsonObject[] = [];
  const state = { time: 1_000 * MINUTE, broken: false };
  const log = createReadLog({
    now: () => state.time,
    append: async (records) => {
      if (state.broken) throw new Error('the disk is full');
      for (const { type, session, event } of records) {
        assert.deepEqual([type, session], ['record.read', null]);
        events.push(event);
      }
    },
  });
  return { events, state, log };
}

test('the first look is on record before it is granted, and a thousand more of the same minutes are one record', async () => {
  const { events, state, log } = bench();
  const began = state.time;
  for (let tile = 0; tile <= 1_000; tile += 1) {
    await log.read({ ...carol, range: { from: tile * 256, to: (tile + 1) * 256 } });
    assert.equal(events.length, 1);
    state.time += 10;
  }
  state.time += 10 * MINUTE;
  await log.sweep();
  const { by, issuer, how, what } = carol;
  assert.deepEqual(events, [
    { by, issuer, how, what, from: 0, to: 256 },
    { by, issuer, how, what, from: 256, to: 256_256, count: 1_000, first: began, last: began + 10_000 },
  ]);
  await log.sweep();
  assert.equal(events.length, 2);
});

test('other people, other things and other ways are told apart', async () => {
  const { events, log } = bench();
  await log.read(carol);
  await log.read({ ...carol, by: 'dave' });
  await log.read({ ...carol, what: 'tiles' });
  await log.read({ ...carol, how: 'console', what: 'approval', id: 'apr_1' });
  await log.read({ ...carol, how: 'console', what: 'approval', id: 'apr_2' });
  assert.equal(events.length, 5);
});

test('where it can not be put on record, nothing is granted, and the next look tries again', async () => {
  const { events, state, log } = bench();
  state.broken = true;
  await assert.rejects(log.read(carol));
  await assert.rejects(log.read(carol));
  state.broken = false;
  await log.read(carol);
  assert.equal(events.length, 1);
});

test('what was counted while the store was down is written later, at the latest at the end', async () => {
  const { events, state, log } = bench();
  await log.read(carol);
  await log.read(carol);
  state.time += 11 * MINUTE;
  state.broken = true;
  await assert.rejects(log.sweep());
  state.broken = false;
  await log.close();
  assert.deepEqual(
    events.map(({ count }) => count),
    [undefined, 1],
  );
});
