import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskLabel } from './column-labels.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';
import type { Span } from './settle.ts';
import { viewOf } from './view.ts';
import type { Walk } from './walk.ts';

function rulesOf(text: string | null): MaskingRules {
  const loaded = loadMaskingRules(text === null ? null : { path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const rules = rulesOf(null);

function walkOf(by: MaskingRules, noted: Span[] = [], unmasked: readonly string[] = []): Walk {
  return {
    view: viewOf(by, undefined, new Set(unmasked), null),
    path: [],
    note: (span) => noted.push(span),
  };
}

test('an ordinary name stays, at the first time and at the next', () => {
  for (let call = 0; call < 3; call++) {
    const noted: Span[] = [];
    for (const name of ['id', 'email', 'card_number', 'count(*)', 'naïve', ''])
      assert.equal(maskLabel(name, walkOf(rules, noted)), name);
    assert.deepEqual(noted, []);
  }
});

test('a value that a statement made a name of is masked and on the report, each time it comes', () => {
  for (let call = 0; call < 3; call++) {
    const noted: Span[] = [];
    assert.equal(maskLabel('ann@example.com', walkOf(rules, noted)), '[redacted:email]');
    assert.deepEqual(
      noted.map(({ class: of }) => of),
      ['email'],
    );
  }
});

test('what is remembered of one set of rules is not believed of another', () => {
  const name = 'part P-123456';
  const more = rulesOf(
    "detectors: [{ name: staff, class: national_id, pattern: 'P-\\d{6}', score: 60, match: ['P-123456'] }]",
  );
  assert.equal(maskLabel(name, walkOf(rules)), name);
  assert.equal(maskLabel(name, walkOf(more)), 'part [redacted:national_id]');
  assert.equal(maskLabel(name, walkOf(rules)), name);
});

test('a value that one caller may see in a name is still masked for the next', () => {
  const noted: Span[] = [];
  assert.equal(maskLabel('ann@example.com', walkOf(rules, noted, ['email'])), 'ann@example.com');
  assert.equal(noted[0]?.did, 'shown');
  assert.equal(maskLabel('ann@example.com', walkOf(rules)), '[redacted:email]');
});

test('a long name is searched to its end, and so is the name after thousands of others', () => {
  const long = `${'x'.repeat(300)} ann@example.com`;
  assert.equal(maskLabel(long, walkOf(rules)), `${'x'.repeat(300)} [redacted:email]`);
  const state = walkOf(rules);
  for (let index = 0; index < 5_000; index++)
    assert.equal(maskLabel(`column ${index}`, state), `column ${index}`);
  assert.equal(maskLabel('4111111111111111', state), '[redacted:payment_card]');
});
