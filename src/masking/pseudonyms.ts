import { createHmac } from 'node:crypto';
import { FEWEST_FF1_DIGITS, ff1 } from './ff1.ts';
import { createSealedValues, type SealedValues } from './sealed-values.ts';

/**
 * Stands values in for others: the same for the same value, class and scope, and nothing to anybody without the key.
 * Null where it can't: too few digits.
 */
export interface Pseudonyms extends SealedValues {
  /** Twelve hexadecimal digits. */
  readonly token: (dataClass: string, value: string) => string;
  /** The value with its digits encrypted and all else in place. */
  readonly digits: (dataClass: string, value: string) => string | null;
}

/** How much of an HMAC stands for a value: 48 bits, so that two of a million values are one in one case of 600. */
const TOKEN_LENGTH = 12;

/**
 * @param key 32 bytes that nobody else has.
 * @param scope within which the same value gets the same pseudonym, and outside of it another: a session, or all.
 */
export function createPseudonyms(key: Uint8Array, scope: string): Pseudonyms {
  // Few calls give a pseudonym, and two keys made at each were 80 µs of CPU of every call.
  let tokenKey: Buffer | null = null;
  let digitsKey: Buffer | null = null;
  const derived = (purpose: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${scope}`).digest();
  return {
    ...createSealedValues(key, scope),
    token: (dataClass, value) =>
      createHmac('sha256', (tokenKey ??= derived('sallyport-token-v1')))
        .update(`${dataClass}\0${canonical(value)}`)
        .digest('hex')
        .slice(0, TOKEN_LENGTH),
    digits(dataClass, value) {
      const digits = value.replaceAll(/[^0-9]/g, '');
      if (digits.length < FEWEST_FF1_DIGITS || digits.length > 32) return null;
      const encrypted = ff1(
        (digitsKey ??= derived('sallyport-ff1-v1')),
        Buffer.from(dataClass, 'utf8'),
        digits,
      );
      let next = 0;
      return value.replaceAll(/[0-9]/g, () => encrypted[next++] ?? '');
    },
  };
}

/** However it is written: `Ann@Example.com`, `4111-1111…` and `4111 1111…` are one. */
function canonical(value: string): string {
  return value
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s.\-/()]+/g, '');
}
