import { test } from 'node:test';
import assert from 'node:assert/strict';
import { renderTimeline } from './render.ts';
import { timeline } from './timeline.ts';
import type { JsonObject } from '../model/json.ts';
import type { RecordType, SessionSummary, StoredRecord } from '../model/record.ts';

const START = Date.UTC(2026, 10, 21, 4, 5, 6, 7);

const summary: SessionSummary = {
  id: 'ses_1',
  principal: 'alice',
  issuer: 'idp',
  client: 'claude-code 2.1',
  transport: 'http',
  openedAt: START,
  closedAt: null,
  lastAt: START,
  calls: 1,
  refused: 0,
};

function shown(
  ...records: readonly (readonly [RecordType, JsonObject, StoredRecord['payload']?])[]
): readonly string[] {
  const stored = records.map(([type, event, payload = null], index): StoredRecord => {
    return { index, type, time: START + index, session: 'ses_1', call: 'call_a', event, payload };
  });
  const lines = renderTimeline(summary, timeline(summary, stored)).split('\n');
  return lines.slice(lines.indexOf('') + 1).filter((line) => line !== '');
}

test('the story of a held call is told: asked for, held, asked, decided, used', () => {
  const demands = [{ policy: 'approvals.writes', from: 'dba', approvals: 2 }];
  const decided = {
    approval: 'apr_1',
    issuer: 'idp',
    channel: 'console',
    assurance: 'high',
    policies: ['approvals.writes'],
  };
  assert.deepEqual(
    shown(
      [
        'approval.requested',
        {
          approval: 'apr_1',
          requester: 'alice',
          issuer: 'idp',
          tool: 'run_sql',
          connection: 'crm',
          environment: 'production',
          demands,
          reason: 'Writes are approved.',
          expiresAt: START + 60_000,
        },
        { statement: 'UPDATE' },
      ],
      ['approval.asked', { approval: 'apr_1', channel: 'review_tool', whom: 'bob' }],
      ['call.held', { approval: 'apr_1', tool: 'run_sql', answer: 'awaiting_approval' }],
      [
        'approval.justified',
        { approval: 'apr_1', by: 'alice', issuer: 'idp', justification: 'A customer moved.' },
      ],
      [
        'approval.decided',
        { ...decided, by: 'bob', approve: true, comment: '', grantMs: 90_000, status: 'pending' },
      ],
      [
        'approval.decided',
        { ...decided, by: 'dora', approve: false, comment: 'Not now.', grantMs: null, status: 'declined' },
      ],
      ['approval.used', { approval: 'apr_1', uses: 1 }],
    ),
    [
      '#0  2026-11-21 04:05:06.007  apr_1 requested by alice (idp): run_sql on crm, production',
      '      asks 2 of dba for approvals.writes until 2026-11-21 04:06:06.007 UTC',
      '      Writes are approved.',
      '      arguments {"statement":"UPDATE"}',
      '#1  2026-11-21 04:05:06.008  apr_1 asked bob through review_tool',
      '#2  2026-11-21 04:05:06.009  run_sql held (awaiting_approval) for apr_1',
      '      call call_a',
      '#3  2026-11-21 04:05:06.010  apr_1 justified by alice (idp)',
      '      A customer moved.',
      '#4  2026-11-21 04:05:06.011  apr_1 approved by bob (idp) through console, assurance high, its shape for 90 s',
      '      counts for approvals.writes; now pending',
      '#5  2026-11-21 04:05:06.012  apr_1 declined by dora (idp) through console, assurance high',
      '      counts for approvals.writes; now declined',
      '      Not now.',
      '#6  2026-11-21 04:05:06.013  apr_1 used, 1 in all',
      '      call call_a',
    ],
  );
});

test('what ended without a decision says why', () => {
  assert.deepEqual(
    shown(
      ['approval.expired', { approval: 'apr_1', because: 'time', was: 'pending', expiresAt: START }],
      ['approval.expired', { approval: 'apr_2', because: 'superseded', was: 'approved', expiresAt: START }],
      ['approval.revoked', { approval: 'apr_3', by: 'bob', issuer: 'idp', comment: 'Enough.' }],
    ).map((line) => line.replace(/^#.*?  .*?  /, '')),
    [
      'apr_1 expired, pending, at 2026-11-21 04:05:06.007 UTC',
      'apr_2 ended, approved: policy asks for something else now',
      'apr_3 revoked by bob (idp)',
      '      Enough.',
    ],
  );
});

test("people's words move no cursor, and a record that lacks everything is still shown", () => {
  const bare: readonly RecordType[] = [
    'approval.requested',
    'approval.asked',
    'approval.justified',
    'approval.decided',
    'approval.expired',
    'approval.revoked',
    'approval.used',
    'call.held',
  ];
  assert.ok(shown(...bare.map((type) => [type, {}] as const)).length >= bare.length);
  const evil = { approval: 'apr_\u001b[2J', by: '\u202ebob', issuer: '\n', comment: '\u001b]0;x\u0007' };
  // oxlint-disable-next-line no-control-regex -- what must not be there
  assert.doesNotMatch(shown(['approval.revoked', evil]).join('|'), /[\u0000-\u001f\u202e]/);
});
