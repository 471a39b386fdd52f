import { codeAt, isAlphanumeric, isDigit } from './characters.ts';

const COLON = 58;
const DASH = 45;
const DOT = 46;
const SPACE = 32;
const CAPITAL_T = 84;
const UNDERSCORE = 95;

/** Whether dashes stand where a UUID or a date has its first: most words stop here. */
export function mayBeHarmless(text: string, at: number): boolean {
  return codeAt(text, at + 8) === DASH || codeAt(text, at + 4) === DASH;
}

/**
 * The end of a UUID or of a date with a time that starts at `at`, or -1. Tables and logs are made of them, and nothing
 * inside of one is a value of any class. What touches more letters or digits is none.
 */
export function harmlessEnd(text: string, at: number): number {
  const before = codeAt(text, at - 1);
  if (isAlphanumeric(before) || before === DASH || before === UNDERSCORE || before === DOT) return -1;
  if (codeAt(text, at + 8) === DASH) return uuidEnd(text, at);
  return codeAt(text, at + 4) === DASH && codeAt(text, at + 7) === DASH ? timeEnd(text, at) : -1;
}

const UUID_LENGTH = 36;

/** RFC 9562, 4. */
function uuidEnd(text: string, at: number): number {
  const end = at + UUID_LENGTH;
  if (codeAt(text, at + 13) !== DASH || codeAt(text, at + 18) !== DASH || codeAt(text, at + 23) !== DASH)
    return -1;
  if (end > text.length) return -1;
  for (let index = at; index < end; index++) {
    if (isHex(text.charCodeAt(index))) continue;
    const offset = index - at;
    if (offset !== 8 && offset !== 13 && offset !== 18 && offset !== 23) return -1;
  }
  const after = codeAt(text, end);
  return isAlphanumeric(after) || after === DASH || after === UNDERSCORE ? -1 : end;
}

/** RFC 3339, with a space in place of the T as databases print it, and a fraction behind a comma as logs do. */
function timeEnd(text: string, at: number): number {
  const joint = codeAt(text, at + 10);
  if ((joint !== CAPITAL_T && joint !== SPACE) || codeAt(text, at + 13) !== COLON) return -1;
  for (const offset of DATE_DIGITS) if (!isDigit(codeAt(text, at + offset))) return -1;
  const century = codeAt(text, at + 1);
  if (!(codeAt(text, at) === 50 && century === 48) && !(codeAt(text, at) === 49 && century === 57)) return -1;
  let end = at + 16;
  if (codeAt(text, end) === COLON && isDigit(codeAt(text, end + 1)) && isDigit(codeAt(text, end + 2))) {
    end += 3;
    if (codeAt(text, end) === DOT && isDigit(codeAt(text, end + 1))) {
      end += 2;
      while (end < at + 29 && isDigit(codeAt(text, end))) end++;
    }
  }
  if (codeAt(text, end) === CAPITAL_Z) end++;
  const after = codeAt(text, end);
  return isAlphanumeric(after) || after === DASH || after === COLON || after === DOT ? -1 : end;
}

const CAPITAL_Z = 90;
const DATE_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15];

function isHex(code: number): boolean {
  const lower = code | 32;
  return isDigit(code) || (lower >= 97 && lower <= 102);
}
