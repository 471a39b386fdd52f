import { codeAt, DASH, DOT, isAlphanumeric, isAsciiLetter, isDigit, isForeignLetter } from './characters.ts';
import type { Candidate, Detector } from './detector.ts';

/** RFC 5321, 4.5.3.1.1 allows 64; more is taken along, so that nothing is left of an overlong one. */
const LONGEST_LOCAL = 256;
/** RFC 1035, 2.3.4. */
const LONGEST_DOMAIN = 253;

/**
 * E-mail addresses, anchored at the `@`. Local parts are dot-atoms of the characters that addresses in use have
 * (`/ = ? & { | }` are legal but end one here, or a query string would be part of it) or quoted; letters of any
 * script. Both sides stop at another `@`, so all look-backs together pass each character at most twice.
 */
export const email: Detector = {
  trigger: 'at_sign',
  detect(text, at): Candidate | null {
    if (text.charCodeAt(at) !== AT) return null;
    const start = codeAt(text, at - 1) === QUOTE ? quotedStart(text, at) : localStart(text, at);
    if (start === at) return null;
    const end = domainEnd(text, at + 1);
    return end === -1 ? null : { class: 'email', start, end, score: 95 };
  },
};

const AT = 64;
const QUOTE = 34;
/** `!#$%'*+-.^_~`: the rest of what a dot-atom may hold. */
const LOCAL_SIGNS = Uint8Array.from({ length: 128 }, (_, code) =>
  "!#$%'*+-.^_~".includes(String.fromCharCode(code)) ? 1 : 0,
);

function localStart(text: string, at: number): number {
  let start = at;
  let ascii = false;
  const floor = Math.max(0, at - LONGEST_LOCAL);
  while (start > floor) {
    const code = text.charCodeAt(start - 1);
    if (isAsciiLetter(code) || isDigit(code)) ascii = true;
    else if (isForeignLetter(code)) {
      if (ascii && !mixesWithLatin(code)) break;
    } else if (LOCAL_SIGNS[code] !== 1) break;
    start--;
  }
  // Quotes and bullets in front are not part of the address, and an address holds one letter or digit at least.
  while (start < at && !isAlphanumeric(text.charCodeAt(start)) && text.charCodeAt(start) !== UNDERSCORE)
    start++;
  return start;
}

const UNDERSCORE = 95;

/** Latin, Greek and Cyrillic occur in one word, by accident or to deceive; other scripts run on without a space. */
function mixesWithLatin(code: number): boolean {
  return code < 0x530;
}

/** `"john doe"@example.com`: the place of the opening quote, or `at` where there is none on this line. */
function quotedStart(text: string, at: number): number {
  const floor = Math.max(0, at - LONGEST_LOCAL);
  for (let index = at - 2; index >= floor; index--) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index < at - 2 ? index : at;
    if (code === AT || code < 32) return at;
  }
  return at;
}

/** End of the longest domain of two labels or more whose last label could be a top-level domain; -1 for none. */
function domainEnd(text: string, from: number): number {
  let best = -1;
  let label = from;
  let labels = 0;
  let lettersOnly = true;
  const limit = Math.min(text.length, from + LONGEST_DOMAIN);
  for (let index = from; index <= limit; index++) {
    const code = index < limit ? text.charCodeAt(index) : 0;
    if (isAsciiLetter(code)) continue;
    const foreign = isForeignLetter(code);
    const runsOn =
      foreign && !mixesWithLatin(code) && index > label && isAsciiLetter(text.charCodeAt(index - 1));
    if (foreign && !runsOn) continue;
    if (isDigit(code) || code === DASH) {
      lettersOnly = false;
      continue;
    }
    // A label ends here.
    const length = trimmedEnd(text, label, index) - label;
    if (length > 0) labels++;
    if (labels >= 2 && length >= 2 && (lettersOnly || text.startsWith('xn--', label))) best = label + length;
    else if (labels >= 2 && lettersPrefix(text, label, index) >= 2)
      best = label + lettersPrefix(text, label, index);
    if (code !== DOT || length <= 0) break;
    label = index + 1;
    lettersOnly = true;
  }
  return best;
}

/** A label ends in a letter or digit: a dash after it is the sentence's. */
function trimmedEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && text.charCodeAt(trimmed - 1) === DASH) trimmed--;
  return trimmed;
}

/** `example.com-2024` holds `example.com`: letters in front of a dash. Not in front of a digit, which a TLD has none of. */
function lettersPrefix(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && isAsciiLetter(text.charCodeAt(index))) index++;
  return index < end && text.charCodeAt(index) === DASH ? index - start : 0;
}
