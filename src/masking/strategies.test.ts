import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../model/json.ts';
import type { BackendResult } from '../model/result.ts';
import { maskJson, maskResult, maskText, type MaskHow } from './mask.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string): MaskingRules {
  const loaded = loadMaskingRules({ path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

function table(columns: readonly string[], ...rows: readonly (readonly Json[])[]): BackendResult {
  const named = columns.map((name) => ({ name, type: 'text' }));
  return { kind: 'table', columns: named, rows, truncated: null, rowsAffected: null };
}

const key = Buffer.alloc(32, 7);
const how: MaskHow = {
  columnClasses: {},
  resultColumns: null,
  unmasked: new Set(),
  fixedStatement: true,
  tool: 't',
};

function rowsOf(result: BackendResult, by: MaskingRules, more: Partial<MaskHow> = {}): Json {
  return maskResult(result, { ...how, ...more }, by).value.rows.map((row) => [...row]);
}

test('keep_domain keeps the domain of an address, in text and in its column, and nothing where an agent wrote the statement', () => {
  const rules = rulesOf('classes: { email: { strategy: keep_domain } }');
  assert.equal(maskText('to ann@mail.example.com.', rules).value, 'to [email @mail.example.com].');
  assert.deepEqual(rowsOf(table(['email'], ['ann@x.org'], ['secret@'], ['n/a']), rules), [
    ['[email @x.org]'],
    ['[redacted:email]'],
    ['[redacted:email]'],
  ]);
  assert.deepEqual(rowsOf(table(['email'], ['ann@x.org']), rules, { fixedStatement: false }), [
    ['[redacted:email]'],
  ]);
});

test('generalise keeps the year of a birth and the network of an address', () => {
  const rules = rulesOf(
    'classes: { date_of_birth: { strategy: generalise }, ip_address: { strategy: generalise } }',
  );
  assert.equal(maskText('born 12.03.1980', rules).value, 'born [date_of_birth 1980]');
  assert.equal(maskText('born 12.03.80', rules).value, 'born [redacted:date_of_birth]');
  assert.equal(maskText('ip 203.0.113.42', rules).value, 'ip [ip_address 203.0.113.*]');
  assert.deepEqual(
    rowsOf(table(['dob', 'client_ip'], ['1980-03-12', '203.0.113.42'], ['who knows', 'x']), rules),
    [
      ['[date_of_birth 1980]', '[ip_address 203.0.113.*]'],
      ['[redacted:date_of_birth]', '[redacted:ip_address]'],
    ],
  );
});

describe('tokenise', () => {
  const rules = rulesOf('classes: { email: { strategy: tokenise }, us_ssn: { strategy: tokenise } }');
  const result = table(
    ['email', 'note'],
    ['Ann@example.com', 'wrote to ann@example.com'],
    ['ben@example.com', ''],
  );
  const tokens = (scope: string): readonly string[] => {
    const text = JSON.stringify(rowsOf(result, rules, { pseudonyms: createPseudonyms(key, scope) }));
    return text.match(/#[0-9a-f]{12}/g) ?? [];
  };

  test('gives one person one token within a scope, in columns and text, and another outside of it', () => {
    const [ann, alsoAnn, ben] = tokens('ses_1');
    assert.ok(ann !== undefined && ann === alsoAnn && ann !== ben);
    assert.deepEqual(tokens('ses_1'), [ann, ann, ben]);
    assert.ok(!tokens('ses_2').includes(ann));
  });

  test('does not answer for what an agent made up: its own statement, or a text without a session, is redacted', () => {
    const pseudonyms = createPseudonyms(key, 'ses_1');
    assert.deepEqual(rowsOf(table(['email'], ['a@b.co']), rules, { pseudonyms, fixedStatement: false }), [
      ['[redacted:email]'],
    ]);
    assert.equal(maskText('a@b.co', rules).value, '[redacted:email]');
  });
});

describe('format_preserving', () => {
  const rules = rulesOf(
    'classes: { us_ssn: { strategy: format_preserving }, payment_card: { strategy: format_preserving } }',
  );
  const pseudonyms = createPseudonyms(key, 'ses_1');

  test('leaves the layout and no digit that can be told', () => {
    const [row] = rowsOf(table(['ssn', 'card_number'], ['078-05-1120', '4111 1111 1111 1111']), rules, {
      pseudonyms,
    }) as string[][];
    assert.match(row?.[0] ?? '', /^\d{3}-\d{2}-\d{4}$/);
    assert.match(row?.[1] ?? '', /^\d{4} \d{4} \d{4} \d{4}$/);
    assert.notEqual(row?.[0], '078-05-1120');
    assert.deepEqual(rowsOf(table(['ssn'], ['n/a']), rules, { pseudonyms }), [['[redacted:us_ssn]']]);
  });

  test('without a key redacts', () => {
    assert.equal(maskText('078-05-1120', rules).value, '[redacted:us_ssn]');
  });
});

test('drop leaves nothing', () => {
  const rules = rulesOf('classes: { email: { strategy: drop } }');
  assert.equal(maskText('to ann@example.com.', rules).value, 'to .');
  assert.deepEqual(maskJson({ email: 'x', n: 1 }, rules).value, { email: '', n: 1 });
});

test('block says so on the report, wherever the value stands, and leaves nothing bare', () => {
  const rules = rulesOf('classes: { us_ssn: { strategy: block } }');
  const values: readonly Json[] = [
    'ssn 078-05-1120',
    { ssn: 'x' },
    '{"ssn":"x"}',
    String.raw`{"t":"\u003078-05-1120 "}`,
    { base64: 'MDc4LTA1LTExMjA=' },
  ];
  for (const value of values) {
    const { value: masked, report } = maskJson(value, rules);
    assert.ok(
      report.findings.some(({ did }) => did === 'block'),
      JSON.stringify(value),
    );
    assert.ok(!JSON.stringify(masked).includes('1120'));
  }
});

test('a column of one tool has a strategy of its own, and two that differ are redacted', () => {
  const rules = rulesOf(
    'tools: { t: { columns: { contact: { class: email, strategy: keep_domain }, other: { class: email, strategy: drop } } } }',
  );
  assert.deepEqual(rowsOf(table(['contact', 'email'], ['a@x.org', 'a@x.org']), rules), [
    ['[email @x.org]', '[redacted:email]'],
  ]);
  assert.deepEqual(rowsOf(table(['x'], ['a@x.org']), rules, { resultColumns: [['contact', 'other']] }), [
    ['[redacted:email]'],
  ]);
});
