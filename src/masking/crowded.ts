import { codeAt, isAlphanumeric, isDigit } from './detectors/characters.ts';
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
  if ((nearnessOf(text, start - 1) | nearnessOf(text, end)) !== FAR_FROM) return true;
  const beyond = nearnessOf(text, start - 2) | nearnessOf(text, start - 3);
  return ((beyond | nearnessOf(text, end + 1) | nearnessOf(text, end + 2)) & JOINS) !== 0;
}

/** What a sign beside a value says: nothing, that the value goes on where the sign touches it, or also from a distance. */
const FAR_FROM = 0;
const TOUCHES = 1;
const JOINS = 2;

const NEARNESS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isDigit(code) || '+(@'.includes(String.fromCharCode(code))) return JOINS;
  return isAlphanumeric(code) ? TOUCHES : FAR_FROM;
});

function nearnessOf(text: string, index: number): number {
  const code = codeAt(text, index);
  return code < 128 ? (NEARNESS[code] ?? FAR_FROM) : JOINS;
}

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
