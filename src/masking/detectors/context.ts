import { codeAt, isAsciiLetter } from './characters.ts';
import { beginningsOf, keyOf, LETTERS } from './context-beginnings.ts';
import type { Aid } from './detector.ts';

/** Characters before and after a candidate in which a context word counts. */
const BEFORE = 40;
const AFTER = 16;

/** Words that say what stands beside them. */
export interface ContextWords {
  /** Matches each of them where no letter touches it. */
  readonly pattern: RegExp;
  /** Marks the two letters that each begins with; null where one begins with something else. */
  readonly beginnings: Uint8Array | null;
}

/**
 * Whether one of `words` stands near a candidate. (The name of a column is not asked: what it stands for, it stands for
 * whatever the value looks like, and `call_id` is no telephone.)
 *
 * A window ends at a square bracket that masking could have written, at a comma that ends a JSON member, and after the
 * candidate at any punctuation that starts something new. Thus masking one value never brings a word nearer to the
 * next, and masking twice gives what masking once gives.
 */
export function hasContext(text: string, start: number, end: number, words: ContextWords, aid: Aid): boolean {
  if (aid.assumeContext) return true;
  look(text, start, end);
  return holds(before, words) || holds(after, words);
}

/** Whether `hasContext` could say yes: without a pattern, and never a no where it says yes. */
export function mayHaveContext(
  text: string,
  start: number,
  end: number,
  words: ContextWords,
  aid: Aid,
): boolean {
  if (aid.assumeContext) return true;
  look(text, start, end);
  return mayHold(before, words) || mayHold(after, words);
}

/** What stands on one side of a candidate: it is asked for many words. */
interface Window {
  /** Where the candidate begins or ends; -1 before the first is asked for. */
  at: number;
  from: number;
  to: number;
  /** The text in lower case, made when a pattern needs it; empty where it holds no word. */
  words: string | null;
  /** The beginning of each of its words. */
  readonly keys: Uint16Array;
  count: number;
  /** Whether a word begins with a letter beyond ASCII, so that any could be meant. */
  foreign: boolean;
}

function emptyWindow(longest: number): Window {
  return { at: -1, from: 0, to: 0, words: null, keys: new Uint16Array(longest), count: 0, foreign: false };
}

/** Those of the last candidate, and the text that they are of. */
let seen = '';
const before = emptyWindow(BEFORE);
const after = emptyWindow(AFTER);

function look(text: string, start: number, end: number): void {
  const same = seen === text;
  seen = text;
  if (!same || before.at !== start) {
    before.at = start;
    before.from = windowStart(text, start);
    before.to = start;
    readWords(text, before);
  }
  if (!same || after.at !== end) {
    after.at = end;
    after.from = end;
    after.to = windowEnd(text, end);
    readWords(text, after);
  }
}

const CLOSES = 93;
const QUOTE = 34;
const COMMA = 44;

function windowStart(text: string, start: number): number {
  const floor = Math.max(0, start - BEFORE);
  for (let index = start - 1; index >= floor; index--) {
    const code = text.charCodeAt(index);
    if (code === CLOSES) return index + 1;
    if (code === QUOTE && index > floor && text.charCodeAt(index - 1) === COMMA) return index;
  }
  return floor;
}

/** What ends the words behind a candidate: `[ ] { } " , ;` and a new line. */
const STARTS_ANEW = Uint8Array.from({ length: 128 }, (_, code) =>
  '[]{}",;\n'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function windowEnd(text: string, end: number): number {
  const limit = Math.min(text.length, end + AFTER);
  for (let index = end; index < limit; index++) if (STARTS_ANEW[text.charCodeAt(index)] === 1) return index;
  return limit;
}

function readWords(text: string, window: Window): void {
  const { from, to, keys } = window;
  window.words = null;
  window.count = 0;
  window.foreign = false;
  let inWord = false;
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    const letter = isAsciiLetter(code);
    if (!inWord && (letter || code > 127)) {
      const second = index + 1 < to ? codeAt(text, index + 1) : 0;
      if (code > 127 || second > 127) window.foreign = true;
      else keys[window.count++] = keyOf(code, second);
    }
    inWord = letter;
  }
}

function mayHold(window: Window, { beginnings }: ContextWords): boolean {
  if (beginnings === null || window.foreign) return true;
  for (let index = 0; index < window.count; index++)
    if (beginnings[window.keys[index] ?? 0] === 1) return true;
  return false;
}

function holds(window: Window, words: ContextWords): boolean {
  if (!mayHold(window, words)) return false;
  window.words ??= worded(seen.slice(window.from, window.to));
  return window.words !== '' && words.pattern.test(window.words);
}

/** A window without a letter holds no word. */
function worded(window: string): string {
  return /\p{L}{2}/u.test(window) ? window.toLowerCase() : '';
}

/** Words as patterns in lower case, alternatives separated by `|`. */
export function contextWords(...words: readonly string[]): ContextWords {
  const source = words.join('|');
  return {
    pattern: new RegExp(`(?<![\\p{L}])(?:${source})(?![\\p{L}])`, 'u'),
    beginnings: beginningsOf(source),
  };
}

/** Any of the words of several: one question spares most numbers all the others. */
export function anyOf(all: readonly ContextWords[]): ContextWords {
  const beginnings = new Uint8Array(LETTERS * LETTERS);
  for (const words of all) {
    if (words.beginnings === null) return { pattern: joined(all), beginnings: null };
    for (const [key, marked] of words.beginnings.entries()) if (marked === 1) beginnings[key] = 1;
  }
  return { pattern: joined(all), beginnings };
}

function joined(all: readonly ContextWords[]): RegExp {
  return all.length === 0 ? /(?!)/u : new RegExp(all.map(({ pattern }) => pattern.source).join('|'), 'u');
}
