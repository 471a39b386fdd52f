import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Json } from '../model/json.ts';
import type { SessionSummary, StoredRecord } from '../model/record.ts';
import { printable, printableJson, shortened } from './printable.ts';
import { renderSessions, renderTimeline } from './render.ts';
import { timeline } from './timeline.ts';

const summary: SessionSummary = {
  id: 'ses_1',
  principal: 'alice',
  issuer: 'https://idp.example.com',
  client: 'claude-code 2.1',
  transport: 'http',
  openedAt: Date.UTC(2026, 10, 21, 4, 5, 6, 7),
  closedAt: null,
  lastAt: Date.UTC(2026, 10, 21, 4, 6, 0, 0),
  calls: 12,
  refused: 1,
};

function record(index: number, fields: Partial<StoredRecord>): StoredRecord {
  const time = summary.openedAt + index;
  return {
    index,
    type: 'call.intent',
    time,
    session: 'ses_1',
    call: `call_${index}`,
    event: {},
    payload: null,
    ...fields,
  };
}

const story: readonly StoredRecord[] = [
  record(0, { type: 'session.opened', call: null, event: { groups: ['support'] } }),
  record(1, {
    call: 'call_a',
    event: { tool: 'find_customer', policies: ['support#1'] },
    payload: { email: '[email]' },
  }),
  record(2, {
    type: 'call.outcome',
    call: 'call_a',
    event: { outcome: 'answered', durationMs: 12, rows: 1, truncated: 'rows' },
    payload: { rows: [['x'.repeat(300)]] },
  }),
  record(3, { call: 'call_b', event: { tool: 'set_note', policies: [] } }),
  record(4, {
    type: 'call.refused',
    call: 'call_c',
    event: {
      tool: 'run_sql',
      cause: 'forbidden',
      reason: 'Schema changes go through migrations.',
      policies: ['sql#2'],
    },
    payload: { statement: 'DROP TABLE x' },
  }),
  record(5, { type: 'call.outcome', call: 'call_d', event: { outcome: 'answered' } }),
  record(6, { type: 'session.closed', call: null, event: { reason: 'idle', calls: 2, refused: 1 } }),
];

test('sessions are a table, a line each, in UTC', () => {
  const closed = { ...summary, id: 'ses_22', principal: 'bo', closedAt: 1, calls: 3, refused: 0 };
  assert.equal(
    renderSessions([summary, closed]),
    [
      'SESSION  OPENED (UTC)             LAST (UTC)               STATE   PRINCIPAL  CLIENT           VIA   CALLS  REFUSED',
      'ses_1    2026-11-21 04:05:06.007  2026-11-21 04:06:00.000  open    alice      claude-code 2.1  http  12     1',
      'ses_22   2026-11-21 04:05:06.007  2026-11-21 04:06:00.000  closed  bo         claude-code 2.1  http  3      0',
      '',
    ].join('\n'),
  );
  assert.equal(renderSessions([]), 'No sessions.\n');
});

test('a session reads as a story', () => {
  const text = renderTimeline(summary, timeline(summary, story));
  assert.equal(
    text,
    [
      'session    ses_1',
      'principal  alice (https://idp.example.com)',
      'client     claude-code 2.1 over http',
      'opened     2026-11-21 04:05:06.007 UTC',
      'closed     no',
      'calls      12 permitted, 1 refused',
      '',
      '#0  2026-11-21 04:05:06.007  session opened, groups ["support"]',
      '#1  2026-11-21 04:05:06.008  find_customer answered, 1 rows, truncated, 12 ms',
      '      call call_a by support#1',
      '      arguments {"email":"[email]"}',
      `      result {"rows":[["${'x'.repeat(148)}…`,
      '#3  2026-11-21 04:05:06.010  set_note unknown (no outcome on record)',
      '      call call_b',
      '#4  2026-11-21 04:05:06.011  run_sql refused (forbidden) by sql#2',
      '      call call_c',
      '      Schema changes go through migrations.',
      '      arguments {"statement":"DROP TABLE x"}',
      '#5  2026-11-21 04:05:06.012  call.outcome without an intent',
      '      event {"outcome":"answered"}',
      '#6  2026-11-21 04:05:06.013  session closed: reason idle, calls 2, refused 1',
      '',
    ].join('\n'),
  );
});

test('payloads are shown whole when asked for, and colours only when asked for', () => {
  const entries = timeline(summary, story);
  assert.match(renderTimeline(summary, entries, { full: true }), /x{300}/);
  assert.ok(!renderTimeline(summary, entries).includes('\u001b'));
  assert.ok(renderTimeline(summary, entries, { color: true }).includes('\u001b[32manswered\u001b[0m'));
});

/** Text that drives a terminal, hides, or reorders. */
const hostile = fc.string({
  unit: fc.constantFrom(
    '\u001b',
    '[2J',
    '\u009b',
    '\n',
    '\r',
    '\u0007',
    '\u202e',
    '\u2028',
    '\u{e0041}',
    '\ud800',
    'a',
    '\\',
    '"',
  ),
});
const OBEYED = /[\p{C}\p{Zl}\p{Zp}]/u;

test('nothing that was recorded can drive the terminal it is read on, wherever it stands', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, full) => {
      const event: Record<string, Json> = {};
      for (const key of ['tool', 'cause', 'reason', 'outcome', 'failure', 'connection']) event[key] = text;
      for (const key of ['policies', 'groups']) event[key] = [text];
      const payload = { [text]: [text] };
      const own = { session: text, call: text, event, payload };
      const types = [
        'session.opened',
        'call.intent',
        'call.outcome',
        'call.refused',
        'door.refused',
      ] as const;
      const records = [
        ...types.map((type, at) => record(at, { ...own, type })),
        record(8, { ...own, type: 'call.outcome', call: `${text}!` }),
        record(9, { ...own, type: 'session.closed', event: { ...event, reason: text, calls: text } }),
      ];
      const said: SessionSummary = {
        ...summary,
        id: text,
        principal: text,
        issuer: text,
        client: text,
        transport: text,
      };
      const output = renderTimeline(said, timeline(said, records), { full }) + renderSessions([said]);
      assert.doesNotMatch(output.replaceAll('\n', ''), OBEYED);
      // And no line break of its own: as many lines as with harmless words.
      const plain = { ...said, id: 's', principal: 's', issuer: 's', client: 's', transport: 's' };
      const calm = timeline(
        plain,
        records.map((r) => ({ ...r, session: 's', event: {} })),
      );
      assert.equal(
        renderTimeline(said, timeline(said, records)).split('\n').length,
        renderTimeline(plain, calm).split('\n').length,
      );
    }),
  );
});

test('what is taken out of a name can not be confused with what was written there', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, two) => {
      assert.equal(printable(one) === printable(two), one === two);
    }),
  );
});

test('a payload stays JSON that says the same', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const json = printableJson({ text });
      assert.doesNotMatch(json, OBEYED);
      assert.deepEqual(JSON.parse(json), { text });
    }),
  );
});

test('a text is cut between characters', () => {
  assert.equal(shortened('😀😀😀', 3), '😀😀😀');
  assert.equal(shortened('😀😀😀😀', 3), '😀😀…');
});

test('a time that is out of range does not stop the reading', () => {
  assert.match(renderSessions([{ ...summary, openedAt: Number.MAX_SAFE_INTEGER }]), /invalid time/);
});
