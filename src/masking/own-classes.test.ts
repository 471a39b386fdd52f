import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../model/json.ts';
import { maskJson, maskResult, maskText, type MaskHow } from './mask.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const LOYALTY = `classes:
  loyalty_number:
    description: Number of a customer's loyalty card.
    columns: [bonus_card]
detectors:
  - name: loyalty
    class: loyalty_number
    pattern: 'LC-\\d{10}'
    score: 70
    match: ['LC-1234567890']
`;
const with_ = (strategy: string): string =>
  LOYALTY.replace('    columns', `    strategy: ${strategy}\n    columns`);

const how: MaskHow = {
  columnClasses: {},
  resultColumns: null,
  unmasked: new Set(),
  fixedStatement: true,
  tool: 't',
};

function cell(column: string, value: Json, by: MaskingRules, more: Partial<MaskHow> = {}): Json | undefined {
  const columns = [{ name: column, type: 'text' }];
  const result = { kind: 'table', columns, rows: [[value]], truncated: null, rowsAffected: null } as const;
  return maskResult(result, { ...how, ...more }, by).value.rows[0]?.[0];
}

test('a class of an operator is found by its name, its columns, its labels and its detectors', () => {
  const rules = rulesOf(LOYALTY);
  for (const column of ['loyalty_number', 'oldLoyaltyNumber', 'bonus_card'])
    assert.equal(cell(column, 'x', rules), '[redacted:loyalty_number]', column);
  assert.equal(cell('note', 'has LC-1234567890', rules), 'has [redacted:loyalty_number]');
  assert.equal(maskText('Bonus card: 77 1234', rules).value, 'Bonus card: [redacted:loyalty_number]');
  assert.deepEqual(maskJson({ a: [{ bonusCard: 5 }], b: '{"bonus_card":7}' }, rules).value, {
    a: [{ bonusCard: '[redacted:loyalty_number]' }],
    b: '{"bonus_card":"[redacted:loyalty_number]"}',
  });
  assert.deepEqual(rules.dataClasses.slice(-2), ['binary', 'loyalty_number']);
});

test('what it left is believed, and no name of a class that there is not', () => {
  const rules = rulesOf(LOYALTY);
  const twice = maskJson(maskJson({ email: 'LC-1234567890' }, rules).value, rules);
  assert.deepEqual(twice.value, { email: '[redacted:email]' });
  assert.equal(cell('email', '[redacted:loyalty_number]', rules), '[redacted:loyalty_number]');
  assert.equal(cell('email', '[redacted:ann_smith]', rules), '[redacted:email]');
  assert.equal(cell('email', '[redacted:loyalty_number]', rulesOf('')), '[redacted:email]');
});

test('it keeps four characters or gets a token where its detector says what the value is', () => {
  const keeps = rulesOf(with_('keep_last_four'));
  assert.equal(cell('bonus_card', 'LC-1234567890', keeps), '[loyalty_number *7890]');
  assert.equal(cell('bonus_card', 'who knows what this is', keeps), '[redacted:loyalty_number]');
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 7), 'ses_1');
  const token = cell('bonus_card', 'LC-1234567890', rulesOf(with_('tokenise')), { pseudonyms });
  assert.match(JSON.stringify(token), /^"\[loyalty_number #[0-9a-f]{12}\]"$/);
});

test('a class that blocks does so beside one that is built in and says less', () => {
  const rules = rulesOf(with_('block').replace('bonus_card', 'loyalty_email'));
  const columns = [{ name: 'loyalty_email', type: 'text' }];
  const result = { kind: 'table', columns, rows: [['x']], truncated: null, rowsAffected: null } as const;
  const { findings } = maskResult(result, how, rules).report;
  assert.deepEqual(
    findings.map(({ class: of, did }) => [of, did]),
    [['loyalty_number', 'block']],
  );
});

test('policy shows it like any other, and only it', () => {
  const unmasked = new Set(['loyalty_number']);
  const text = 'LC-1234567890, ann@example.com';
  assert.equal(cell('bonus_card', text, rulesOf(LOYALTY), { unmasked }), 'LC-1234567890, [redacted:email]');
});

test('only a description declares a class, so that no misspelt name does; and a name must be free', () => {
  const errorsOf = (text: string): readonly (readonly [number | undefined, string, string | undefined])[] => {
    const loaded = loadMaskingRules({ path: 'masking.yaml', text });
    assert.ok(!loaded.ok, 'it loaded');
    return loaded.errors.map(({ line, message, suggestion }) => [line, message, suggestion]);
  };
  const [[line, message, advice] = []] = errorsOf('classes:\n  loyalty_number: { columns: [x] }\n');
  assert.deepEqual([line, advice], [2, 'a class of your own is declared by its description']);
  assert.match(message ?? '', /"loyalty_number" is no data class; expected payment_card/);
  assert.equal(errorsOf('classes: { emial: { columns: [x] } }')[0]?.[2], 'did you mean "email"?');
  assert.match(errorsOf('classes: { email: { description: x } }')[0]?.[1] ?? '', /email is built in/);
  for (const name of ['unreadable', 'Loyalty', 'a-b', 'x'.repeat(41)])
    assert.match(errorsOf(`classes: { "${name}": { description: x } }`)[0]?.[1] ?? '', /no data class/, name);
  assert.match(
    errorsOf('classes: { loyalty: { description: x, strategy: keep_domain } }')[0]?.[1] ?? '',
    /keep_domain is not for loyalty; it is for email/,
  );
  assert.equal(
    errorsOf(`${LOYALTY}tools: { t: { columns: { memo: loyalty_numer } } }`)[0]?.[2],
    'did you mean "loyalty_number"?',
  );
  assert.notEqual(
    rulesOf('classes: { constructor: { description: x } }').digest,
    rulesOf('classes: { valueof: { description: x } }').digest,
  );
});
