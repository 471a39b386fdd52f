import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ff1 } from './ff1.ts';

/** NIST, "FF1 samples" for SP 800-38G: those of radix 10. */
const KEYS = [
  '2B7E151628AED2A6ABF7158809CF4F3C',
  '2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F',
  '2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94',
];

for (const [key, tweak, cipher] of [
  [0, '', '2433477484'],
  [0, '39383736353433323130', '6124200773'],
  [1, '', '2830668132'],
  [1, '39383736353433323130', '2496655549'],
  [2, '', '6657667009'],
  [2, '39383736353433323130', '1001623463'],
] as const)
  test(`FF1 gives what NIST publishes: AES-${128 + key * 64}, tweak "${tweak}"`, () => {
    assert.equal(ff1(Buffer.from(KEYS[key] ?? '', 'hex'), Buffer.from(tweak, 'hex'), '0123456789'), cipher);
  });

test('too few digits, or none, are refused', () => {
  for (const text of ['12345', '', '12a456'])
    assert.throws(() => ff1(Buffer.alloc(16), Buffer.alloc(0), text), RangeError);
});
