import { SHORTEST_TOKEN } from './detectors/tokens.ts';

/** Characters that are looked at together. */
const STRETCH = 8;

/** What a character counts in a stretch. Small letters, full stops and all else that only stands in words: nothing. */
const CAPITAL = 1;
const BREAK = STRETCH * 2;
const OTHER = BREAK * STRETCH * 2;

/** A word of nothing but capitals may be the code of a bank. Of its eight, three stand in one stretch. */
const MOST_CAPITALS = 2;

const COUNTS = Uint16Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[a-z.]/.test(sign)) return 0;
  if (/[A-Z]/.test(sign)) return CAPITAL;
  return ' ,;!?\'"()'.includes(sign) ? BREAK : OTHER;
});

/**
 * Where prose ends that begins with a word: the beginning of a word behind which it may go on with something else. Nothing in it is
 * worth a detector's call. Stretch by stretch, for prose has words of any length, and where each ends is what a processor
 * guesses wrong. No more than two of them stand between the ends of words, so that no token is as long as a secret.
 */
export function proseEnd(text: string, start: number): number {
  let end = start;
  for (const { length } = text; end + STRETCH <= length; end += STRETCH) {
    const count =
      countOf(text, end) +
      countOf(text, end + 1) +
      countOf(text, end + 2) +
      countOf(text, end + 3) +
      countOf(text, end + 4) +
      countOf(text, end + 5) +
      countOf(text, end + 6) +
      countOf(text, end + 7);
    if (count >= OTHER || count % BREAK > MOST_CAPITALS) break;
    if (count < BREAK && !isShort(text, start, end)) break;
  }
  while (end > start && countOf(text, end - 1) !== BREAK) end--;
  return end;
}

/** Whether what goes through a whole stretch is too short for a token. */
function isShort(text: string, floor: number, stretch: number): boolean {
  let start = stretch;
  while (start > floor && countOf(text, start - 1) < BREAK) start--;
  let end = stretch + STRETCH;
  const limit = Math.min(text.length, start + SHORTEST_TOKEN);
  while (end < limit && countOf(text, end) < BREAK) end++;
  return end - start < SHORTEST_TOKEN;
}

function countOf(text: string, index: number): number {
  return COUNTS[text.charCodeAt(index)] ?? OTHER;
}
