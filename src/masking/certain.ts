import { codeAt, DOT, isAlphanumeric, isDigit, joinsGroups } from './detectors/characters.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { isSecretCode, isTokenCode } from './detectors/tokens.ts';

/** From these scores on, a number is what it is found to be, and nothing else. */
const CERTAIN = 95;
const CERTAIN_SSN = 92;

/** Of the layout that only a Social Security number has; without it the number may be of other classes. */
const WITH_DASHES = 11;

/**
 * Whether a number is so surely of its class that no other number is looked for inside of it: a card, a telephone number
 * with its country, an IBAN, a Social Security number in its own layout beside a word, where they stand alone. The groups of one
 * are otherwise read as the start of as many others. Where more digits follow, one of those could end beyond it. Where policy shows the class, they are read all the same;
 * and the account that an IBAN holds is, where a class that is found in it could block the result.
 */
export function isCertain(text: string, { class: of, start, end, score }: Candidate, aid: Aid): boolean {
  if (score < CERTAIN_SSN) return false;
  if (of === 'us_ssn') {
    if (aid.assumeContext || end - start < WITH_DASHES) return false;
  } else if (score < CERTAIN || (of !== 'payment_card' && of !== 'phone' && of !== 'iban')) return false;
  if (of === 'iban' && (aid.blocks === true || mayHoldBeginning(text, start, end))) return false;
  if (aid.shown?.has(of) === true) return false;
  const after = codeAt(text, end);
  if (inToken(codeAt(text, start - 1)) || goesOn(text, end)) return false;
  return !mayBeSecret(after) || (after === DOT && !mayBeSecret(codeAt(text, end + 1)));
}

/**
 * Whether something may begin in an IBAN and end beyond it with letters: another IBAN (this one may be one by accident), a street
 * with its town, a National Insurance number in pairs. Each begins with a word, or two, that is not the four letters of a bank. A
 * letter that ends it may be that of a house number.
 */
function mayHoldBeginning(text: string, start: number, end: number): boolean {
  return !isDigit(codeAt(text, end - 1)) || WORDS.test(text.slice(start + COUNTRY, end));
}

const COUNTRY = 2;
const WORDS = /[ .-](?![A-Za-z]{4})[A-Za-z]|[A-Za-z][ .-][A-Za-z]|[A-Za-z]{5}/;

function goesOn(text: string, end: number): boolean {
  if (!joinsGroups(codeAt(text, end))) return false;
  const next = codeAt(text, end + 1);
  return isDigit(next) || (joinsGroups(next) && isDigit(codeAt(text, end + 2)));
}

function inToken(code: number): boolean {
  return isTokenCode(code) || isAlphanumeric(code);
}

function mayBeSecret(code: number): boolean {
  return isSecretCode(code) || isAlphanumeric(code);
}
