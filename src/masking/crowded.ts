import { isAlphanumeric, isDigit } from './detectors/characters.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { scan } from './scan.ts';
import type { Span } from './settle.ts';

/**
 * Whether something stands so near a masked value that it may have hidden another: detectors look at most three
 * characters beyond their own value. `123-45-6789-4111111111111111` is a card behind something longer than a number;
 * without the card, it is a Social Security number.
 */
export function crowded(text: string, { start, end, did }: Span): boolean {
  if (did === 'shown') return false;
  if (isAlphanumeric(text.charCodeAt(start - 1)) || isAlphanumeric(text.charCodeAt(end))) return true;
  for (let distance = 0; distance < 3; distance++)
    if (joins(text.charCodeAt(start - 1 - distance)) || joins(text.charCodeAt(end + distance))) return true;
  return false;
}

function joins(code: number): boolean {
  return isDigit(code) || code === PLUS || code === OPEN || code === AT || code > 127;
}

const PLUS = 43;
const OPEN = 40;
const AT = 64;

/** As far as the longest value of any class reaches. */
const FAR = 65_536;
/** What is cut there may look like a value, and was read whole in the first search. */
const EDGE = 1_024;

/**
 * What is found once the masked values are gone, which is brackets in their places: to detectors the same as the
 * placeholders, at the same offsets. Only where one of them is crowded can there be anything new, so of a long text
 * the rest is not read again.
 */
export function searchedAgain(text: string, spans: readonly Span[], aid: Aid): readonly Candidate[] {
  const blank = blanked(text, spans);
  return stretchesOf(text, spans).flatMap(([from, to]) =>
    scan(blank.slice(from, to), aid)
      .map((found) => ({ ...found, start: found.start + from, end: found.end + from }))
      .filter(
        ({ start, end }) => (from === 0 || end > from + EDGE) && (to === text.length || start < to - EDGE),
      ),
  );
}

/** In order, and none touches another. */
function stretchesOf(text: string, spans: readonly Span[]): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (const span of spans) {
    if (!crowded(text, span)) continue;
    const last = stretches.at(-1);
    const to = Math.min(text.length, span.end + FAR);
    if (last !== undefined && span.start - FAR <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([Math.max(0, span.start - FAR), to]);
  }
  return stretches;
}

function blanked(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, did } of spans) {
    if (did === 'shown') continue;
    parts.push(text.slice(from, start), ']'.repeat(end - start));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
