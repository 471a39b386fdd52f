import {
  codeAt,
  DASH,
  isAlphanumeric,
  isAsciiLetter,
  isDigit,
  isSeparator,
  startsDigitRun,
} from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';
import { numberAt } from './number-run.ts';
import { rfc, RFC_WORDS, spanish, SPANISH_WORDS } from './national-words.ts';

const DIGITS = /(?:[0-9]{8}|[0-9]{7})-?[A-Za-z](?![A-Za-z0-9])/y;
const WORDS = contextWords(SPANISH_WORDS);

/**
 * Spanish numbers as they are written by hand: `12345678-Z`, `X-1234567-L`. One wrong number in 23 has the right letter, so
 * a word has to say what it is. Anchored at the first digit.
 */
export const dashedSpanish: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    // Spares most numbers the pattern.
    const first = numberAt(text, at)?.counts[0];
    if (first !== 7 && first !== 8) return null;
    const start = foreignerStart(text, at);
    if (isAlphanumeric(codeAt(text, start - 1))) return null;
    DIGITS.lastIndex = at;
    const found = DIGITS.exec(text)?.[0];
    if (found === undefined || (start === at && !found.includes('-'))) return null;
    const end = at + found.length;
    if (codeAt(text, end) === DASH && isAlphanumeric(codeAt(text, end + 1))) return null;
    const number = text.slice(start, end).replaceAll('-', '').toUpperCase();
    if (number.length !== LENGTH || !spanish(number)) return null;
    return {
      class: 'national_id',
      start,
      end,
      score: hasContext(text, start, end, WORDS, aid) ? 92 : 40,
    };
  },
};

const LENGTH = 9;

/** Where the letter of a foreigner's number stands, and a dash behind it; else the place itself. */
function foreignerStart(text: string, at: number): number {
  const letter = codeAt(text, at - 1) === DASH ? at - 2 : at - 1;
  const code = codeAt(text, letter) | 32;
  return isAsciiLetter(codeAt(text, letter)) &&
    code >= 120 &&
    code <= 122 &&
    !isDigit(codeAt(text, letter - 1))
    ? letter
    : at;
}

const MEXICAN = /[0-9]{6}[ -]?[A-Za-z0-9]{2}[A0-9](?![A-Za-z0-9])/y;
const MEXICAN_WORDS = contextWords(RFC_WORDS);

/** The Mexican tax number with its separators, as it is printed: `MAB-930714-8T4`. Anchored at the first digit. */
export const separatedRfc: Detector = {
  trigger: 'letters_digits',
  detect(text, at, aid): Candidate | null {
    // Most numbers behind letters have fewer or more digits.
    if (!isDigit(codeAt(text, at + 3)) || !isDigit(codeAt(text, at + 5)) || !startsDigitRun(text, at))
      return null;
    const before = isSeparator(codeAt(text, at - 1)) ? at - 1 : at;
    const start = isHead(text, before - 4, before) ? before - 4 : before - 3;
    if (!isHead(text, start, before)) return null;
    MEXICAN.lastIndex = at;
    const found = MEXICAN.exec(text)?.[0];
    if (found === undefined) return null;
    const end = at + found.length;
    const number = text.slice(start, end).replaceAll(/[ .-]/g, '').toUpperCase();
    if (!rfc(number) || !hasContext(text, start, end, MEXICAN_WORDS, aid)) return null;
    return { class: 'tax_id', start, end, score: 92 };
  },
};

/** Three or four letters that nothing touches. */
function isHead(text: string, from: number, to: number): boolean {
  if (from < 0 || isAlphanumeric(codeAt(text, from - 1))) return false;
  for (let index = from; index < to; index++) {
    const code = codeAt(text, index);
    if (!isAsciiLetter(code) && code !== AMPERSAND) return false;
  }
  return true;
}

const AMPERSAND = 38;
