/** Check digits as the numbering authorities publish them. Digits are ASCII; each function takes a whole number. */

/** The digit at an index, as a number. */
export function digitAt(digits: string, index: number): number {
  return digits.charCodeAt(index) - 48;
}

/** Digits times weights, added up; as many as there are weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += digitAt(digits, index) * (weights[index] ?? 0);
  return sum;
}

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digitAt(digits, digits.length - 1 - index);
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 7064, MOD 11,10: German tax numbers, Croatian persons. */
export function mod11And10(digits: string): boolean {
  let product = 10;
  for (let index = 0; index < digits.length - 1; index++) {
    const sum = (digitAt(digits, index) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** ISO 7064, MOD 11-2: Chinese residents; the last may be X. */
export function mod11And2(text: string): boolean {
  let rest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index) | 32;
    rest = (rest * 2 + (code === 120 ? 10 : digitAt(text, index))) % 11;
  }
  return rest === 1;
}

/** GS1 General Specifications, 7.9: weights 1 and 3 by turns. */
export function ean(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++)
    sum += digitAt(digits, digits.length - 1 - index) * (index % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

/** The remainder of a long decimal number. */
export function remainder(digits: string, by: number): number {
  let rest = 0;
  for (let index = 0; index < digits.length; index++) rest = (rest * 10 + digitAt(digits, index)) % by;
  return rest;
}

/** Multiplication in the dihedral group of order ten: J. Verhoeff, Error Detecting Decimal Codes, 1969. */
const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digitAt(digits, digits.length - 1 - index);
    check = digitAt(DIHEDRAL[check] ?? '', digitAt(PERMUTED[index % 8] ?? '', digit));
  }
  return check === 0;
}

const LENGTHS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a month has a day; February may have 29, for the century is often unknown. */
export function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (LENGTHS_OF_MONTHS[month - 1] ?? 0);
}

/** Two digits as a number. */
export function two(digits: string, from: number): number {
  return digitAt(digits, from) * 10 + digitAt(digits, from + 1);
}
