import { call, on } from './ask.ts';
import { codeAt, isAlphanumeric, isAsciiLetter, isDigit } from './detectors/characters.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { harmlessEnd, mayBeHarmless } from './detectors/harmless.ts';
import { certainEndOfLast, digitRun } from './digit-run.ts';
import { SHORTEST_TOKEN } from './detectors/tokens.ts';
import { LONGEST_WORD, SHORTEST_WORD } from './detectors/word-ids.ts';
import { fold, hides, unfolded } from './fold.ts';
import { proseEnd } from './prose.ts';
import { AT, BRACE, BREAKS, DIGIT, JOINS, KINDS, LETTER, MINUS, NEW_LINE, SAYS } from './kinds.ts';

const AT_SIGN = on('at_sign');
const COLONS = on('colon');
const LABEL = on('label');
const PAIRS = on('pairs');
const DASHES = on('dashes');
const LINE = on('line');
const WORD = on('word');
const TOKEN = on('token');
const TOKEN_PART = on('token_part');

/** Signs without which a text holds no JSON and no form: as bits. */
export const HAS_BRACE = 1;
export const HAS_PLUS = 2;
export const HAS_EQUALS = 4;
const HAS_ANY = HAS_BRACE | HAS_PLUS | HAS_EQUALS;

let signs = 0;

/** Those of the text that was searched last: the pass sees each character, and two more searches would cost as much again. */
export function signsOfLast(): number {
  return signs;
}

/** Shared by all clean texts: most are. */
const NONE: readonly Candidate[] = [];

/**
 * Candidates of every class in a text, in one pass: each character is looked at once, and detectors are called only
 * where a trigger stands. ASCII pays nothing for folding; other text pays only where a character could hide a value.
 */
export function scan(text: string, aid: Aid): readonly Candidate[] {
  const found = pass(text, aid, false);
  if (found !== HIDDEN) return found ?? NONE;
  const folded = scanFolded(text, aid);
  signs = HAS_ANY;
  return folded;
}

function scanFolded(text: string, aid: Aid): readonly Candidate[] {
  const folded = fold(text);
  const found = pass(folded.text, aid, true);
  return found === null || found === HIDDEN
    ? NONE
    : found.map((candidate) => unfolded(candidate, folded.origin));
}

/** In place of candidates: the text has characters that could hide a value. */
const HIDDEN = 'hidden';

function pass(text: string, aid: Aid, folded: boolean): Candidate[] | null | typeof HIDDEN {
  let found: Candidate[] | null = null;
  /** Where the word and the token began that the next character may belong to. */
  let word = 0;
  let token = 0;
  /** The last digit so far. */
  let digit = -1;
  let has = 0;
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (KINDS[code] ?? BREAKS) : BREAKS;
    if (kind === LETTER && index !== token) continue;
    if (index === token && kind <= DIGIT) {
      const end = mayBeHarmless(text, index) ? harmlessEnd(text, index) : -1;
      if (end !== -1) {
        index = end - 1;
        word = end;
        token = end;
        continue;
      }
      if (kind === LETTER) {
        const prose = proseEnd(text, index);
        if (prose !== index) {
          index = prose - 1;
          word = prose;
          token = prose;
          continue;
        }
        index = lettersEnd(text, index) - 1;
        continue;
      }
    }
    if (kind === DIGIT) {
      let end = digitsEnd(text, index);
      found = digitRun(text, index, end, aid, found);
      const certain = certainEndOfLast();
      if (certain !== -1) {
        end = certain;
        word = end;
        token = end;
      }
      digit = end - 1;
      index = digit;
      continue;
    }
    if (code > 127 && !folded && hides(text, index)) return HIDDEN;
    if (index - word >= SHORTEST_WORD) found = wordRun(text, word, index, digit, aid, found);
    word = index + 1;
    if (kind === JOINS) {
      if (code === PLUS) has |= HAS_PLUS;
      continue;
    }
    if (kind === MINUS) {
      found = minus(text, index, aid, found);
      continue;
    }
    if (index - token >= SHORTEST_TOKEN) found = tokenRun(text, token, index, aid, found);
    token = index + 1;
    if (kind === BREAKS) continue;
    if (kind === SAYS) {
      if (code !== COLON) has |= HAS_EQUALS;
      found = says(text, index, code, aid, found);
    } else if (kind === BRACE) has |= HAS_BRACE;
    else if (kind === AT) found = call(AT_SIGN, text, index, aid, found);
    else if (kind === NEW_LINE) found = call(LINE, text, index, aid, found);
    else if (!folded && hides(text, index)) return HIDDEN;
  }
  if (length - word >= SHORTEST_WORD) found = wordRun(text, word, length, digit, aid, found);
  if (length - token >= SHORTEST_TOKEN) found = tokenRun(text, token, length, aid, found);
  signs = has;
  return found;
}

function lettersEnd(text: string, start: number): number {
  let end = start + 1;
  while (isAsciiLetter(codeAt(text, end))) end++;
  return end;
}

function digitsEnd(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(codeAt(text, end))) end++;
  return end;
}

const PLUS = 43;
const COLON = 58;
const DASH = 45;

function says(
  text: string,
  at: number,
  code: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  const before = codeAt(text, at - 1);
  if (!isDigit(before)) all = call(LABEL, text, at, aid, all);
  if (code !== COLON) return all;
  if (isHex(before)) all = call(COLONS, text, at, aid, all);
  return codeAt(text, at + 3) === COLON ? call(PAIRS, text, at, aid, all) : all;
}

function minus(text: string, at: number, aid: Aid, found: Candidate[] | null): Candidate[] | null {
  const all = codeAt(text, at + 3) === DASH ? call(PAIRS, text, at, aid, found) : found;
  const first = codeAt(text, at + 1) === DASH && codeAt(text, at - 1) !== DASH;
  return first ? call(DASHES, text, at, aid, all) : all;
}

function wordRun(
  text: string,
  start: number,
  end: number,
  digit: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  const length = end - start;
  if (length > LONGEST_WORD) return found;
  const capitals =
    (length === 8 || length === 11) &&
    isCapital(text.charCodeAt(start)) &&
    isCapital(text.charCodeAt(start + 1));
  return capitals || digit >= start ? call(WORD, text, start, aid, found) : found;
}

function tokenRun(
  text: string,
  start: number,
  end: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = call(TOKEN, text, start, aid, found);
  let joined = true;
  for (let index = start; index < end; index++) {
    const inWord = isAlphanumeric(text.charCodeAt(index));
    if (joined && inWord) all = call(TOKEN_PART, text, index, aid, all);
    joined = !inWord;
  }
  return all;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isHex(code: number): boolean {
  const lower = code | 32;
  return isDigit(code) || (lower >= 97 && lower <= 102);
}
