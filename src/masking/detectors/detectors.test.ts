import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { DataClass } from '../data-classes.ts';
import { scan } from '../scan.ts';
import { DETECTORS } from './all.ts';
import type { Aid } from './detector.ts';

function aid(): Aid {
  return {
    assumeContext: false,
    phoneRegions: ['US', 'GB', 'DE', 'FR'],
    budget: { phoneChecks: 1000, nodes: 1000 },
  };
}

/** What is found of a class with the default threshold. */
function found(text: string, of: DataClass): readonly string[] {
  return scan(text, aid())
    .filter((candidate) => candidate.class === of && candidate.score >= 50)
    .map(({ start, end }) => text.slice(start, end));
}

const FOUND: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  email: [
    ['write to ann.lee+tag@mail.example.co.uk, please', 'ann.lee+tag@mail.example.co.uk'],
    ['<BOB@EXAMPLE.COM>', 'BOB@EXAMPLE.COM'],
    ["o'brien@example.org.", "o'brien@example.org"],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ['josé@exämple.de', 'josé@exämple.de'],
    ['пётр@почта.рф', 'пётр@почта.рф'],
    ['x@xn--bcher-kva.xn--p1ai', 'x@xn--bcher-kva.xn--p1ai'],
    ['?email=bob@x.co&y=1', 'bob@x.co'],
    ['邮箱bob@example.com谢谢', 'bob@example.com'],
    ['bob＠example．com', 'bob＠example．com'],
    ['bob\u200b@example.com', 'bob\u200b@example.com'],
    ['ann@example.com-2024', 'ann@example.com'],
  ],
  payment_card: [
    ['4111111111111111', '4111111111111111'],
    ['card:4111 1111 1111 1111 exp 12/26', '4111 1111 1111 1111'],
    ['5500-0000-0000-0004', '5500-0000-0000-0004'],
    ['2223.0031.2200.3222', '2223.0031.2200.3222'],
    ['amex 3782 822463 10005', '3782 822463 10005'],
    ['6011000990139424', '6011000990139424'],
    ['3530111333300000', '3530111333300000'],
    ['30569309025904', '30569309025904'],
    ['6200000000000005', '6200000000000005'],
    ['pan_4111111111111111', '4111111111111111'],
    ['card4111111111111111', '4111111111111111'],
    ['card 41 11 11 11 11 11 11 11', '41 11 11 11 11 11 11 11'],
    ['４１１１１１１１１１１１１１１１', '４１１１１１１１１１１１１１１１'],
    ['4111\u00ad1111\u200b11111111', '4111\u00ad1111\u200b11111111'],
    ['4111\u00a01111\u00a01111\u00a01111', '4111\u00a01111\u00a01111\u00a01111'],
    ['٤١١١١١١١١١١١١١١١', '٤١١١١١١١١١١١١١١١'],
    ['4111–1111–1111–1111', '4111–1111–1111–1111'],
  ],
  us_ssn: [
    ['078-05-1120', '078-05-1120'],
    ['ssn: 123 45 6789.', '123 45 6789'],
    ['Social Security number 123456789', '123456789'],
    ['123456789 (SSN)', '123456789'],
    ['ssn 123.45.6789', '123.45.6789'],
    ['078‑05‑1120', '078‑05‑1120'],
  ],
  iban: [
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['IBAN: GB29 NWBK 6016 1331 9268 19 thanks', 'GB29 NWBK 6016 1331 9268 19'],
    ['fr1420041010050500013m02606', 'fr1420041010050500013m02606'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
    ['NO 93 8601 1117 947', 'NO 93 8601 1117 947'],
  ],
  phone: [
    ['+14155552671', '+14155552671'],
    ['+44 20 7946 0958', '+44 20 7946 0958'],
    ['+49 (0)30 901820', '+49 (0)30 901820'],
    ['(415) 555-2671', '(415) 555-2671'],
    ['415-555-2671', '415-555-2671'],
    ['call 020 7946 0958 after five', '020 7946 0958'],
    ['Tel: 0044 20 7946 0958', '0044 20 7946 0958'],
    ['phone 4155552671', '4155552671'],
    ['+1 415 555 2671 2026-01-01', '+1 415 555 2671'],
  ],
};

const LOOK_ALIKES: readonly string[] = [
  'order 1234567890123456 shipped',
  'order 4111111111111112',
  'INV-2026-000123456',
  '550e8400-e29b-41d4-a716-446655440000',
  '41111111-1111-4111-8111-111111111111',
  'd41d8cd98f00b204e9800998ecf8427e',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '2026-03-14T09:26:53.589Z',
  '2026-03-14 09:26:53',
  '1773480413589',
  '1773480413589123456',
  '14.03.2026 09:26',
  'v1.22.333 and 10.0.19045.4291',
  '192.168.100.200:8080',
  '40.712776,-74.005974',
  '0.4111111111111111',
  '3.141592653589793',
  '123456789',
  '987-65-4321',
  '000-12-3456 666-12-3456 123-00-4567 123-45-0000',
  '12-078-05-1120',
  'DE00370400440532013000',
  'DE8937040044053201300',
  'XX89370400440532013000',
  '+0530',
  '4155552671',
  'ISBN 978-3-16-148410-0',
  'sku 0301234567 of shelf 7',
  'a@b',
  '@example.com',
  'user@localhost',
  'lodash@4.17.21',
  'npm i @types/node@24.19.2',
  'price 1 234 567,89 EUR',
  '[1, 22, 333, 4444, 55555]',
];

describe('what is there is found', () => {
  for (const [of, examples] of Object.entries(FOUND))
    for (const [text, value] of examples)
      test(`${of} in ${JSON.stringify(text)}`, () => {
        assert.deepEqual(found(text, of as DataClass), [value]);
      });
});

describe('what only looks like it survives', () => {
  for (const text of LOOK_ALIKES)
    test(JSON.stringify(text), () => {
      assert.deepEqual(
        scan(text, aid()).filter(({ score }) => score >= 50),
        [],
      );
    });
});

const PIECES = [
  '@',
  '.',
  '-',
  ' ',
  '+',
  '(',
  ')',
  '"',
  'a',
  'ä',
  'ssn ',
  'call ',
  'card ',
  '1',
  '41',
  '078',
  '05',
  '1120',
  '0',
  '4111',
  '1111',
  'DE89',
  '3704',
  '0044',
  'x.com',
  'bob',
  '555',
  '2671',
  '/',
  '  ',
  '[',
  ']',
  ',"',
  '\n',
];

test('no detector looks further than 320 characters, so a scan of any text is linear', () => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { minLength: 150, maxLength: 400 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat(), (whole, seed) => {
      const at = seed % whole.length;
      const from = Math.max(0, at - 320);
      const part = whole.slice(from, at + 320);
      for (const detector of DETECTORS) {
        const near = detector.detect(part, at - from, aid());
        const moved = near === null ? null : { ...near, start: near.start + from, end: near.end + from };
        assert.deepEqual(detector.detect(whole, at, aid()), moved);
      }
    }),
    { numRuns: 500 },
  );
});
