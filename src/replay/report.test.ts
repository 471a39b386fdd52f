import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createReport } from './report.ts';
import type { Difference, Totals } from './replay.ts';

const totals: Totals = {
  decided: 3,
  same: 1,
  changed: 2,
  notDecidable: 0,
  sameRules: 0,
  sameRulesChanged: 0,
  answers: 0,
  seen: 0,
  elsewhere: {},
};

const refused = (call: string, tool: string, principal: string): Difference => ({
  kind: 'decision',
  record: 1,
  time: Date.UTC(2026, 10, 14),
  call,
  session: 'ses_1',
  tool,
  principal,
  before: { effect: 'allow', approved: false, because: null, policies: ['a'] },
  after: { effect: 'refuse', approved: false, because: 'forbidden', policies: ['b'] },
  newPolicies: ['b'],
  gonePolicies: ['a'],
  sameRules: false,
});

test('a name that was chosen to look like Markdown is text in a report', () => {
  const report = createReport((text) => text.replaceAll('\n', '\\n'));
  report.add(refused('call_1', 'look', 'a` | b\n## All is well'));
  const text = report.render(totals);
  assert.match(text, /\| `call_1` \| 2026-11-14 00:00:00 \| `a' \\\| b\\n## All is well` \|/);
  assert.equal(text.match(/^## /gm)?.length, 1);
});

test('calls of one kind are one section with the first ten of them, however many there are', () => {
  const report = createReport((text) => text);
  for (let at = 0; at < 5_000; at += 1) report.add(refused(`call_${at}`, 'look', 'alice'));
  const text = report.render(totals);
  assert.match(text, /### 5000 × `look`: allow → refuse \(forbidden\), now by `b`, no longer by `a`/);
  assert.equal(text.match(/\| `call_\d+`/g)?.length, 10);
  assert.match(text, /and 4990 more/);
});

test('kinds without end do not make a report without end', () => {
  const report = createReport((text) => text);
  for (let at = 0; at < 2_000; at += 1) report.add(refused('call_1', `look_${at}`, 'alice'));
  const text = report.render(totals);
  assert.equal(text.match(/^### /gm)?.length, 500);
  assert.match(text, /and 1500 differences of other kinds/);
});
