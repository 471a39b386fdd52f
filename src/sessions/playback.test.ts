import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { playback } from './playback.ts';
import type { TimelineCall, TimelineEntry } from './timeline.ts';

const opened = (time: number): TimelineEntry => ({ kind: 'opened', index: 0, time, event: {} });

function call(time: number, durationMs: number | null): TimelineCall {
  return {
    kind: 'call',
    index: 1,
    time,
    call: 'call_1',
    tool: 'look',
    connection: 'crm',
    policies: [],
    outcome: 'answered',
    outcomeIndex: 2,
    durationMs,
    rows: 1,
    rowsAffected: null,
    failure: null,
    intent: {},
    outcomeEvent: {},
    arguments: null,
    result: null,
    gone: [],
  };
}

const shape = (entries: readonly TimelineEntry[], times: number | null): readonly unknown[] =>
  playback(entries, times).map(({ waitMs, passedMs, shows }) => [shows.kind, waitMs, passedMs]);

test('a session is played at its own pace, or so many times as fast', () => {
  const entries = [opened(1000), call(1500, 40), call(2540, 10)];
  assert.deepEqual(shape(entries, 1), [
    ['entry', 0, null],
    ['entry', 540, null],
    ['entry', 1010, null],
  ]);
  assert.deepEqual(
    shape(entries, 10).map((beat) => (beat as unknown[])[1]),
    [0, 54, 101],
  );
  assert.deepEqual(
    shape(entries, null).map((beat) => (beat as unknown[])[1]),
    [0, 0, 0],
  );
});

test('a slow call is shown when it began and when it was answered, with what went on meanwhile in between', () => {
  assert.deepEqual(shape([call(1000, 900), opened(1400)], 1), [
    ['begun', 0, null],
    ['entry', 400, null],
    ['entry', 500, null],
  ]);
});

test('a long pause is cut, and told', () => {
  assert.deepEqual(shape([opened(0), opened(600_000)], 1), [
    ['entry', 0, null],
    ['entry', 3000, 600_000],
  ]);
  assert.deepEqual(shape([opened(0), opened(600_000)], 1000), [
    ['entry', 0, null],
    ['entry', 600, null],
  ]);
});

test('whatever times are on record, every entry is shown once and nothing waits longer than three seconds', () => {
  const time = fc.oneof(fc.nat(10_000_000), fc.constantFrom(-1, 0, 8.64e15, Number.MAX_SAFE_INTEGER));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(time, fc.option(fc.nat(10_000)))),
      fc.option(fc.constantFrom(0.001, 1, 1e6)),
      (calls, times) => {
        const entries = calls.map(([at, took]) => (took === null ? opened(at) : call(at, took)));
        const beats = playback(entries, times);
        assert.deepEqual(
          new Set(beats.flatMap(({ shows }) => (shows.kind === 'entry' ? [shows.entry] : []))),
          new Set(entries),
        );
        assert.ok(beats.every(({ waitMs }) => waitMs >= 0 && waitMs <= 3000));
      },
    ),
  );
});
