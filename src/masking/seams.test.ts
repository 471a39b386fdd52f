import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Json } from '../model/json.ts';
import { planted } from '../../test/support/planted-values.ts';
import { createRandom } from '../../test/accuracy/random.ts';
import { maskJson, maskResult, maskText } from './mask.ts';
import { reportJson } from './report.ts';
import { loadMaskingRules } from './rules.ts';

const loaded = loadMaskingRules(null);
assert.ok(loaded.ok);
const rules = loaded.value;

const CARD = '[redacted:payment_card]';
const IBAN = '[redacted:iban]';

function blocks(...texts: readonly string[]): Json {
  return { content: texts.map((text) => ({ type: 'text', text })) };
}

function row(...cells: readonly Json[]): readonly Json[] | undefined {
  const columns = cells.map((_, index) => ({ name: `c${index}`, type: 'text' }));
  const result = { kind: 'table', columns, rows: [cells], truncated: null, rowsAffected: null } as const;
  const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>() };
  return maskResult(result, how, rules).value.rows[0];
}

describe('a value that is spread over two texts', () => {
  test('two blocks of a message: both parts are masked, wherever it was cut', () => {
    assert.deepEqual(maskJson(blocks('4111 1111', ' 1111 1111'), rules).value, blocks(CARD, CARD));
    assert.deepEqual(
      maskJson(blocks('Mail ann.lee@exam', 'ple.com, then call +49 30', '901820 today'), rules).value,
      blocks(
        'Mail [redacted:email]',
        '[redacted:email], then call [redacted:phone]',
        '[redacted:phone] today',
      ),
    );
    assert.deepEqual(
      maskJson(blocks('a@b.co paid with 41', '11', '1111', '11111111 on Friday'), rules).value,
      blocks(`[redacted:email] paid with ${CARD}`, CARD, CARD, `${CARD} on Friday`),
    );
  });

  test('a word in one block says what stands in the next', () => {
    assert.deepEqual(
      maskJson(blocks('Her SSN:', '536221234'), rules).value,
      blocks('Her SSN:', '[redacted:us_ssn]'),
    );
  });

  test('long blocks are read where they meet', () => {
    const [before, after] = ['the order was late '.repeat(200), ' and all is well'.repeat(200)];
    assert.deepEqual(
      maskJson(blocks(`${before}4111 1111`, `1111 1111${after}`), rules).value,
      blocks(before + CARD, CARD + after),
    );
  });

  test('a picture between two blocks parts them', () => {
    const parted: Json = [
      { type: 'text', text: '4111 1111' },
      { type: 'image', data: 'x' },
      { type: 'text', text: '1111 1111' },
    ];
    assert.deepEqual(maskJson(parted, rules).value, parted);
  });

  test('two cells, two elements, two members: cards in groups and IBANs', () => {
    assert.deepEqual(row(1, '4111 1111', '1111 1111', 'x'), [1, CARD, CARD, 'x']);
    assert.deepEqual(row('card 4111-1111-1111-', '1111'), [`card ${CARD}`, CARD]);
    assert.deepEqual(row('GB29NWBK', '60161331926819'), [IBAN, IBAN]);
    assert.deepEqual(maskJson(['DE89 3704 0044', '0532 0130 00'], rules).value, [IBAN, IBAN]);
    assert.deepEqual(maskJson({ a: '4111 1111 1111', b: '1111' }, rules).value, { a: CARD, b: CARD });
  });

  test('two lines of a text, indented or not', () => {
    for (const [broken, masked] of [
      ['card 4111 1111\n1111 1111 ok', `card ${CARD} ok`],
      ['4111 1111\r\n    1111 1111', CARD],
      ['4111-1111-\n1111-1111', CARD],
      ['IBAN: DE89 3704 0044\n0532 0130 00', `IBAN: ${IBAN}`],
      ['GB29 NWBK\n6016 1331 9268 19', IBAN],
      ['４１１１ １１１１\n1111 1111', CARD],
    ] as const)
      assert.equal(maskText(broken, rules).value, masked);
  });

  test('two numbers side by side are two numbers, and so are rows', () => {
    for (const cells of [
      ['41111111', '11111111'],
      ['4111', '1111', '1111', '1111'],
      [4111, 1111, 1111, 1111],
      ['4111 1111', '1111 1112'],
      ['ann@', 'example.com'],
    ])
      assert.deepEqual(row(...cells), cells);
    assert.equal(maskText('41111111\n11111111', rules).value, '41111111\n11111111');
    const rows = [['4111 1111'], ['1111 1111']];
    assert.deepEqual(maskJson(rows, rules).value, rows);
  });

  test('the report says where each part stood before anything was masked', () => {
    const found = reportJson(['a@b.co, 4111 1111', '1111 1111'], rules);
    assert.deepEqual(
      found.map(({ class: of, path, start, end }) => [of, path, start, end]),
      [
        ['email', '/0', 0, 6],
        ['payment_card', '/0', 8, 17],
        ['payment_card', '/1', 0, 9],
      ],
    );
  });

  test('a class that policy shows stays whole', () => {
    const result = {
      kind: 'table',
      columns: [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'text' },
      ],
      rows: [['4111 1111', '1111 1111']],
      truncated: null,
      rowsAffected: null,
    } as const;
    const how = { columnClasses: {}, resultColumns: null, unmasked: new Set(['payment_card']) };
    assert.deepEqual(maskResult(result, how, rules).value.rows, result.rows);
  });
});

test('of a value that is cut anywhere into two blocks, neither part is left', () => {
  fc.assert(
    fc.property(planted, fc.double({ min: 0, max: 1, noNaN: true }), ({ value }, where) => {
      const cut = 1 + Math.floor(where * (value.length - 2));
      const [left, right] = [value.slice(0, cut), value.slice(cut)];
      // A part that is a value by itself, as the end of an address is, is masked as one, and nobody knows of the rest.
      fc.pre(reportJson(left, rules).length === 0 && reportJson(right, rules).length === 0);
      const { value: masked } = maskJson(blocks(`It was ${left}`, `${right}, she said.`), rules);
      const text = JSON.stringify(masked);
      // Four characters of a value may stand anywhere.
      if (left.length > 4) assert.ok(!text.includes(left), text);
      if (right.length > 4) assert.ok(!text.includes(right), text);
    }),
    { numRuns: 1000 },
  );
});

test('of tables of ordinary numbers side by side, fewer than one row in a thousand is touched', () => {
  const random = createRandom(5);
  const group = (): string => random.digits(4);
  const makes: readonly (() => readonly string[])[] = [
    () => [random.digits(8), random.digits(8)],
    () => [group(), group(), group(), group()],
    () => [`${random.digits(3)} ${random.digits(3)}`, `${random.digits(3)} ${random.digits(3)}`],
    () => [`${random.digits(6)}.${random.digits(2)}`, random.digits(8)],
    () => [`2026-03-${10 + random.below(20)}`, `2026-04-${10 + random.below(20)}`],
    () => [`ORD-${random.digits(6)}`, `INV-${random.digits(8)}`],
    () => [random.letters('ABCDEFGHIJ0123456789', 12), random.letters('ABCDEFGHIJ0123456789', 12)],
  ];
  let touched = 0;
  const COUNT = 7_000;
  for (let index = 0; index < COUNT; index++) {
    const cells = makes[index % makes.length]!();
    touched += row(...cells)!.filter((cell, at) => cell !== cells[at]).length;
    const lines = cells.join('\n');
    if (maskText(lines, rules).value !== lines) touched++;
  }
  assert.ok(touched < (2 * COUNT) / 1000, `${touched} of ${2 * COUNT}`);
});
