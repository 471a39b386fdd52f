import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileNames } from './column-names.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { scanUngated } from './scan-ungated.ts';
import { scan } from './scan.ts';
import { textWithValues } from '../../test/support/planted-values.ts';

function aid(assumeContext: boolean): Aid {
  return { assumeContext, phoneRegions: ['US', 'GB', 'DE'], budget: { phoneChecks: 100_000, nodes: 0 } };
}

function sorted(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    (a, b) =>
      a.start - b.start ||
      a.end - b.end ||
      (a.class < b.class ? -1 : a.class > b.class ? 1 : a.score - b.score),
  );
}

test('the scan that calls detectors at triggers finds what detectors find when asked everywhere', () => {
  fc.assert(
    fc.property(textWithValues, fc.boolean(), ({ text }, context) => {
      assert.deepEqual(sorted(scan(text, aid(context))), sorted(scanUngated(text, aid(context), true)));
    }),
    { numRuns: 2000 },
  );
});

test('of arbitrary Unicode too, lone surrogates among it', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  const digits = fc.constantFrom(
    '4111111111111111',
    '٠٧٨-٠٥-١١٢٠',
    '４１１１ 1111 1111 1111',
    '\ud835',
    '\udfd8',
    'a@b.co',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, digits), { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      assert.deepEqual(sorted(scan(text, aid(false))), sorted(scanUngated(text, aid(false), true)));
    }),
    { numRuns: 1000 },
  );
});

/** Values and halves of values of every detector, and what stands around them. */
const PIECES = [
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '-----',
  'MIIEvQIBADANBgkqhkiG9w0B',
  'AKIAIOSFODNN7EXAMPLE',
  `ghp_${'a1'.repeat(18)}`,
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln',
  'eyJ',
  'postgres://u:p@h/d',
  '://',
  'password',
  'Password: ',
  'api_key=',
  'Authorization: Bearer ',
  'secret ',
  'Name: Ann Lee',
  'born ',
  '12 March 1980',
  '12.03.1980',
  '1980-03-12',
  'April 12, 1980',
  '12 Main Street',
  'Hauptstraße 12',
  'rue',
  '2001:db8::1',
  '203.0.113.42',
  'ip ',
  '1.2.3.4',
  '00:1a:2b:3c:4d:5e',
  '00-1A-2B-3C-4D-5E',
  '1M8GDM9AXKP042788',
  'vin ',
  'DEUTDEFF500',
  'bic ',
  'RSSMRA85T10A562S',
  'AB 12 34 56 C',
  'AB123456C',
  '311280-888Y',
  '311280+888Y',
  '4111 1111',
  '4111-1111-',
  'DE89 3704 0044',
  'DE89 3704 0044 0532 0130 00',
  'NL91ABNA0417164300',
  '0532 0130 00',
  '\r\n  ',
  'DE136695976',
  'rfc ',
  'AB&930714-8T4',
  'vat ',
  'pesel ',
  '44051401359',
  '390.533.447-05',
  '756.9217.0769.85',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  'YW5uQGV4YW1wbGUuY29tIGlzIGhlcmU=',
  '616e6e406578616d706c652e636f6d',
  '0x',
  '\\x',
  '4.11111111111111',
  '4.4051401359',
  'E+15',
  'e10',
  'iban ',
  'passport ',
  'the order was packed ',
  'Left our house, ',
  'in the afternoon. ',
  'internationalisation',
  'DEUTDEFF',
  'An IBM PC ',
  'C01X00T47',
  'account number ',
  '12345678',
  '%40',
  '%31',
  'é',
  '\u200b',
  '_',
  '/',
  '+',
  '=',
  ':',
  '.',
  '-',
  ' ',
  ',',
  '"',
  '\n',
  'a',
  'A',
  '1',
];

test('of values of every class, whole, broken and run together', () => {
  const classesOfName = compileNames({ columns: {}, except: {} });
  const search: Aid['search'] = (decoded) => (decoded.includes('@') ? { class: 'email', score: 95 } : null);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), fc.boolean(), (parts, context) => {
      const text = parts.join('');
      const all = { ...aid(context), classesOfName, search };
      assert.deepEqual(sorted(scan(text, all)), sorted(scanUngated(text, all, true)));
    }),
    { numRuns: 4000 },
  );
});

test('offsets point into the text as it was, however it was folded', () => {
  const text = 'ﬁ ⅷ \ud83d\ude00 ４１１１\u200b１１１１\u00ad１１１１ １１１１\u200b.';
  const [card] = scan(text, aid(false)).filter(({ class: of }) => of === 'payment_card');
  assert.equal(text.slice(card?.start, card?.end), '４１１１\u200b１１１１\u00ad１１１１ １１１１\u200b');
});

test('a number that is certain is read once, unless policy shows its class and it may be something else, too', () => {
  const text = 'card 4111 1111 1111 1111, call +1 415 555 2671, ssn 078-05-1120.';
  const classes = (shown: readonly string[]): readonly string[] =>
    scan(text, { ...aid(false), shown: new Set(shown) }).map(({ class: of }) => of);
  assert.deepEqual(classes([]), ['payment_card', 'phone', 'us_ssn']);
  assert.ok(classes(['us_ssn', 'phone', 'payment_card']).length > 3);
});

test('a street in front of a certain number is covered with it', () => {
  const classes = scan('ssn Via Roma, 078-05-1120', aid(false)).map(({ class: of }) => of);
  assert.deepEqual(classes, ['us_ssn', 'postal_address']);
});

test('an IBAN is read once, unless policy shows it or a class in it could block the result', () => {
  const text = 'bank account GB33 BUKB 2020 1555 5555 55, routing 021000021.';
  const found = (how: Partial<Aid>): readonly string[] =>
    scan(text, { ...aid(false), ...how }).map(({ class: of, start }) => `${of} ${start}`);
  assert.deepEqual(found({}), ['iban 13', 'bank_account 50']);
  assert.ok(found({ blocks: true }).length > 2);
  assert.ok(found({ shown: new Set(['iban']) }).length > 2);
});

test('a day that ends an IBAN, and a street in front of it, are covered with it', () => {
  const classes = (text: string): readonly string[] => scan(text, aid(false)).map(({ class: of }) => of);
  assert.deepEqual(classes('born DE89 3704 0044 0532 0130 00. March 1980'), ['iban', 'date_of_birth']);
  assert.deepEqual(classes('Via DE 89 3704 0044 0532 0130 00'), ['iban', 'postal_address']);
});

test('what begins in an IBAN and goes on beyond it is covered to its end', () => {
  const last = (text: string): number => Math.max(...scan(text, aid(false)).map(({ end }) => end));
  for (const text of [
    'secret DE89370400440532013000~aB3dE5',
    'secret DE89370400440532013000.~aB3dE5',
    'secret DE89370400440532013000==',
    'NO85 LSJ KR 10 23 27 A',
    'DE19 5346 8800 9385 50 GB33 BUKB 2020 1555 5555 55',
    'GB13 53468 8009 Via Roma 12, 00100 Roma',
    'GB13534688009Via Roma 12, 00100 Roma',
  ])
    assert.equal(last(text), text.length, text);
});

/** Groups of digits and what joins them, with words that make much of them. */
const GROUPS = [
  '4111',
  '1111',
  '1111 1111 1111',
  '2671 4111 1111 1110',
  '+1 415 555',
  '2671',
  '+49 30 901820',
  '078-05-1120',
  'DE89 3704 0044 0532 0130 00',
  'NL91ABNA0417164300',
  'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
  'NO85 LSJ KR 10 23 27',
  ' A',
  'DE19 5346 8800 9385 50 GB33',
  ' BUKB 2020 1555 5555 55',
  'GB',
  ' March 1980',
  'secret ',
  'aB3dE5',
  '~',
  '=',
  '078',
  '05',
  '1120',
  '44051401359',
  '943 476 5919',
  'pesel ',
  'nhs ',
  'ssn ',
  'call ',
  'card ',
  'Main Street',
  'Via Roma',
  'GB13 53468 8009 Via Roma 12',
  ', 00100 Roma',
  'born ',
  '12.03.1980',
  '203.0.113.42',
  'E+15',
  '4.11111111111111',
  '.0',
  ' ',
  ' ',
  ' ',
  '-',
  '.',
  '/',
  '(',
  ') ',
  ', ',
  '\n',
];

test('what stands inside of a certain number, or begins there and ends beyond it, is covered by what is found', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...GROUPS), { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const covered = new Set<number>();
      for (const { start, end, score } of scan(text, aid(false)))
        if (score >= 50) for (let index = start; index < end; index++) covered.add(index);
      for (const { class: of, start, end, score } of scanUngated(text, aid(false), false))
        if (score >= 50)
          for (let index = start; index < end; index++)
            // A bracket in front says nothing.
            assert.ok(
              covered.has(index) || text[index] === '(',
              `${of} ${text.slice(start, end)} in ${text}`,
            );
    }),
    { numRuns: 5000 },
  );
});
