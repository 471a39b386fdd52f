import { codeAt, isAlphanumeric, isDigit } from './characters.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { numberIds } from './number-ids.ts';
import { cardIssued, paymentCard } from './payment-card.ts';
import { phone } from './phone.ts';
import { usSsn } from './us-ssn.ts';

const DOT = 46;
const PLUS = 43;

/** Digits in front of the exponent that a spreadsheet keeps (IEEE 754 double, as they print it). */
const KEPT = 15;
const LONGEST = 19;
/** As far as words are looked for. */
const BEFORE = 64;
const AFTER = 32;

const DETECTORS: readonly Detector[] = [paymentCard, usSsn, numberIds, phone];

/**
 * Numbers that a spreadsheet or a float wrote with an exponent (`4.4051401359E+10`): read as the digits that they stand
 * for, in the words that they stand in. Anchored at the first digit.
 */
export const scientific: Detector = {
  trigger: 'dotted',
  detect(text, at, aid): Candidate | null {
    const before = codeAt(text, at - 1);
    if (!isDigit(codeAt(text, at)) || isAlphanumeric(before) || before === DOT) return null;
    if (codeAt(text, at + 1) !== DOT) return null;
    let dot = at + 2;
    while (dot - at < LONGEST + 2 && isDigit(codeAt(text, dot))) dot++;
    const end = exponentEnd(text, dot);
    const length = end === -1 ? 0 : exponentOf(text, dot, end) + 1;
    const kept = dot - at - 1;
    // Of fewer digits it is a rounded number, and of more than the exponent says it has a fraction.
    if (kept < FEWEST || kept > length || length > LONGEST) return null;
    const digits = (text.slice(at, at + 1) + text.slice(at + 2, dot)).padEnd(length, '0');
    const from = Math.max(0, at - BEFORE);
    const written = text.slice(from, at) + digits + text.slice(end, end + AFTER);
    const found = best(written, at - from, length, aid);
    // Of a card of sixteen digits the last is lost, and with it the check digit.
    if (found === null && kept === KEPT && length === KEPT + 1 && cardIssued(digits))
      return { class: 'payment_card', start: at, end, score: 60 };
    return found === null ? null : { ...found, start: at, end };
  },
};

const FEWEST = 8;

/** The end of `E+10` or `e10` that starts there; -1 where none does. */
function exponentEnd(text: string, start: number): number {
  if ((codeAt(text, start) | 32) !== 101) return -1;
  let end = codeAt(text, start + 1) === PLUS ? start + 2 : start + 1;
  const from = end;
  while (end < from + 2 && isDigit(codeAt(text, end))) end++;
  return end === from || isAlphanumeric(codeAt(text, end)) ? -1 : end;
}

function exponentOf(text: string, start: number, end: number): number {
  let exponent = 0;
  for (let index = start; index < end; index++) {
    const code = codeAt(text, index);
    if (isDigit(code)) exponent = exponent * 10 + code - 48;
  }
  return exponent;
}

/** The surest of what the whole number is. */
function best(text: string, at: number, length: number, aid: Aid): Candidate | null {
  let surest: Candidate | null = null;
  for (const { detect } of DETECTORS) {
    const found = detect(text, at, aid);
    if (found === null || found.end !== at + length) continue;
    if (surest === null || found.score > surest.score) surest = found;
  }
  return surest;
}
