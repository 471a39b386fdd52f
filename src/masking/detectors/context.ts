import { beginningsOf, isTwoLetters, LETTERS } from './context-beginnings.ts';
import { lookAfter, lookBefore, readTo, wholeOf, type Window } from './context-window.ts';
import type { Aid } from './detector.ts';

/** Words that say what stands beside them. */
export interface ContextWords {
  /** Matches each of them where no letter touches it. */
  readonly pattern: RegExp;
  /** The same, at one place. */
  readonly anchored: RegExp;
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
  return holds(lookBefore(text, start), words) || holds(lookAfter(text, end), words);
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
  return mayHold(lookBefore(text, start), words) || mayHold(lookAfter(text, end), words);
}

function mayHold(window: Window, { beginnings }: ContextWords): boolean {
  if (beginnings === null) return true;
  for (let index = 0; readTo(window, index); index++)
    if (beginnings[window.keys[index] ?? 0] === 1) return true;
  return window.foreign;
}

/** Which of several `mayHaveContext` says yes to, a bit each, the first the lowest: one look at a window for all of them. */
export function whichMayHaveContext(
  text: string,
  start: number,
  end: number,
  kinds: SeveralWords,
  aid: Aid,
): number {
  if (aid.assumeContext) return kinds.all;
  return (
    kinds.unasked | whichMayHold(lookBefore(text, start), kinds) | whichMayHold(lookAfter(text, end), kinds)
  );
}

function whichMayHold(window: Window, { all, beginnings }: SeveralWords): number {
  let which = 0;
  for (let index = 0; readTo(window, index); index++) which |= beginnings[window.keys[index] ?? 0] ?? 0;
  return window.foreign ? all : which;
}

/** The words are asked from the nearest on: what says what a number is mostly stands right beside it. */
function holds(window: Window, words: ContextWords): boolean {
  const { beginnings, anchored } = words;
  if (beginnings === null) return inWhole(window, words);
  let unsure = false;
  for (let index = 0; readTo(window, index); index++) {
    const key = window.keys[index] ?? 0;
    if (beginnings[key] !== 1) continue;
    if (!window.ascii || !isTwoLetters(key)) unsure = true;
    else {
      anchored.lastIndex = 0;
      if (anchored.test(window.text.slice(window.places[index], window.to).toLowerCase())) return true;
    }
  }
  return (unsure || window.foreign) && inWhole(window, words);
}

function inWhole(window: Window, { pattern }: ContextWords): boolean {
  const said = wholeOf(window);
  return said !== '' && pattern.test(said);
}

/** Words as patterns in lower case, alternatives separated by `|`. */
export function contextWords(...words: readonly string[]): ContextWords {
  const source = words.join('|');
  return compiled(`(?<![\\p{L}])(?:${source})(?![\\p{L}])`, beginningsOf(source));
}

function compiled(source: string, beginnings: Uint8Array | null): ContextWords {
  return { pattern: new RegExp(source, 'u'), anchored: new RegExp(source, 'uy'), beginnings };
}

/** Words of at most 31 kinds, to be told apart. */
export interface SeveralWords {
  readonly all: number;
  /** Those that may begin with anything. */
  readonly unasked: number;
  /** By the two letters that a word begins with. */
  readonly beginnings: Int32Array;
}

export function several(kinds: readonly ContextWords[]): SeveralWords {
  const beginnings = new Int32Array(LETTERS * LETTERS);
  let unasked = 0;
  for (const [kind, words] of kinds.entries())
    if (words.beginnings === null) unasked |= 1 << kind;
    else
      for (const [key, marked] of words.beginnings.entries())
        beginnings[key] = (beginnings[key] ?? 0) | (marked << kind);
  return { all: 2 ** kinds.length - 1, unasked, beginnings };
}

/** Any of the words of several: one question spares most numbers all the others. */
export function anyOf(all: readonly ContextWords[]): ContextWords {
  const beginnings = new Uint8Array(LETTERS * LETTERS);
  for (const words of all) {
    if (words.beginnings === null) return compiled(joined(all), null);
    for (const [key, marked] of words.beginnings.entries()) if (marked === 1) beginnings[key] = 1;
  }
  return compiled(joined(all), beginnings);
}

function joined(all: readonly ContextWords[]): string {
  return all.length === 0 ? '(?!)' : all.map(({ pattern }) => pattern.source).join('|');
}
