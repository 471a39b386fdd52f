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
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const from = Math.max(before.lastIndexOf(']') + 1, before.lastIndexOf(',"') + 1);
  if (words.test(before.slice(from).toLowerCase())) return true;
  const after = text.slice(end, end + AFTER);
  const to = after.search(/[[\]{}",;\n]/);
  return words.test((to === -1 ? after : after.slice(0, to)).toLowerCase());
}

/** Words as a pattern that matches each where no letter touches it. */
export function contextWords(...words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}])(?:${words.join('|')})(?![\\p{L}])`, 'u');
}
