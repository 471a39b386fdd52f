import { test } from 'node:test';
import assert from 'node:assert/strict';
import { loadMaskingRules, type MaskingRules } from '../masking/rules.ts';
import { lessMasked, seeAgain } from './see-again.ts';

function rules(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const outcome = {
  outcome: 'answered',
  masking: [
    { class: 'email', path: 'email', count: 2, did: 'redact' },
    { class: 'phone', path: 'phone', count: 1, did: 'shown' },
    { class: 'email', path: 'badge', count: 1, did: 'redact' },
  ],
};

test('a report tells what policy would show of an answer, and what it would not show any more', () => {
  const changes = (...shown: readonly string[]): readonly string[] =>
    seeAgain(outcome, new Set(shown)).map(({ class: of, path, change }) => `${of} ${path} ${change}`);
  assert.deepEqual(changes('phone'), []);
  assert.deepEqual(changes('phone', 'email'), ['email email shown', 'email badge shown']);
  assert.deepEqual(changes(), ['phone phone hidden']);
  const blocked = { outcome: 'refused', cause: 'data_blocked', classes: ['us_ssn', 'email'] };
  assert.deepEqual(seeAgain(blocked, new Set(['email'])), []);
  assert.equal(seeAgain(blocked, new Set(['email', 'us_ssn'])).length, 2);
});

test('a candidate that masks less is told by strategy, name of the column and threshold', () => {
  const now = rules('classes: { email: { columns: [badge] } }');
  const why = (candidate: string): readonly string[] =>
    lessMasked(outcome, 'look', now, rules(candidate)).map(({ path, why: said }) => `${path}: ${said}`);
  assert.deepEqual(why('classes: { email: { columns: [badge] } }'), []);
  assert.deepEqual(why('classes: { email: { strategy: keep_domain, columns: [badge] } }'), [
    'email: keep_domain in place of redact',
    'badge: keep_domain in place of redact',
  ]);
  assert.deepEqual(why('classes: { email: { threshold: 60 } }'), [
    'badge: the name of the column does not stand for the class any more',
  ]);
  const byShape = { masking: [{ class: 'email', path: 'note', count: 1, did: 'redact' }] };
  assert.match(
    lessMasked(byShape, 'look', now, rules('classes: { email: { threshold: 60, columns: [badge] } }'))[0]!
      .why,
    /score 60, not 50/,
  );
});
