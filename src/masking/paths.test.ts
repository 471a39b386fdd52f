import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as holds, constantFrom, dictionary, letrec, oneof, property } from 'fast-check';
import type { Json } from '../model/json.ts';
import type { MaskedResult } from '../model/result.ts';
import { maskJson, maskResult, maskText, type MaskHow } from './mask.ts';
import { parsePath } from './paths.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const how: MaskHow = {
  columnClasses: {},
  resultColumns: null,
  unmasked: new Set(),
  fixedStatement: true,
  tool: 't',
};

function resultOf(column: string, value: Json, by: MaskingRules, more: Partial<MaskHow> = {}): MaskedResult {
  const columns = [{ name: column, type: 'json' }];
  const result = { kind: 'table', columns, rows: [[value]], truncated: null, rowsAffected: null } as const;
  return maskResult(result, { ...how, ...more }, by);
}

function cell(column: string, value: Json, by: MaskingRules, more: Partial<MaskHow> = {}): Json | undefined {
  return resultOf(column, value, by, more).value.rows[0]?.[0];
}

const EMAIL = '[redacted:email]';
const contact = rulesOf('paths: { "$.profile.contact.*": email }');
const PROFILE = { plan: 'gold', contact: { one: 'x', two: ['y', 5], none: null } };
const MASKED = { plan: 'gold', contact: { one: EMAIL, two: [EMAIL, EMAIL], none: null } };

test('what stands at a path is of its class whatever it looks like, as JSON and as text that is JSON', () => {
  assert.deepEqual(cell('profile', PROFILE, contact), MASKED);
  assert.deepEqual(cell('Profile', [PROFILE, PROFILE], contact), [MASKED, MASKED]);
  assert.equal(cell('profile', JSON.stringify(PROFILE), contact), JSON.stringify(MASKED));
  assert.deepEqual(cell('other', PROFILE, contact), PROFILE);
  const inText = { contact: JSON.stringify({ one: 'x' }) };
  assert.deepEqual(cell('profile', inText, contact), { contact: JSON.stringify({ one: EMAIL }) });
  const twice = JSON.stringify(inText);
  assert.ok(!JSON.stringify(cell('profile', twice, contact)).includes('"x'), 'JSON in JSON in a text');
});

test('arguments, messages and rows that are one JSON value begin at their root', () => {
  const row = { id: 1, profile: PROFILE };
  assert.deepEqual(maskJson(row, contact).value, { id: 1, profile: MASKED });
  assert.equal(
    maskText(`failed for ${JSON.stringify(row)}`, contact).value,
    `failed for ${JSON.stringify({ id: 1, profile: MASKED })}`,
  );
  assert.deepEqual(cell('c', row, contact, { resultColumns: [['*']] }), { id: 1, profile: MASKED });
});

test('.. is any depth, * any name, a quoted name any letters, a list no step; letters match in either case', () => {
  const deep = rulesOf('paths: { "$..nick": person_name, "$.*[\'the cat\']": person_name }');
  assert.deepEqual(
    maskJson({ a: [{ b: { NICK: 'x', c: [{ nick: 1 }] } }], b: { 'the cat': 2 } }, deep).value,
    {
      a: [{ b: { NICK: '[redacted:person_name]', c: [{ nick: '[redacted:person_name]' }] } }],
      b: { 'the cat': '[redacted:person_name]' },
    },
  );
});

test('a path of one tool has a strategy of its own, and one that blocks does so in a text, too', () => {
  const rules = rulesOf(
    'tools: { t: { paths: { profile.box: { class: email, strategy: keep_domain }, profile.code: { class: national_id, strategy: block } } } }',
  );
  const value = { box: 'ann@example.com', code: 'x' };
  assert.deepEqual(cell('profile', value, rules), {
    box: '[email @example.com]',
    code: '[redacted:national_id]',
  });
  for (const each of [value, JSON.stringify(value)])
    assert.ok(resultOf('profile', each, rules).report.findings.some(({ did }) => did === 'block'));
  assert.deepEqual(cell('profile', { box: 'ann', code: 'x' }, rules, { tool: 'other' }), {
    box: 'ann',
    code: 'x',
  });
});

test('policy that shows the class shows what stands at its paths', () => {
  const unmasked = new Set(['email']);
  assert.deepEqual(cell('profile', PROFILE, contact, { unmasked }), PROFILE);
});

describe('a document that a statement takes apart', () => {
  const byAgent = { fixedStatement: false, resultColumns: [['profile']] };
  const bySkill = { fixedStatement: true, resultColumns: [['profile']] };
  const PART = PROFILE.contact;

  test('is masked in its parts, which may stand under any name', () => {
    for (const more of [byAgent, bySkill]) {
      assert.deepEqual(cell('c', PART, contact, more), MASKED.contact);
      assert.equal(cell('c', JSON.stringify(PART), contact, more), JSON.stringify(MASKED.contact));
      for (const value of ['gold', 'x', 5, ['x'], '["x"]', '{"contact"']) {
        const told = JSON.stringify(cell('c', value, contact, more));
        assert.ok(told.includes('redacted:email') && !told.includes('x'), JSON.stringify(value));
      }
    }
  });

  test('is left whole where a skill takes it whole, and where an agent adds what a whole one has', () => {
    assert.deepEqual(cell('c', PROFILE, contact, bySkill), MASKED);
    assert.equal(cell('c', JSON.stringify(PROFILE), contact, bySkill), JSON.stringify(MASKED));
    const disguised = { contact: {}, one: 'x' };
    assert.deepEqual(cell('c', disguised, contact, byAgent), { contact: EMAIL, one: EMAIL });
  });

  test('of a path that begins anywhere, values alone stay: they might be meant everywhere', () => {
    const deep = rulesOf('paths: { "$..nick": person_name }');
    assert.equal(cell('c', 'gold', deep, bySkill), 'gold');
  });
});

test('in a document and in its text the same values are masked', () => {
  const rules = rulesOf('paths: { "$.a.b": email, "$.a.*.c": phone, "$..d": iban, "$.e[*].a": us_ssn }');
  const key = constantFrom('a', 'b', 'c', 'd', 'e');
  const { tree } = letrec((tie) => ({
    tree: oneof(
      { maxDepth: 5 },
      constantFrom('x', 'word', 7),
      array(tie('tree'), { maxLength: 3 }),
      dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  holds(
    property(tree, (value) => {
      const document = { r: value as Json };
      const masked = maskJson(document, rules).value;
      assert.deepEqual(JSON.parse(maskText(JSON.stringify(document), rules).value), masked);
    }),
    { numRuns: 500 },
  );
});

test('a document as deep as it gets costs no more than the steps that a path has', () => {
  const steps = '..a'.repeat(30);
  const rules = rulesOf(`paths: { "$${steps}": email }`);
  let value: Json = 'x';
  for (let depth = 0; depth < 60; depth++) value = { a: value };
  assert.ok(!JSON.stringify(maskJson(value, rules).value).includes('"x"'));
  assert.ok(!maskText(JSON.stringify(value), rules).value.includes('"x"'));
});

test('what is no path is an error with its line', () => {
  for (const path of [
    '$',
    '',
    '$.',
    '.',
    '$..',
    '$.a..',
    '$.a[0]',
    "$.a['b",
    '$.a[?(@.b)]',
    '$a',
    '$.a b',
    'a.',
  ])
    assert.equal(parsePath(path), null, path);
  for (const path of [
    'a',
    'a.b',
    '$.a',
    "$['a b']",
    '$["a"].*',
    '$..a',
    '$[*].a',
    '$.a[*]',
    '$.*',
    "$..['a']",
  ])
    assert.notEqual(parsePath(path), null, path);
  const loaded = loadMaskingRules({ path: 'masking.yaml', text: 'paths:\n  "$.a[0]": email\n' });
  assert.ok(!loaded.ok);
  const [{ line, message } = { message: '' }] = loaded.errors;
  assert.deepEqual([line, message], [2, '"$.a[0]" is no path']);
  const misspelt = loadMaskingRules({ path: 'masking.yaml', text: 'paths:\n  $.a: emial\n' });
  assert.equal(!misspelt.ok && misspelt.errors[0]?.suggestion, 'did you mean "email"?');
  assert.notEqual(rulesOf('paths: { a: email }').digest, rulesOf('paths: { b: email }').digest);
});
