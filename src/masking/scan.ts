import { isCertain } from './certain.ts';
import { mayFollow, mayLead } from './detectors/addresses.ts';
import { DETECTORS } from './detectors/all.ts';
import {
  codeAt,
  followsLetters,
  isAlphanumeric,
  isAsciiLetter,
  isDigit,
  FEWEST_DIGITS,
  isSeparator,
  joinsGroups,
} from './detectors/characters.ts';
import type { Aid, Candidate, Detector, Trigger } from './detectors/detector.ts';
import { harmlessEnd, mayBeHarmless } from './detectors/harmless.ts';
import { numberAt } from './detectors/number-run.ts';
import { SHORTEST_TOKEN } from './detectors/tokens.ts';
import { LONGEST_WORD, SHORTEST_WORD } from './detectors/word-ids.ts';
import { fold, hides, unfolded } from './fold.ts';
import { AT, BRACE, BREAKS, DIGIT, JOINS, KINDS, LETTER, MINUS, NEW_LINE, SAYS } from './kinds.ts';

function on(trigger: Trigger): readonly Detector[] {
  return DETECTORS.filter((detector) => detector.trigger === trigger);
}

const AT_SIGN = on('at_sign');
const LONG_NUMBER = on('long_number');
const LETTERS_DIGITS = on('letters_digits');
const DOTTED = on('dotted');
const DATE = on('date');
const SHORT_NUMBER = on('short_number');
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
        index = lettersEnd(text, index) - 1;
        continue;
      }
    }
    if (kind === DIGIT) {
      let end = digitsEnd(text, index);
      found = digitRun(text, index, end, aid, found);
      if (certainEnd !== -1) {
        end = certainEnd;
        // Its first group may be that of a house, too.
        if (mayFollow(text, index)) found = call(SHORT_NUMBER, text, index, aid, found);
        if (mayLead(text, end)) found = lastGroup(text, end, aid, found);
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

const DOT = 46;
const SPACE = 32;
const SLASH = 47;
const PLUS = 43;

/** Where the number ends that the last run of digits certainly is; -1 where it may be several. */
let certainEnd = -1;

function digitRun(
  text: string,
  at: number,
  end: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  certainEnd = -1;
  if (followsLetters(text, at, end)) all = call(LETTERS_DIGITS, text, at, aid, all);
  const next = codeAt(text, end);
  const mayGoOn = end - at >= FEWEST_DIGITS || joinsGroups(next) || next === PLUS;
  // Amounts stand in cells of their own: too short to be anything.
  const hasRoom = text.length - at >= FEWEST_DIGITS;
  if (hasRoom && mayGoOn && numberAt(text, at) !== null)
    for (const { detect } of LONG_NUMBER) {
      const candidate = detect(text, at, aid);
      if (candidate === null) continue;
      all = added(all, candidate);
      if (!isCertain(text, candidate, aid)) continue;
      certainEnd = candidate.end;
      return all;
    }
  const count = end - at;
  if (count > 5) return all;
  if (hasRoom && count < 4 && next === DOT && isDigit(codeAt(text, end + 1)))
    all = call(DOTTED, text, at, aid, all);
  const before = codeAt(text, at - 1);
  if (isAlphanumeric(before)) return all;
  const spaced = next === SPACE || next === COMMA || isAsciiLetter(next);
  if (count !== 3 && count < 5 && (spaced || isSeparator(next) || next === SLASH))
    all = call(DATE, text, at, aid, all);
  return spaced || before === SPACE ? call(SHORT_NUMBER, text, at, aid, all) : all;
}

/** Of a certain number, the last group may still be that of a house: its street stands outside. */
function lastGroup(text: string, end: number, aid: Aid, found: Candidate[] | null): Candidate[] | null {
  let at = end;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  return call(SHORT_NUMBER, text, at, aid, found);
}

const COMMA = 44;
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

function call(
  detectors: readonly Detector[],
  text: string,
  at: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  for (const detector of detectors) {
    const candidate = detector.detect(text, at, aid);
    if (candidate !== null) all = added(all, candidate);
  }
  return all;
}

function added(found: Candidate[] | null, candidate: Candidate): Candidate[] {
  if (found === null) return [candidate];
  found.push(candidate);
  return found;
}
