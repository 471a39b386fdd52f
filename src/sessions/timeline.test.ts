import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { RecordType, SessionSummary, StoredRecord } from '../model/record.ts';
import { renderEntry } from './render.ts';
import { timeline } from './timeline.ts';

const summary: SessionSummary = {
  id: 's',
  principal: 'alice',
  issuer: 'local',
  client: 'claude-code 2.1',
  transport: 'stdio',
  openedAt: 1,
  closedAt: null,
  lastAt: 9,
  calls: 2,
  refused: 1,
};

let index = 0;
function stored(type: RecordType, call: string | null, fields: Partial<StoredRecord> = {}): StoredRecord {
  index += 1;
  return { index, type, time: index * 10, session: 's', call, event: {}, payload: null, ...fields };
}

test('an intent and its outcome are one line, in the place of the intent', () => {
  const event = { tool: 'find', connection: 'crm', policies: ['support#1'] };
  const one = stored('call.intent', 'a', { event, payload: { email: '[email]' } });
  const two = stored('call.intent', 'b', { event: { tool: 'list' } });
  const outcome = { outcome: 'answered', durationMs: 12, rows: 3, rowsAffected: 1 };
  const answered = stored('call.outcome', 'a', { event: outcome, payload: { rows: [] } });
  const failed = stored('call.outcome', 'b', {
    event: { outcome: 'failed', failure: 'timeout', durationMs: 5 },
  });
  const entries = timeline(summary, [one, two, answered, failed]);
  assert.deepEqual(entries, [
    {
      kind: 'call',
      index: one.index,
      time: one.time,
      call: 'a',
      tool: 'find',
      connection: 'crm',
      policies: ['support#1'],
      outcome: 'answered',
      outcomeIndex: answered.index,
      durationMs: 12,
      rows: 3,
      rowsAffected: 1,
      failure: null,
      intent: event,
      outcomeEvent: outcome,
      arguments: { email: '[email]' },
      result: { rows: [] },
      gone: [],
    },
    {
      kind: 'call',
      index: two.index,
      time: two.time,
      call: 'b',
      tool: 'list',
      connection: '',
      policies: [],
      outcome: 'failed',
      outcomeIndex: failed.index,
      durationMs: 5,
      rows: null,
      rowsAffected: null,
      failure: 'timeout',
      intent: { tool: 'list' },
      outcomeEvent: { outcome: 'failed', failure: 'timeout', durationMs: 5 },
      arguments: null,
      result: null,
      gone: [],
    },
  ]);
});

test('an intent without an outcome is unknown', () => {
  const [entry] = timeline(summary, [stored('call.intent', 'a')]);
  assert.ok(entry?.kind === 'call');
  assert.deepEqual([entry.outcome, entry.outcomeIndex, entry.durationMs], ['unknown', null, null]);
});

test('an outcome without an intent before it is shown for what it is, and a second outcome too', () => {
  const stray = stored('call.outcome', 'a', { event: { outcome: 'answered' } });
  const intent = stored('call.intent', 'a');
  const first = stored('call.outcome', 'a', { event: { outcome: 'failed' } });
  const second = stored('call.outcome', 'a', { event: { outcome: 'answered' } });
  const entries = timeline(summary, [stray, intent, first, second]);
  assert.deepEqual(
    entries.map((entry) => [entry.kind, entry.index, entry.kind === 'call' ? entry.outcome : null]),
    [
      ['other', stray.index, null],
      ['call', intent.index, 'failed'],
      ['other', second.index, null],
    ],
  );
});

test('opening, refusals, closing and the rest keep the order of the log, without records of other sessions', () => {
  const opened = stored('session.opened', null, { event: { groups: [] } });
  const foreign = stored('call.intent', 'x', { session: 'other' });
  const refusal = { tool: 'drop', cause: 'forbidden', reason: 'No.', policies: ['p#1', 7] };
  const refused = stored('call.refused', 'c', { event: refusal, payload: { sql: 'DROP' } });
  const reload = stored('rules.loaded', null, { event: { digest: 'd' } });
  const closed = stored('session.closed', null, { event: { reason: 'idle' } });
  assert.deepEqual(timeline(summary, [closed, reload, refused, foreign, opened]), [
    { kind: 'opened', index: opened.index, time: opened.time, event: { groups: [] } },
    {
      kind: 'refused',
      index: refused.index,
      time: refused.time,
      call: 'c',
      tool: 'drop',
      cause: 'forbidden',
      reason: 'No.',
      policies: ['p#1'],
      event: refusal,
      arguments: { sql: 'DROP' },
      gone: [],
    },
    {
      kind: 'other',
      index: reload.index,
      time: reload.time,
      type: 'rules.loaded',
      call: null,
      event: { digest: 'd' },
      payload: null,
    },
    { kind: 'closed', index: closed.index, time: closed.time, event: { reason: 'idle' } },
  ]);
});

test('a held call and what became of its request are told one by one', () => {
  const event = { approval: 'apr_1', tool: 'run_sql', answer: 'awaiting_approval' };
  const requested = stored('approval.requested', 'a', {
    event: { approval: 'apr_1' },
    payload: { sql: 'x' },
  });
  const held = stored('call.held', 'a', { event });
  const moments = (['asked', 'justified', 'decided', 'expired', 'revoked', 'used'] as const).map((what) =>
    stored(`approval.${what}`, 'a', { event: { approval: 'apr_1', what } }),
  );
  const [first, second, ...rest] = timeline(summary, [requested, held, ...moments]);
  assert.deepEqual(first, {
    kind: 'approval',
    index: requested.index,
    time: requested.time,
    what: 'requested',
    approval: 'apr_1',
    call: 'a',
    event: { approval: 'apr_1' },
    arguments: { sql: 'x' },
    gone: [],
  });
  assert.deepEqual(second, {
    kind: 'held',
    index: held.index,
    time: held.time,
    call: 'a',
    tool: 'run_sql',
    approval: 'apr_1',
    answer: 'awaiting_approval',
    event,
  });
  assert.deepEqual(
    rest.map((entry) => (entry.kind === 'approval' ? entry.what : entry.kind)),
    ['asked', 'justified', 'decided', 'expired', 'revoked', 'used'],
  );
});

test('a payload that a record was written with and that is gone is told, and how the session reads', () => {
  const gone = { payloadGone: true } as const;
  const intent = stored('call.intent', 'gone', { event: { tool: 'find' }, ...gone });
  const answered = stored('call.outcome', 'gone', { event: { outcome: 'answered' }, ...gone });
  const [entry] = timeline(summary, [intent, answered]);
  assert.ok(entry?.kind === 'call');
  assert.deepEqual(entry.gone, ['arguments', 'result']);
  assert.match(renderEntry(entry), /\n {6}arguments gone: erased, expired or missing; .*\n {6}result gone: /);
});
