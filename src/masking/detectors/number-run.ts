import {
  codeAt,
  FEWEST_DIGITS,
  isDigit,
  isIsoDate,
  isSeparator,
  joinsGroups,
  startsDigitRun,
} from './characters.ts';

/** As many as the longest number of any class has: a payment card. */
const MOST_DIGITS = 19;

/**
 * The groups of digits that stand together from one place on, as every detector of numbers needs them: read once for all
 * of them. Single separators or slashes join groups; where something else does (two signs, a bracket), the groups end,
 * for only telephone numbers go on there.
 */
export interface NumberRun {
  /** At most `MOST_DIGITS`. */
  readonly digits: Uint8Array;
  readonly groups: number;
  /** By group: digits up to its end, where in the text that is, and the sign that joins the next to it, or 0. */
  readonly counts: Uint8Array;
  readonly ends: Uint32Array;
  readonly joins: Uint8Array;
}

/** Filled anew by each reading, before anything looks at it: a trigger is frequent, and allocating costs most of it. */
const run = {
  digits: new Uint8Array(MOST_DIGITS),
  groups: 0,
  counts: new Uint8Array(MOST_DIGITS + 1),
  ends: new Uint32Array(MOST_DIGITS + 1),
  joins: new Uint8Array(MOST_DIGITS + 1),
};

/** What was asked for last, and whether it was a number. */
let seen = '';
let place = -1;
let long = false;

/**
 * The number whose first digit is at `at`; null where none begins there, or it is a date or too short for any class. Good
 * until the next is asked for.
 */
export function numberAt(text: string, at: number): NumberRun | null {
  if (at !== place || text !== seen) {
    seen = text;
    place = at;
    long = startsDigitRun(text, at) && read(text, at) && !isIsoDate(text, at);
  }
  return long ? run : null;
}

const SLASH = 47;
const PLUS = 43;
/** Digits of a birthday, in front of the sign of a Finnish century. */
const BIRTHDAY = 6;

/** Whether the digits from `at` on are enough for a number of any class. */
function read(text: string, at: number): boolean {
  const { digits, counts, ends, joins } = run;
  let count = 0;
  let groups = 0;
  for (let index = at; ; index++) {
    let code = codeAt(text, index);
    while (isDigit(code)) {
      if (count === MOST_DIGITS) {
        run.groups = groups;
        return true;
      }
      digits[count++] = code - 48;
      code = codeAt(text, ++index);
    }
    const joined = (isSeparator(code) || code === SLASH) && isDigit(codeAt(text, index + 1));
    counts[groups] = count;
    ends[groups] = index;
    joins[groups++] = joined ? code : 0;
    if (joined) continue;
    run.groups = groups;
    if (count >= FEWEST_DIGITS) return true;
    return code === PLUS
      ? count === BIRTHDAY && groups === 1
      : joinsGroups(code) && goesOn(text, index, count);
  }
}

/** Whether the digits come to be enough behind two signs or a bracket, where telephone numbers go on. */
function goesOn(text: string, from: number, before: number): boolean {
  let count = before;
  let between = 0;
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) {
      if (++count === FEWEST_DIGITS) return true;
      between = 0;
    } else if (!joinsGroups(code) || ++between > 2) return false;
  }
  return false;
}
