import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isAnyVat, isAnyVatOfDigits } from './vat.ts';

test('of digits alone, the countries whose numbers are some of as many are asked, and no other', () => {
  const digits = fc.array(fc.nat(9).map(String), { minLength: 1, maxLength: 16 }).map((all) => all.join(''));
  fc.assert(
    fc.property(digits, (number) => {
      assert.equal(isAnyVatOfDigits(number), isAnyVat(number), number);
    }),
    { numRuns: 20_000 },
  );
});
