import { codeAt, isAsciiLetter } from './characters.ts';
import { keyOf } from './context-beginnings.ts';

/** Characters before and after a candidate in which a context word counts. */
const BEFORE = 40;
const AFTER = 16;

/** What stands on one side of a candidate, read as far as somebody asked: it is asked for many words. */
export interface Window {
  text: string;
  /** Where the candidate begins or ends; -1 before the first is asked for. */
  at: number;
  /** From where to where the window is, as far as it is read. */
  from: number;
  to: number;
  /** Where it ends at the latest, and whether it is read to its end. */
  limit: number;
  done: boolean;
  /** The beginning of each of its words, the nearest first, and where in the text it is. */
  readonly keys: Uint16Array;
  readonly places: Uint32Array;
  count: number;
  /** Whether a word begins with a letter beyond ASCII, so that any could be meant. */
  foreign: boolean;
  /** Whether all of it is ASCII. */
  ascii: boolean;
  /** All of it in lower case, made when a pattern needs it; empty where it holds no word. */
  whole: string | null;
}

function emptyWindow(longest: number): Window {
  const keys = new Uint16Array(longest);
  const places = new Uint32Array(longest);
  const nothing = { text: '', at: -1, from: 0, to: 0, limit: 0, done: true, count: 0 };
  return { ...nothing, keys, places, foreign: false, ascii: true, whole: null };
}

/** Those of the last candidate. */
const before = emptyWindow(BEFORE);
const after = emptyWindow(AFTER);

export function lookBefore(text: string, start: number): Window {
  if (before.at === start && before.text === text) return before;
  // Groups of digits follow one another: what held no word for one of them is not read again for the next.
  const clear = isClear(before, text) && before.at < start;
  clearTo = clear ? before.at : -1;
  clearFrom = before.from;
  open(before, text, start);
  before.limit = Math.max(0, start - BEFORE);
  return before;
}

export function lookAfter(text: string, end: number): Window {
  if (after.at === end && after.text === text) return after;
  const read = isClear(after, text) && after.at < end ? after.to : end;
  open(after, text, end);
  after.to = Math.max(end, read);
  after.limit = Math.min(text.length, end + AFTER);
  return after;
}

/** The stretch in front of a candidate that is known to hold no word, up to where it has to be read; -1 where none is. */
let clearFrom = 0;
let clearTo = -1;

/** Whether a window was read to its end and holds no word. */
function isClear(window: Window, text: string): boolean {
  return window.done && window.count === 0 && window.ascii && !window.foreign && window.text === text;
}

function open(window: Window, text: string, at: number): void {
  window.text = text;
  window.at = at;
  window.from = at;
  window.to = at;
  window.done = false;
  window.count = 0;
  window.foreign = false;
  window.ascii = true;
  window.whole = null;
}

/** Reads on to the word of a number, 0 the nearest. False where there are fewer. */
export function readTo(window: Window, index: number): boolean {
  while (window.count <= index && !window.done)
    if (window === before) readBack();
    else readOn();
  return index < window.count;
}

/** The whole window in lower case. Without two letters together it holds no word. */
export function wholeOf(window: Window): string {
  if (window.whole !== null) return window.whole;
  readTo(window, Number.POSITIVE_INFINITY);
  const said = window.text.slice(window.from, window.to);
  return (window.whole = WORD.test(said) ? said.toLowerCase() : '');
}

const WORD = /\p{L}{2}/u;

const CLOSES = 93;
const QUOTE = 34;
const COMMA = 44;

/** To the beginning of the next word in front of what was read, or of the window. */
function readBack(): void {
  const { text, limit } = before;
  let inWord = false;
  for (let index = before.from; index > limit; index--) {
    if (index === clearTo && !inWord) {
      before.from = Math.max(limit, clearFrom);
      before.done = true;
      return;
    }
    const code = text.charCodeAt(index - 1);
    if (isAsciiLetter(code)) {
      inWord = true;
      continue;
    }
    if (code > 127) before.ascii = false;
    if (inWord) {
      before.from = index;
      keep(before, index);
      return;
    }
    if (code > 127 && !(index - 1 > limit && isAsciiLetter(text.charCodeAt(index - 2))))
      before.foreign = true;
    const ends = code === CLOSES;
    if (ends || (code === QUOTE && index - 1 > limit && text.charCodeAt(index - 2) === COMMA)) {
      before.from = ends ? index : index - 1;
      before.done = true;
      return;
    }
  }
  before.from = limit;
  before.done = true;
  if (inWord) keep(before, limit);
}

/** What ends the words behind a candidate: `[ ] { } " , ;` and a new line. */
const STARTS_ANEW = Uint8Array.from({ length: 128 }, (_, code) =>
  '[]{}",;\n'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** To the end of the window: it is short. */
function readOn(): void {
  const { text, limit } = after;
  let inWord = false;
  let index = after.to;
  for (; index < limit; index++) {
    const code = text.charCodeAt(index);
    if (code < 128 && STARTS_ANEW[code] === 1) break;
    const letter = isAsciiLetter(code);
    if (code > 127) {
      after.ascii = false;
      if (!inWord) after.foreign = true;
    } else if (letter && !inWord) keep(after, index);
    inWord = letter;
  }
  after.to = index;
  after.done = true;
}

/** A word, by the two characters that it begins with. */
function keep(window: Window, start: number): void {
  const { text, keys, places } = window;
  const second = start + 1 < (window === before ? window.to : window.limit) ? codeAt(text, start + 1) : 0;
  if (second > 127) {
    window.foreign = true;
    window.ascii = false;
    return;
  }
  places[window.count] = start;
  keys[window.count++] = keyOf(text.charCodeAt(start), second);
}
