import {
  codeAt,
  DASH,
  digitsOf,
  endsAsFloat,
  DOT,
  isAlphanumeric,
  isDigit,
  isIsoDate,
  isSeparator,
  SPACE,
  startsDigitRun,
} from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';

const WORDS = contextWords(
  'ssns?|ssn#|ss#|ss no|social sec(?:urity)?|social-security|social_security|soc\\.? ?sec',
  'social(?! ?media)|tax ?payer|tax id',
);

/**
 * US Social Security numbers. Nine digits have no check digit, so shape carries the weight: with dashes the number
 * counts by itself, with spaces a little less, with dots or bare only beside a word that says what it is (a bare
 * pattern takes 32 % of random nine-digit ids along).
 */
export const usSsn: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    if (!startsDigitRun(text, at) || isIsoDate(text, at)) return null;
    const length = layout(text, at);
    if (length === 0) return null;
    const end = at + length;
    const separator = length === 9 ? 0 : codeAt(text, at + 3);
    if (!stands(text, at, end) || !issuable(digitsOf(text, at, end))) return null;
    const alone = separator === DASH ? 85 : separator === SPACE ? 60 : 30;
    const score = hasContext(text, at, end, WORDS, aid) ? Math.max(92, alone) : alone;
    return { class: 'us_ssn', start: at, end, score };
  },
};

/** 9 for nine digits together, 11 for 3-2-4 with one kind of separator, 0 for neither. */
function layout(text: string, at: number): number {
  if (!isDigit(codeAt(text, at + 1)) || !isDigit(codeAt(text, at + 2))) return 0;
  const third = codeAt(text, at + 3);
  if (isSeparator(third))
    return digits(text, at + 4, 2) && codeAt(text, at + 6) === third && digits(text, at + 7, 4) ? 11 : 0;
  return digits(text, at + 3, 6) ? 9 : 0;
}

function digits(text: string, from: number, count: number): boolean {
  for (let index = from; index < from + count; index++) if (!isDigit(codeAt(text, index))) return false;
  return true;
}

/** Not a part of something longer: a UUID, a serial number, a version, a decimal. */
function stands(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  const after = codeAt(text, end);
  if (isAlphanumeric(before) || isAlphanumeric(after)) return false;
  const joinsBefore = (before === DASH || before === DOT) && isAlphanumeric(codeAt(text, start - 2));
  const joinsAfter =
    (after === DASH || after === DOT) && isDigit(codeAt(text, end + 1)) && !endsAsFloat(text, end);
  return !joinsBefore && !joinsAfter;
}

/** Area 001–899 but not 666, group 01–99, serial 0001–9999 (SSA POMS RM 10201.035). Famous samples count too. */
function issuable(number: string): boolean {
  const area = number.slice(0, 3);
  if (area === '000' || area === '666' || area.startsWith('9')) return false;
  return number.slice(3, 5) !== '00' && number.slice(5) !== '0000';
}
