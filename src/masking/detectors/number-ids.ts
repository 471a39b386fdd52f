import {
  codeAt,
  DASH,
  digitsOf,
  endsAsFloat,
  DOT,
  isAlphanumeric,
  FEWEST_DIGITS,
  isDigit,
  isSeparator,
  SPACE,
} from './characters.ts';
import { hasContext, several, whichMayHaveContext, type SeveralWords } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { numberAt } from './number-run.ts';
import { NATIONAL_NUMBERS, type NationalNumber } from './national-numbers.ts';
import { ANY_WORDS, WORDED_NUMBERS } from './worded-numbers.ts';

const SHORTEST = 8;
const LONGEST = 18;
const SLASH = 47;

/** The numbers of one length. */
interface Plans {
  readonly rows: readonly NationalNumber[];
  /** Those that may count without a word, a bit each. */
  readonly alone: number;
  /** The words of all of them: most numbers stand beside none. */
  readonly words: SeveralWords;
}

const BY_LENGTH: readonly Plans[] = Array.from({ length: LONGEST + 1 }, (_, length) => {
  const rows = NATIONAL_NUMBERS.filter((row) => row.length === length);
  const alone = rows.reduce(
    (bits, { layout, bare }, row) => (layout === undefined && bare === undefined ? bits : bits | (1 << row)),
    0,
  );
  return { rows, alone, words: several(rows.map(({ words }) => words)) };
});

/**
 * Numbers that authorities, banks and insurers give out: a word or a layout of its own, and the check digit. A check
 * digit alone takes one number in ten along, so few count by themselves. Numbers without one need a word.
 */
export const numberIds: Detector = {
  trigger: 'long_number',
  detect(text, at, aid): Candidate | null {
    const run = numberAt(text, at);
    if (run === null || joined(text, at)) return null;
    let best: Candidate | null = null;
    let group = 0;
    let ended = false;
    for (; group < run.groups && group < MOST_GROUPS && !ended; group++) {
      const count = run.counts[group] ?? 0;
      const end = run.ends[group] ?? 0;
      ended = run.joins[group] === 0;
      if (count < SHORTEST || count > LONGEST || continues(text, end)) continue;
      const longer = checked(text, at, end, count, aid);
      // Of two that are as sure the longer: half of a number is none, and the rest of it would stay.
      if (longer !== null && longer.score >= (best?.score ?? 0)) best = longer;
    }
    if (best !== null || !ended || group > MOST_WORDED_GROUPS) return best;
    if (codeAt(text, at - 1) === SPACE && isDigit(codeAt(text, at - 2))) return null;
    const count = run.counts[group - 1] ?? 0;
    return count < FEWEST_DIGITS ? null : worded(text, at, run.ends[group - 1] ?? 0, count, aid);
  },
};

/** The most groups that a number of the table is written in, and those of a number that only a word says. */
const MOST_GROUPS = 7;
const MOST_WORDED_GROUPS = 4;

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
  if (after === SPACE || !(isSeparator(after) || after === SLASH)) return false;
  return isDigit(codeAt(text, end + 1)) && !endsAsFloat(text, end);
}

function checked(text: string, start: number, end: number, length: number, aid: Aid): Candidate | null {
  const plans = BY_LENGTH[length];
  if (plans === undefined || plans.rows.length === 0) return null;
  const near = whichMayHaveContext(text, start, end, plans.words, aid);
  let best: Candidate | null = null;
  let number: string | null = null;
  for (let left = near | plans.alone; left !== 0; left &= left - 1) {
    const index = 31 - Math.clz32(left & -left);
    const row = plans.rows[index];
    if (row === undefined) break;
    const said = ((near >>> index) & 1) === 1;
    const bare = end - start === length ? row.bare : undefined;
    const alone = row.layout !== undefined && isLaidOut(text, start, end, row.layout) ? row.alone : bare;
    if (!said && alone === undefined) continue;
    number ??= digitsOf(text, start, end);
    if (!row.check(number)) continue;
    const score = said && hasContext(text, start, end, row.words, aid) ? 92 : (alone ?? 0);
    if (score > 0) best = better(best, { class: row.class, start, end, score });
  }
  return best;
}

const ANY_DIGIT = 100;

/** Whether digits stand where the layout has a `d`, and its separators between them. */
function isLaidOut(text: string, start: number, end: number, layout: string): boolean {
  if (end - start !== layout.length) return false;
  for (let index = 0; index < layout.length; index++) {
    const code = text.charCodeAt(start + index);
    if (isDigit(code) ? layout.charCodeAt(index) !== ANY_DIGIT : layout.charCodeAt(index) !== code)
      return false;
  }
  return true;
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
