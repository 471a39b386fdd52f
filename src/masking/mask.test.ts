import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../model/json.ts';
import type { BackendResult, MaskedResult } from '../model/result.ts';
import { maskJson, maskResult, maskText, type MaskHow } from './mask.ts';
import { loadMaskingRules, type MaskingRules } from './rules.ts';

function rulesOf(text: string | null): MaskingRules {
  const loaded = loadMaskingRules(text === null ? null : { path: 'masking.yaml', text });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

const rules = rulesOf(null);
const CARD = '4111111111111111';

function table(columns: readonly string[], ...rows: readonly (readonly Json[])[]): BackendResult {
  const named = columns.map((name) => ({ name, type: 'text' }));
  return { kind: 'table', columns: named, rows, truncated: { by: 'rows', limit: 2 }, rowsAffected: null };
}

function masked(result: BackendResult, how: Partial<MaskHow> = {}, by: MaskingRules = rules): MaskedResult {
  return maskResult(result, { columnClasses: {}, resultColumns: null, unmasked: new Set(), ...how }, by);
}

function rowsOf(result: BackendResult, how: Partial<MaskHow> = {}, by: MaskingRules = rules): unknown {
  return masked(result, how, by).value.rows;
}

describe('columns', () => {
  test('a column of a class is masked whatever stands in it; null, true and false stay', () => {
    const result = table(
      ['id', 'ssn', 'email'],
      [1, 'n/a', 'none'],
      [2, 78051120, null],
      [3, true, { a: 1 }],
    );
    assert.deepEqual(rowsOf(result), [
      [1, '[redacted:us_ssn]', '[redacted:email]'],
      [2, '[redacted:us_ssn]', null],
      [3, true, '[redacted:email]'],
    ]);
  });

  test('an alias does not hide a column from its lineage, nor does a computation', () => {
    const result = table(['x', 'y'], ['078051120', 'a']);
    assert.deepEqual(rowsOf(result, { resultColumns: [['ssn'], ['id', 'email']] }), [
      ['[redacted:us_ssn]', '[redacted:email]'],
    ]);
  });

  test('a whole row in one text is redacted; as JSON it is searched by key', () => {
    const row = { resultColumns: [['*']] };
    assert.deepEqual(rowsOf(table(['c'], ['(1,Ann,078051120)']), row), [['[redacted:unreadable]']]);
    assert.deepEqual(rowsOf(table(['c'], [{ id: 1, ssn: 'x' }]), row), [
      [{ id: 1, ssn: '[redacted:us_ssn]' }],
    ]);
    assert.deepEqual(rowsOf(table(['c'], ['{"id":1,"ssn":"x"}']), row), [
      ['{"id":1,"ssn":"[redacted:us_ssn]"}'],
    ]);
    assert.deepEqual(rowsOf(table(['c'], [78], [123456789]), row), [[78], ['[redacted:us_ssn]']]);
  });

  test('where the driver answers with other columns than the statement has, any may be any', () => {
    const result = table(['a', 'b'], ['x', 'y']);
    assert.deepEqual(rowsOf(result, { resultColumns: [['ssn']] }), [
      ['[redacted:us_ssn]', '[redacted:us_ssn]'],
    ]);
  });

  test('a declared class counts, by result name and by lineage, in any case; it takes no guessed class away', () => {
    const columnClasses = { Memo: 'national_id', ssn: 'email' };
    assert.deepEqual(rowsOf(table(['MEMO'], ['x']), { columnClasses }), [['[redacted:national_id]']]);
    assert.deepEqual(rowsOf(table(['z'], ['x']), { columnClasses, resultColumns: [['memo']] }), [
      ['[redacted:national_id]'],
    ]);
    const shown = { columnClasses, unmasked: new Set(['email']) };
    assert.deepEqual(rowsOf(table(['ssn'], ['x']), shown), [['[redacted:us_ssn]']]);
  });

  test('a declared class that is in no table is redacted', () => {
    assert.deepEqual(rowsOf(table(['a'], ['x']), { columnClasses: { a: 'blood_type' } }), [
      ['[redacted:blood_type]'],
    ]);
  });

  test('a column named like a method of objects is an ordinary column', () => {
    assert.deepEqual(rowsOf(table(['constructor', '__proto__'], ['x', 'y'])), [['x', 'y']]);
  });

  test('a value in a column name or type is masked there and on the report', () => {
    const result = { ...table([], ['x']), columns: [{ name: CARD, type: 'enum(a@b.co)' }] };
    const { value, report } = masked(result);
    assert.deepEqual(value.columns, [{ name: '[redacted:payment_card]', type: 'enum([redacted:email])' }]);
    assert.ok(!JSON.stringify(report).includes('4111'));
  });

  test('cells beyond the named columns are searched too; truncation and counts stay', () => {
    const { value } = masked({ ...table(['a'], ['x', 'a@b.co']), rowsAffected: 7 });
    assert.deepEqual(value.rows, [['x', '[redacted:email]']]);
    assert.deepEqual([value.truncated, value.rowsAffected], [{ by: 'rows', limit: 2 }, 7]);
  });
});

describe('values', () => {
  test('a number that is a value becomes a text; other numbers stay numbers', () => {
    assert.deepEqual(rowsOf(table(['a', 'b'], [4111111111111111, 1234567890123456])), [
      ['[redacted:payment_card]', 1234567890123456],
    ]);
  });

  test('two values that touch are both found', () => {
    assert.equal(maskText(`123-45-6789-${CARD}`, rules).value, '[redacted:us_ssn]-[redacted:payment_card]');
  });

  test('a key that is a value is masked, and two that are stay two', () => {
    const value = { 'a@b.co': 1, 'c@d.co': 2 };
    assert.deepEqual(maskJson(value, rules).value, { '[redacted:email]': 1, '[redacted:email] (2)': 2 });
  });

  test('JSON in a text: keys count, escapes are read, numbers and second keys do not get by', () => {
    const text = String.raw`{"ssn":123,"ssn":"x","n":4111111111111111,"big":12345678901234567890,"t":"\u0034111111111111111"}`;
    assert.equal(
      maskText(text, rules).value,
      '{"ssn":"[redacted:us_ssn]","ssn":"[redacted:us_ssn]","n":"[redacted:payment_card]","big":12345678901234567890,"t":"[redacted:payment_card]"}',
    );
  });

  test('JSON in a text that was cut off is masked to its end', () => {
    assert.equal(
      maskText('{"rows":[{"password":"hunt', rules).value,
      '{"rows":[{"password":"[redacted:password]"',
    );
    assert.equal(maskText('{"password":{"a":["b', rules).value, '{"password":"[redacted:password]"');
  });

  test('text in text in text ends in a redaction, never in a crash', () => {
    let text = `mail a@b.co ${'x'.repeat(10)}`;
    for (let depth = 0; depth < 12; depth++) text = JSON.stringify({ text });
    assert.ok(!maskText(text, rules).value.includes('a@b.co'));
  });

  test('binary that is text is masked as text, other binary is withheld', () => {
    const text = (bytes: string): Json => ({ base64: Buffer.from(bytes).toString('base64') });
    const image = { base64: '/9j/4AAQSkZJRgABAQ==' };
    assert.deepEqual(rowsOf(table(['a', 'b', 'c'], [text('hello'), text('a@b.co!'), image])), [
      [text('hello'), text('[redacted:email]!'), '[redacted:binary]'],
    ]);
  });

  test('other binary leaves only where the tool declares the column and policy shows it, and no alias makes it so', () => {
    const image = { base64: 'iVBORw0KGgo=' };
    const redacted = '[redacted:binary]';
    const unmasked = new Set(['binary']);
    const declared = { unmasked, binaryColumns: ['Photo'], fixedStatement: true };
    assert.deepEqual(rowsOf(table(['photo', 'x'], [image, image]), declared), [[image, redacted]]);
    assert.deepEqual(rowsOf(table(['photo'], [[image, { of: image }]]), declared), [
      [[image, { of: redacted }]],
    ]);
    assert.deepEqual(rowsOf(table(['photo'], [image]), { ...declared, unmasked: new Set() }), [[redacted]]);
    assert.deepEqual(rowsOf(table(['photo'], [image]), { ...declared, binaryColumns: [] }), [[redacted]]);
    const byAgent = (resultColumns: MaskHow['resultColumns']): unknown =>
      rowsOf(table(['photo'], [image]), { ...declared, fixedStatement: false, resultColumns });
    assert.deepEqual(byAgent([['photo']]), [[image]]);
    for (const lineage of [null, [[]], [['memo']], [['photo', 'memo']], [['*']], [['photo'], ['photo']]])
      assert.deepEqual(byAgent(lineage), [[redacted]], JSON.stringify(lineage));
    assert.deepEqual(maskJson({ base64: 'no base64: a@b.co' }, rules).value, {
      base64: 'no base64: [redacted:email]',
    });
  });

  test('what is nested too deep, or is no JSON, is redacted', () => {
    let deep: Json = 'a@b.co';
    for (let depth = 0; depth < 5000; depth++) deep = [deep];
    assert.ok(!JSON.stringify(maskJson(deep, rules).value).includes('a@b.co'));
    const odd = JSON.parse('{}') as Record<string, Json>;
    odd['date'] = new Date(0) as unknown as Json;
    odd['self'] = odd;
    odd['big'] = 4111111111111111n as unknown as Json;
    const text = JSON.stringify(maskJson(odd, rules).value);
    assert.ok(
      text.startsWith('{"date":"[redacted:unreadable]"') && text.endsWith('"big":"[redacted:unreadable]"}'),
    );
  });

  test('a megabyte of hostile text comes back', () => {
    for (const piece of ['@', 'a@a.', '1 ', '4\u200b', '{"', '"\\"', '(415) 555-2671', 'call 030 1234567 ']) {
      const text = piece.repeat(1_000_000 / piece.length);
      assert.equal(typeof maskText(text, rules).value, 'string');
    }
  });
});

describe('what policy shows', () => {
  test('is shown and on the report as shown; everything else stays masked', () => {
    const result = table(['email', 'note'], ['a@b.co', `c@d.co ${CARD}`]);
    const { value, report } = masked(result, { unmasked: new Set(['email']) });
    assert.deepEqual(value.rows, [['a@b.co', 'c@d.co [redacted:payment_card]']]);
    assert.deepEqual(report.findings, [
      { class: 'email', path: 'email', did: 'shown', count: 1 },
      { class: 'email', path: 'note', did: 'shown', count: 1 },
      { class: 'payment_card', path: 'note', did: 'redact', count: 1 },
    ]);
  });

  test('does not carry another class out in a column that is shown', () => {
    const result = table(['email'], ['078-05-1120']);
    assert.deepEqual(rowsOf(result, { unmasked: new Set(['email']) }), [['[redacted:us_ssn]']]);
  });

  test('a value of two classes is shown only to those who may see both', () => {
    // Nine digits behind both words are a Social Security number and, in France, a telephone number.
    const text = 'call ssn 412345678';
    const both = { unmasked: new Set(['phone', 'us_ssn']) };
    assert.deepEqual(rowsOf(table(['a'], [text]), both), [[text]]);
    assert.deepEqual(rowsOf(table(['a'], [text]), { unmasked: new Set(['phone']) }), [
      ['call ssn [redacted:us_ssn]'],
    ]);
    const lineage = { resultColumns: [['email', 'ssn']], unmasked: new Set(['email']) };
    assert.deepEqual(rowsOf(table(['a'], ['x']), lineage), [['[redacted:us_ssn]']]);
  });
});

describe('the last four', () => {
  const keeping = rulesOf('classes: { payment_card: { strategy: keep_last_four } }');

  test('of a card in a text stay, of full-width or short ones nothing', () => {
    assert.equal(
      maskText(`paid with 4111 1111 1111 1111.`, keeping).value,
      'paid with [payment_card *1111].',
    );
    assert.equal(maskText('card 4222222222222', keeping).value, 'card [payment_card *2222]');
    assert.equal(maskText('４１１１１１１１１１１１１１１１', keeping).value, '[redacted:payment_card]');
  });

  test('of a card column stay where a skill author wrote the statement, and only of a card', () => {
    const result = table(['card_number'], [CARD], ['see notes 123456789012']);
    assert.deepEqual(rowsOf(result, { fixedStatement: true }, keeping), [
      ['[payment_card *1111]'],
      ['[redacted:payment_card]'],
    ]);
    assert.deepEqual(rowsOf(result, {}, keeping), [['[redacted:payment_card]'], ['[redacted:payment_card]']]);
  });

  test('in a column of a class, only what redaction itself writes is believed to be masked', () => {
    // 'ssn AS "…"' with '[payment_card *' || substr(ssn, 1, 4) || ']' would carry a number out in pieces.
    const result = table(['ssn'], ['[payment_card *0780]'], ['[redacted:us_ssn]']);
    assert.deepEqual(rowsOf(result, {}, keeping), [['[redacted:us_ssn]'], ['[redacted:us_ssn]']]);
  });
});

describe('the report', () => {
  test('counts by class and place, and holds no value', () => {
    const { report } = maskJson({ rows: [{ to: 'a@b.co' }, { to: 'c@d.co' }], 'x@y.co': CARD }, rules);
    assert.deepEqual(report.findings, [
      { class: 'email', path: '/rows/*/to', did: 'redact', count: 2 },
      { class: 'email', path: '/[redacted:email]', did: 'redact', count: 1 },
      { class: 'payment_card', path: '/[redacted:email]', did: 'redact', count: 1 },
    ]);
  });

  test('stays small however many places a hostile result has', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'a@b.co']));
    const { findings } = maskJson(many, rules).report;
    assert.ok(findings.length <= 65);
    assert.equal(
      findings.reduce((sum, { count }) => sum + count, 0),
      5000,
    );
  });
});

test('a clean result is handed on as it is, and what is given is never changed', () => {
  const clean = table(['id', 'status'], [1, 'open']);
  assert.equal(masked(clean).value.rows[0], clean.rows[0]);
  const dirty = table(['a'], [{ b: ['a@b.co'] }]);
  const before = structuredClone(dirty);
  assert.notDeepEqual(masked(dirty).value, before);
  assert.deepEqual(dirty, before);
});

test('values in a form are read with a space for each plus, and only there', () => {
  const read = (text: string): string => maskText(text, rules).value;
  assert.equal(read('card=4111+1111+1111+1111&x=1'), 'card=[redacted:payment_card]&x=1');
  assert.equal(read('?tel=030+901820&b=2'), '?tel=[redacted:phone]&b=2');
  assert.equal(read('phone=%2B49+30+901820'), 'phone=[redacted:phone]');
  assert.equal(read('to=+1+415+555+2671'), 'to=[redacted:phone]');
  assert.equal(read('4111+1111+1111+1111'), '4111+1111+1111+1111');
  assert.equal(read('a=1+2&b=c+d'), 'a=1+2&b=c+d');
});

test('a number that was stored as a float is the number, and a decimal is not', () => {
  const read = (text: string): string => maskText(text, rules).value;
  assert.equal(read('pesel 44051401359.0'), 'pesel [redacted:national_id].0');
  assert.equal(read('ssn 078051120.0, next'), 'ssn [redacted:us_ssn].0, next');
  assert.equal(read('card 4111111111111111.0'), 'card [redacted:payment_card].0');
  assert.equal(read('pesel 44051401359.07'), 'pesel 44051401359.07');
  assert.equal(read('pesel 44051401359.00'), 'pesel [redacted:national_id].00');
  // What goes on behind the zero is a version, a path or another number.
  for (const more of ['.0/8710', '.0.8710', '.0-8710', '.0a', '.00/8710'])
    assert.equal(read(`pesel 44051401359${more}`), `pesel 44051401359${more}`);
  assert.equal(read('{"n": 5105105105105100.0}'), '{"n": "[redacted:payment_card]"}');
});

test('a number that a spreadsheet wrote with an exponent is the number, as far as it was kept', () => {
  const read = (text: string): string => maskText(text, rules).value;
  const card = '[redacted:payment_card]';
  assert.equal(read('4.11111111111111E+15;x'), `${card};x`);
  assert.equal(read('card 4.111111111111111e+15'), `card ${card}`);
  assert.equal(read('3.78282246310005E+14'), card);
  assert.equal(read('PESEL 4.4051401359E+10'), 'PESEL [redacted:national_id]');
  assert.equal(read('ssn 2.19099999E+08'), 'ssn [redacted:us_ssn]');
  for (const number of [
    '4.4051401359E+10',
    '1.7612345678901E+15',
    '6.02214076E+23',
    '4.11E+15',
    '3.1415926535E+2',
  ])
    assert.equal(read(number), number);
});

test('JSON that is masked is JSON, also where a label says the same of a value as its key', () => {
  const once = maskText('{"":{"pw":-5e-324}}', rules).value;
  assert.equal(once, '{"":{"pw":"[redacted:password]"}}');
  assert.equal(maskText(once, rules).value, once);
});

test('text in hexadecimal is searched, and a hash is none', () => {
  const read = (text: string): string => maskText(text, rules).value;
  const hex = Buffer.from('to ann@example.com').toString('hex');
  assert.equal(read(`see ${hex}.`), 'see [redacted:email].');
  assert.equal(read(`see \\x${hex}`), 'see \\[redacted:email]');
  assert.equal(read(`0x${hex.toUpperCase()}`), '[redacted:email]');
  assert.equal(
    read(Buffer.from('the order was late').toString('hex')),
    Buffer.from('the order was late').toString('hex'),
  );
  const hash = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
  assert.equal(read(hash), hash);
});

test('what a masked value hid is found in a long text, too, at either end of what is searched again', () => {
  const hidden = '123-45-6789-4111111111111111';
  for (const [before, after] of [
    [200_000, 200_000],
    [0, 300_000],
    [300_000, 0],
    [70_000, 500_000],
  ] as const) {
    const text = `${'left 12 '.repeat(before / 8)}${hidden}${' 12 right'.repeat(after / 9)}`;
    const { value, report } = maskText(text, rules);
    assert.ok(!value.includes('6789'), `${before} before`);
    assert.deepEqual(
      report.findings.map(({ class: of, count }) => [of, count]),
      [
        ['us_ssn', 1],
        ['payment_card', 1],
      ],
    );
  }
});
