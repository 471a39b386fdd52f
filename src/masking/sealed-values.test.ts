import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { BackendResult } from '../model/result.ts';
import { maskJson, maskResult, maskText, type MaskHow } from './mask.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';
import { createSealedValues } from './sealed-values.ts';
import { tokenIn } from './strategies.ts';

const key = Buffer.alloc(32, 7);
const one = createSealedValues(key, 'ses_1');

function rulesOf(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

test('any value comes back as it was, and the same value is the same token', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('', '\u0080', 'a\u0000', 'x'.repeat(254)),
  );
  fc.assert(
    fc.property(text, (value) => {
      const sealed = one.seal('email', value);
      if (!value.isWellFormed() || Buffer.byteLength(value) > 254) return assert.equal(sealed, null);
      assert.ok(sealed !== null && tokenIn(`[email ~${sealed}]`)?.sealed === sealed);
      assert.equal(one.open('email', sealed), value);
      assert.equal(one.seal('email', value), sealed);
    }),
    { numRuns: 500 },
  );
});

test('a token opens for its own class, scope and key only, and as it was written only', () => {
  const sealed = one.seal('email', 'ann@example.com') ?? '';
  assert.equal(one.open('phone', sealed), null);
  assert.equal(createSealedValues(key, 'ses_2').open('email', sealed), null);
  assert.equal(createSealedValues(Buffer.alloc(32, 8), 'ses_1').open('email', sealed), null);
  for (let at = 0; at < sealed.length; at++) {
    const letter = sealed.charAt(at) === 'a' ? 'b' : 'a';
    assert.equal(one.open('email', sealed.slice(0, at) + letter + sealed.slice(at + 1)), null, `at ${at}`);
  }
  for (const other of [
    '',
    sealed.slice(1),
    `${sealed}a`,
    sealed.toUpperCase(),
    'a'.repeat(45),
    'é'.repeat(45),
  ])
    assert.equal(one.open('email', other), null);
});

test('a token tells no more of a value than its length in steps of sixteen bytes', () => {
  const lengths = new Set(['a', 'ann@example.com'].map((value) => one.seal('email', value)?.length));
  assert.equal(lengths.size, 1);
  assert.ok((one.seal('email', 'ann@example.com.')?.length ?? 0) > [...lengths][0]!);
});

const rules = rulesOf(
  'classes: { email: { strategy: tokenise_reversibly }, person_name: { columns: [who] } }',
);
const how: MaskHow = {
  columnClasses: {},
  resultColumns: null,
  unmasked: new Set(),
  fixedStatement: true,
  tool: 't',
  pseudonyms: createPseudonyms(key, 'ses_1'),
};
const table = (name: string, value: string): BackendResult => ({
  kind: 'table',
  columns: [{ name, type: 'text' }],
  rows: [[value]],
  truncated: null,
  rowsAffected: null,
});
const cell = (name: string, value: string, more: Partial<MaskHow> = {}): string =>
  JSON.stringify(maskResult(table(name, value), { ...how, ...more }, rules).value.rows[0]?.[0]);

test('the strategy leaves tokens in columns and texts of a fixed statement, and nowhere that an agent could ask', () => {
  const token = `[email ~${one.seal('email', 'ann@example.com')}]`;
  assert.equal(cell('email', 'ann@example.com'), JSON.stringify(token));
  assert.equal(cell('note', 'to ann@example.com!'), JSON.stringify(`to ${token}!`));
  assert.equal(cell('email', 'ann@example.com', { fixedStatement: false }), '"[redacted:email]"');
  assert.equal(cell('email', `${'x'.repeat(300)}@b.co`), '"[redacted:email]"');
  assert.equal(maskText('ann@example.com', rules).value, '[redacted:email]');
  assert.equal(maskText(`see ${token}`, rules).value, `see ${token}`, 'nothing is found in a token');
  assert.deepEqual(maskJson({ email: token }, rules).value, { email: '[redacted:email]' });
});

test('what a backend was given in place of a token does not come back, whatever it looks like and wherever it stands', () => {
  const revealed = [{ class: 'person_name', value: 'Wu' }];
  for (const text of ['Wu', 'dear WU,', '{"a":{"b":"x wu"}}', 'Ｗｕ'])
    assert.ok(!/w\s?u|ｗ/i.test(cell('c', text, { revealed }).replaceAll('redacted:person_name', '')), text);
  assert.match(maskText('no row for Wu', rules, revealed).value, /no row for \[redacted:person_name\]/);
  assert.equal(cell('c', 'Wu', { revealed, unmasked: new Set(['person_name']) }), '"Wu"');
  assert.equal(cell('c', 'Wu'), '"Wu"');
});
