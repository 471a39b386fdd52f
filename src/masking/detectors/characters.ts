/** Character code at an index, or 0 outside the text: 0 is no digit, letter or separator. */
export function codeAt(text: string, index: number): number {
  return index >>> 0 < text.length ? text.charCodeAt(index) : 0;
}

/** One comparison, here and below: where values are dense, mispredicted branches are most of the cost. */
export function isDigit(code: number): boolean {
  return (code - 48) >>> 0 < 10;
}

/** ASCII letters, and everything beyond ASCII that is not punctuation or a space. */
export function isLetter(code: number): boolean {
  return isAsciiLetter(code) || isForeignLetter(code);
}

export function isAsciiLetter(code: number): boolean {
  return ((code | 32) - 97) >>> 0 < 26;
}

/** Beyond ASCII: all but Latin-1 signs, general punctuation and symbols, and CJK punctuation. */
export function isForeignLetter(code: number): boolean {
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return false;
  return !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f);
}

export function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

export const SPACE = 32;
export const DASH = 45;
export const DOT = 46;

export function isSeparator(code: number): boolean {
  return oneOf(SEPARATORS, code);
}

/** Signs from space to slash as bits, the space lowest. */
function bitsOf(signs: string): number {
  return Array.from(signs).reduce((bits, sign) => bits | (1 << (sign.charCodeAt(0) - SPACE)), 0);
}

function oneOf(bits: number, code: number): boolean {
  return (code - SPACE) >>> 0 < 16 && ((bits >>> (code - SPACE)) & 1) === 1;
}

const SEPARATORS = bitsOf(' -.');

/** The first digit of a run of digits: the trigger of every detector of numbers. */
export function startsDigitRun(text: string, at: number): boolean {
  return isDigit(codeAt(text, at)) && !isDigit(codeAt(text, at - 1));
}

/** Whether a number goes on as a whole number that was stored as a float or an amount prints: `44051401359.0`, `44051401359.00`. */
export function endsAsFloat(text: string, end: number): boolean {
  if (codeAt(text, end) !== DOT || codeAt(text, end + 1) !== ZERO) return false;
  let last = end + 2;
  while (last < end + MOST_ZEROS && codeAt(text, last) === ZERO) last++;
  const after = codeAt(text, last);
  return !isAlphanumeric(after) && !(joinsGroups(after) && isDigit(codeAt(text, last + 1)));
}

const ZERO = 48;
/** With the dot. */
const MOST_ZEROS = 7;

/** The digits of a stretch of text, without what stands between them. */
export function digitsOf(text: string, start: number, end: number): string {
  let digits = '';
  let group = start;
  for (let index = start; index <= end; index++) {
    if (index < end && isDigit(text.charCodeAt(index))) continue;
    if (group < index) digits += text.slice(group, index);
    group = index + 1;
  }
  return digits;
}

const JOINS_GROUPS = bitsOf(' -.()/');

/** What may stand between the groups of a number, at most two in a row. */
export function joinsGroups(code: number): boolean {
  return oneOf(JOINS_GROUPS, code);
}

/** Fewer digits are no value of any class. */
export const FEWEST_DIGITS = 7;

/** `2026-03-14`, in this century or the last: the commonest number of eight digits, and no value of any class. */
export function isIsoDate(text: string, at: number): boolean {
  const century = codeAt(text, at + 1);
  if (codeAt(text, at + 4) !== DASH || codeAt(text, at + 7) !== DASH) return false;
  if (!(codeAt(text, at) === 50 && century === 48) && !(codeAt(text, at) === 49 && century === 57))
    return false;
  const after = codeAt(text, at + 10);
  return (
    isDigit(codeAt(text, at + 2)) &&
    isDigit(codeAt(text, at + 3)) &&
    isDigit(codeAt(text, at + 5)) &&
    isDigit(codeAt(text, at + 6)) &&
    isDigit(codeAt(text, at + 8)) &&
    isDigit(codeAt(text, at + 9)) &&
    !isDigit(after) &&
    !joinsGroups(after)
  );
}

/**
 * Whether letters stand before a run of digits, with a separator or not, as a detector of those needs them: two that no other
 * touches (the country of an IBAN), or any before the six digits of a date, where Mexico counts `&` as one. Most numbers stand
 * behind a word.
 */
export function followsLetters(text: string, at: number, end: number): boolean {
  const last = isSeparator(codeAt(text, at - 1)) ? at - 2 : at - 1;
  const code = codeAt(text, last);
  if (!isAsciiLetter(code)) return code === AMPERSAND && end - at >= 6;
  if (end - at < 2) return false;
  return end - at >= 6 || (isAsciiLetter(codeAt(text, last - 1)) && !isAsciiLetter(codeAt(text, last - 2)));
}

const AMPERSAND = 38;
