import type { Aid } from './detector.ts';

/** Characters before and after a candidate in which a context word counts. */
const BEFORE = 40;
const AFTER = 16;

/**
 * Whether one of `words` stands near a candidate. (The name of a column is not asked: what it stands for, it stands for
 * whatever the value looks like, and `call_id` is no telephone.)
 *
 * A window ends at a square bracket that masking could have written, at a comma that ends a JSON member, and after the
 * candidate at any punctuation that starts something new. Thus masking one value never brings a word nearer to the
 * next, and masking twice gives what masking once gives.
 */
export function hasContext(text: string, start: number, end: number, words: RegExp, aid: Aid): boolean {
  if (aid.assumeContext) return true;
  const { before, after } = windowsOf(text, start, end);
  return (before !== '' && words.test(before)) || (after !== '' && words.test(after));
}

interface Windows {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** Those of the last candidate: it is asked for many words. Holds one text, until the next is asked for. */
let last: Windows = { text: '', start: -1, end: -1, before: '', after: '' };

function windowsOf(text: string, start: number, end: number): Windows {
  if (last.start === start && last.end === end && last.text === text) return last;
  const left = text.slice(Math.max(0, start - BEFORE), start);
  const from = Math.max(left.lastIndexOf(']') + 1, left.lastIndexOf(',"') + 1);
  const right = text.slice(end, end + AFTER);
  const to = right.search(/[[\]{}",;\n]/);
  const before = worded(left.slice(from));
  const after = worded(to === -1 ? right : right.slice(0, to));
  last = { text, start, end, before, after };
  return last;
}

/** A window without a letter holds no word. */
function worded(window: string): string {
  return /\p{L}{2}/u.test(window) ? window.toLowerCase() : '';
}

/** Words as a pattern that matches each where no letter touches it. */
export function contextWords(...words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}])(?:${words.join('|')})(?![\\p{L}])`, 'u');
}
