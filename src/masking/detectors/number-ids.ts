import {
  codeAt,
  DASH,
  DOT,
  isAlphanumeric,
  isDigit,
  isSeparator,
  reachesLongNumber,
  SPACE,
  startsDigitRun,
} from './characters.ts';
import { hasContext } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { NATIONAL_NUMBERS, type NationalNumber } from './national-numbers.ts';
import { ANY_WORDS, WORDED_NUMBERS } from './worded-numbers.ts';

const SHORTEST = 8;
const LONGEST = 18;
const SLASH = 47;

const BY_LENGTH: readonly (readonly NationalNumber[])[] = Array.from({ length: LONGEST + 1 }, (_, length) =>
  NATIONAL_NUMBERS.filter((row) => row.length === length),
);

/**
 * Numbers that authorities, banks and insurers give out: check digit first, for it costs least, then words or a layout
 * of its own. A check digit alone takes one number in ten along, so few count by themselves. Numbers without one need
 * a word.
 */
export const numberIds: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    if (!startsDigitRun(text, at) || !reachesLongNumber(text, at) || joined(text, at)) return null;
    const { digits, ends, groups } = read(text, at);
    let best: Candidate | null = null;
    for (let length = SHORTEST; length <= digits.length; length++) {
      const end = ends[length] ?? 0;
      if (end === 0 || continues(text, end)) continue;
      best = better(best, checked(text, at, end, digits.slice(0, length), aid));
    }
    if (best !== null || (codeAt(text, at - 1) === SPACE && isDigit(codeAt(text, at - 2)))) return best;
    const end = ends[digits.length] ?? 0;
    return end === 0 || groups > MOST_WORDED_GROUPS ? null : worded(text, at, end, digits.length, aid);
  },
};

/** The most groups that a number of the table is written in, and those of a number that only a word says. */
const MOST_GROUPS = 7;
const MOST_WORDED_GROUPS = 4;

interface Reading {
  digits: string;
  groups: number;
  /** By number of digits: where in the text a group ends behind that many, or 0. */
  readonly ends: Uint32Array;
}

/** Filled anew by each reading, before anything looks at it. */
const scratch: Reading = { digits: '', groups: 0, ends: new Uint32Array(LONGEST + 2) };

/** Digits from `at` on over single separators. What is longer than any number has no end at its last digit. */
function read(text: string, at: number): Reading {
  const { ends } = scratch;
  ends.fill(0);
  let count = 0;
  let digits = '';
  let group = at;
  scratch.groups = 1;
  let index = at;
  for (; ; index++) {
    const code = codeAt(text, index);
    if (isDigit(code)) {
      if (++count > LONGEST) break;
      continue;
    }
    ends[count] = index;
    digits += text.slice(group, index);
    group = index + 1;
    if (!(isSeparator(code) || code === SLASH) || !isDigit(codeAt(text, index + 1))) break;
    if (++scratch.groups > MOST_GROUPS) break;
  }
  if (group < index) digits += text.slice(group, index);
  scratch.digits = digits.length > LONGEST ? digits.slice(0, LONGEST) : digits;
  return scratch;
}

/** Part of a word, a longer number, a path or a decimal. */
function joined(text: string, at: number): boolean {
  const before = codeAt(text, at - 1);
  // Behind a plus it is a telephone number.
  if (isAlphanumeric(before) || before === PLUS) return true;
  return (
    (before === DASH || before === DOT || before === SLASH || before === UNDERSCORE) &&
    isAlphanumeric(codeAt(text, at - 2))
  );
}

const UNDERSCORE = 95;
const PLUS = 43;

function continues(text: string, end: number): boolean {
  const after = codeAt(text, end);
  if (isAlphanumeric(after) || after === UNDERSCORE) return true;
  return after !== SPACE && (isSeparator(after) || after === SLASH) && isDigit(codeAt(text, end + 1));
}

function checked(text: string, start: number, end: number, number: string, aid: Aid): Candidate | null {
  const rows = BY_LENGTH[number.length] ?? [];
  let best: Candidate | null = null;
  let layout: string | null = null;
  for (const row of rows) {
    if (!row.check(number)) continue;
    if (row.layout !== undefined) layout ??= text.slice(start, end).replaceAll(/[0-9]/g, 'd');
    const alone =
      row.layout !== undefined && row.layout === layout
        ? row.alone
        : end - start === number.length
          ? row.bare
          : undefined;
    const score = hasContext(text, start, end, row.words, aid) ? 92 : (alone ?? 0);
    if (score > 0) best = better(best, { class: row.class, start, end, score });
  }
  return best;
}

function worded(text: string, start: number, end: number, length: number, aid: Aid): Candidate | null {
  // In a text that may hold anything, a bare number of any kind would be one: its check digits have to say so.
  if (aid.assumeContext || continues(text, end) || !hasContext(text, start, end, ANY_WORDS, aid)) return null;
  for (const row of WORDED_NUMBERS)
    if (length >= row.least && length <= row.most && hasContext(text, start, end, row.words, aid))
      return { class: row.class, start, end, score: row.score };
  return null;
}

function better(a: Candidate | null, b: Candidate | null): Candidate | null {
  if (a === null || b === null) return a ?? b;
  return b.score > a.score ? b : a;
}
