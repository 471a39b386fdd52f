import {
  codeAt,
  DASH,
  digitsOf,
  DOT,
  FEWEST_DIGITS,
  isAlphanumeric,
  isDigit,
  isLetter,
  isSeparator,
  joinsGroups,
} from './characters.ts';
import { contextWords, hasContext, mayHaveContext } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { numberAt } from './number-run.ts';
import { international, isNational } from './phone-plans.ts';

/** ITU-T E.164: at most fifteen digits; national numbers of fewer than seven are not looked for. */
const MOST_DIGITS = 15;

const WORDS = contextWords(
  'tel|telephone|phones?|cell|cellphone|mobile|mobil|call(?:ed|s)?',
  'dial|fax|sms|whatsapp|telefone?|telefono|teléfono|móvil',
  'téléphone|rufnummer|cellulare|telefoon|mobiel',
  'rückruf|anrufen|tél|handy|portable|gsm|tlf|tfno|komórka|cellulaire',
);

/**
 * Telephone numbers. With a `+` the number says itself what it is: valid in its country counts fully, of a possible
 * length still enough. North American numbers in their own grouping count where valid. Everything else needs a word
 * beside it, and to be valid in one of the configured countries.
 */
export const phone: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    if (numberAt(text, at) === null) return null;
    const start = numberStart(text, at);
    const plus = codeAt(text, start) === PLUS || codeAt(text, at - 1) === PLUS;
    if (touches(text, start, plus)) return null;
    if (plus) return abroad(text, start, at, aid);
    return northAmerican(text, start, aid) ?? national(text, start, at, aid);
  },
};

const PLUS = 43;
const OPEN = 40;
const CLOSE = 41;
const SLASH = 47;
const ZERO = 48;

/** `(415) 555-2671`, `415-555-2671`, `415.555.2671`, with or without `1` in front. Not spaces: too many tables have them. */
const NORTH_AMERICAN =
  /(?:1[-. ])?(?:\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}(?:-\d{3}-|\.\d{3}\.)\d{4})(?![\p{L}\d]|[-.]\d)/uy;

/** Whether a bracket or a separator stands where the pattern has one: spares most numbers the pattern. */
function mayBeNorthAmerican(text: string, start: number): boolean {
  if (codeAt(text, start) === OPEN || isSeparator(codeAt(text, start + 1))) return true;
  const third = codeAt(text, start + 3);
  return third === DASH || third === DOT;
}

function northAmerican(text: string, start: number, aid: Aid): Candidate | null {
  if (!mayBeNorthAmerican(text, start)) return null;
  NORTH_AMERICAN.lastIndex = start;
  const found = NORTH_AMERICAN.exec(text)?.[0];
  if (
    found === undefined ||
    international(`1${digitsOf(found, 0, found.length).slice(-10)}`, aid.budget) !== 'valid'
  )
    return null;
  const end = start + found.length;
  return { class: 'phone', start, end, score: hasContext(text, start, end, WORDS, aid) ? 92 : 60 };
}

/** With the country's code. The longest reading that is valid, else the longest that is possible. */
function abroad(text: string, start: number, at: number, aid: Aid): Candidate | null {
  if (codeAt(text, at) === ZERO) return null;
  let possible: Candidate | null = null;
  const count = readings(text, at, start);
  for (let reading = count - 1; reading >= firstTried(count); reading--) {
    const end = ends[reading] ?? 0;
    const digits = digitsOf(text, at, end);
    const sure = international(digits, aid.budget);
    if (sure === 'valid') return { class: 'phone', start, end, score: 95 };
    if (sure === 'possible') possible ??= { class: 'phone', start, end, score: 55 };
  }
  return possible;
}

function national(text: string, start: number, at: number, aid: Aid): Candidate | null {
  // Behind another group of digits it is a part of that number, and was read with it.
  if (isSeparator(codeAt(text, start - 1)) && isDigit(codeAt(text, start - 2))) return null;
  const count = readings(text, at, start);
  let near = false;
  for (let reading = count - 1; reading >= firstTried(count) && !near; reading--)
    near = mayHaveContext(text, start, ends[reading] ?? 0, WORDS, aid);
  if (!near) return null;
  for (let reading = count - 1; reading >= firstTried(count); reading--) {
    const end = ends[reading] ?? 0;
    if (!isDialled(digitsOf(text, at, end), aid)) continue;
    return hasContext(text, start, end, WORDS, aid) ? { class: 'phone', start, end, score: 92 } : null;
  }
  return null;
}

function isDialled(digits: string, { phoneRegions, budget }: Aid): boolean {
  if (digits.startsWith('00')) return international(digits.slice(2), budget) === 'valid';
  return phoneRegions.some((region) => isNational(digits, region));
}

/** The `+` or bracket in front of the first digit belongs to the number. */
function numberStart(text: string, at: number): number {
  let start = at;
  if (codeAt(text, start - 1) === OPEN) start--;
  if (codeAt(text, start - 1) === PLUS) start--;
  return start;
}

/** Part of a word, a longer number, an identifier or a decimal. */
function touches(text: string, start: number, plus: boolean): boolean {
  const before = codeAt(text, start - 1);
  if (isDigit(before) || (isLetter(before) && !plus)) return true;
  if (plus) return false;
  return (before === DASH || before === DOT || before === SLASH) && isAlphanumeric(codeAt(text, start - 2));
}

/** Each reading costs a validation for every region. */
const MOST_READINGS = 4;

/** Where the readings of a number end, shortest first. Filled anew by each call of `readings`. */
const ends = new Uint32Array(MOST_DIGITS);

/**
 * How many readings the number has from `at` on: digits with at most two separators or brackets between two of them,
 * ending where a group of digits ends, for the next number may follow after a space.
 */
function readings(text: string, at: number, start: number): number {
  let found = 0;
  let count = 0;
  let open = codeAt(text, at - 1) === OPEN ? 1 : 0;
  let between = 0;
  for (let index = at; ; index++) {
    const code = codeAt(text, index);
    if (isDigit(code)) {
      if (count === MOST_DIGITS) break;
      count++;
      between = 0;
      continue;
    }
    const groupEnds = between === 0 && count >= FEWEST_DIGITS;
    if (groupEnds && !(isLetter(code) && start === at)) {
      ends[found++] = index;
    }
    if (code === OPEN) open++;
    else if (code === CLOSE) open--;
    else if (!joinsGroups(code)) break;
    between++;
    if (between > 2 || open < 0 || open > 1) break;
  }
  return found;
}

/** The first of the readings that are tried: the longest are. */
function firstTried(count: number): number {
  return Math.max(0, count - MOST_READINGS);
}
