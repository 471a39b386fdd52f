import { severity } from './data-classes.ts';
import type { Did } from './view.ts';

/** A stretch of text and what is done with it. Offsets are UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly class: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly did: Did;
  /** What its strategy made of the value; null for a placeholder. */
  readonly made: string | null;
  /** What stands there instead; null for what the strategy of the class writes, or nothing where it is shown. */
  readonly instead: string | null;
  /** Where the span is a wrapping (an escaped string in JSON), what was found in it, to be counted in its stead. */
  readonly inside: readonly Span[] | null;
}

/**
 * Spans without overlaps, in order. Where some overlap, the longest gives its class (of equal ones the most severe) and
 * covers all of them, so that no end of another sticks out. What is shown gives way to anything that is not: a value
 * that could be two things is shown only to those who may see both.
 */
export function settle(spans: readonly Span[]): readonly Span[] {
  if (areApart(spans)) return spans;
  const masked = merge(spans.filter(({ did }) => did !== 'shown'));
  const shown = merge(spans.filter(({ did }) => did === 'shown'));
  if (shown.length === 0) return masked;
  let next = 0;
  const free = shown.filter((span) => {
    while ((masked[next]?.end ?? Number.POSITIVE_INFINITY) <= span.start) next++;
    return (masked[next]?.start ?? Number.POSITIVE_INFINITY) >= span.end;
  });
  return [...masked, ...free].sort((a, b) => a.start - b.start);
}

/** Whether spans are in order and none overlaps another, as mostly. */
function areApart(spans: readonly Span[]): boolean {
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from) return false;
    from = end;
  }
  return true;
}

function merge(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = joined(last, span);
  }
  return merged;
}

function joined(a: Span, b: Span): Span {
  const winner = outranks(b, a) ? b : a;
  const start = Math.min(a.start, b.start);
  const end = Math.max(a.end, b.end);
  // What blocks a result blocks it under whatever else it lies.
  if (a.did === 'block' || b.did === 'block')
    return { ...winner, start, end, did: 'block', made: null, instead: null };
  if (winner.start === start && winner.end === end) return winner;
  // What was to stand for a part can't stand for the whole: the kept end of one may be the middle of another.
  return {
    ...winner,
    start,
    end,
    did: winner.did === 'shown' ? 'shown' : 'redact',
    made: null,
    instead: null,
  };
}

function outranks(a: Span, b: Span): boolean {
  const longer = a.end - a.start - (b.end - b.start);
  if (longer !== 0) return longer > 0;
  // What knows what has to stand there (a string in JSON) knows more than what found the same.
  if ((a.instead === null) !== (b.instead === null)) return a.instead !== null;
  return severity(a.class) < severity(b.class);
}
