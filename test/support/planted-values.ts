import * as fc from 'fast-check';

/** A value of a data class, as a backend might hold it. */
export interface Planted {
  readonly class: 'email' | 'payment_card' | 'us_ssn' | 'iban' | 'phone';
  readonly value: string;
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: length, maxLength: length });

/** ISO/IEC 7812-1, annex B, by trial: the last digit that makes the number pass. */
function withCheckDigit(body: string): string {
  for (let check = 0; check < 10; check++) {
    const sum = Array.from(`${body}${check}`)
      .toReversed()
      .reduce((total, digit, index) => {
        const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
        return total + Math.floor(value / 10) + (value % 10);
      }, 0);
    if (sum % 10 === 0) return `${body}${check}`;
  }
  throw new Error('one of ten digits fits');
}

const plainCard = fc
  .constantFrom(['4', 16], ['51', 16], ['55', 16], ['2223', 16], ['37', 15], ['6011', 16], ['3530', 16])
  .chain(([prefix, length]) =>
    digits(length - prefix.length - 1).map((body) => withCheckDigit(`${prefix}${body}`)),
  );

const card = fc
  .tuple(plainCard, fc.constantFrom('', ' ', '-', '.'))
  .map(([number, separator]) =>
    number.length === 16 ? (number.match(/.{4}/g) ?? []).join(separator) : number,
  );

const ssn = fc
  .tuple(fc.integer({ min: 1, max: 899 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9999 }))
  .filter(([area]) => area !== 666)
  .map(([area, group, serial]) =>
    [String(area).padStart(3, '0'), String(group).padStart(2, '0'), String(serial).padStart(4, '0')].join(
      '-',
    ),
  );

function withIbanCheck(country: string, account: string): string {
  const number = Array.from(`${account}${country}00`, (sign) => Number.parseInt(sign, 36)).join('');
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

const iban = fc
  .tuple(
    fc.oneof(
      digits(18).map((account) => withIbanCheck('DE', account)),
      digits(14).map((account) => withIbanCheck('GB', `NWBK${account}`)),
      digits(10).map((account) => withIbanCheck('NL', `ABNA${account}`)),
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([number, grouped, lower]) => {
    const written = grouped ? (number.match(/.{1,4}/g) ?? []).join(' ') : number;
    return lower ? written.toLowerCase() : written;
  });

const phone = fc.oneof(
  fc
    .tuple(fc.integer({ min: 200, max: 999 }), digits(4))
    .map(([exchange, line]) => `+1212${exchange}${line}`),
  digits(6).map((rest) => `+44 7400 ${rest}`),
  digits(8).map((rest) => `+49 151 ${rest}`),
);

const name = fc.string({
  unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789')),
  minLength: 1,
  maxLength: 12,
});
const email = fc
  .tuple(name, fc.constantFrom('', '.', '+', '_'), name, name, fc.constantFrom('com', 'co.uk', 'de', 'io'))
  .map(([a, join, b, host, tld]) => `${a}${join}${b}@${host}.${tld}`);

export const planted: fc.Arbitrary<Planted> = fc.oneof(
  email.map((value) => ({ class: 'email' as const, value })),
  card.map((value) => ({ class: 'payment_card' as const, value })),
  ssn.map((value) => ({ class: 'us_ssn' as const, value })),
  iban.map((value) => ({ class: 'iban' as const, value })),
  phone.map((value) => ({ class: 'phone' as const, value })),
);

const NOISE = [
  'the',
  'order',
  'was',
  'late',
  'ssn',
  'card',
  'call',
  'über',
  '注文',
  '12',
  '2026-03-14',
  '7',
  '€',
  '19.99',
  '#4',

  '550e8400-e29b',
  'v1.2.3',
  '(see above)',
  '[1]',
  '"quoted"',
  '{',
  '}',
  '\\',
  '\u200b',
  '😀',
  'e.g.',
  '--',
  'a@',
];

const noise = fc.oneof(fc.constantFrom(...NOISE), fc.string({ maxLength: 6 }));

/** Text with values in it, each apart from what is around it by something that no value contains. */
export const textWithValues: fc.Arbitrary<{ readonly text: string; readonly values: readonly Planted[] }> = fc
  .array(fc.oneof(noise, planted), { maxLength: 10 })
  .chain((parts) =>
    fc
      .array(fc.constantFrom(', ', '; ', '\n', ' | ', '\t', ' => '), {
        minLength: parts.length,
        maxLength: parts.length,
      })
      .map((joins) => ({
        text: parts
          .map((part, index) => (typeof part === 'string' ? part : part.value) + (joins[index] ?? ''))
          .join(''),
        values: parts.filter((part) => typeof part !== 'string'),
      })),
  );
