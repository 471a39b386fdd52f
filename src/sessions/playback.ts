import type { TimelineCall, TimelineEntry } from './timeline.ts';

/** Something to show, after a pause. */
export interface Beat {
  /** Milliseconds to wait before it. */
  readonly waitMs: number;
  /** Milliseconds that passed before it in the record, where the wait was made shorter than the pace asks for; else null. */
  readonly passedMs: number | null;
  readonly shows:
    | { readonly kind: 'begun'; readonly call: TimelineCall }
    | { readonly kind: 'entry'; readonly entry: TimelineEntry };
}

/** Nobody watches a terminal on which nothing happens for longer. Milliseconds. */
const LONGEST = 3_000;
/** A call that was answered sooner is shown at once as a whole. Milliseconds. */
const QUICK = 250;

/** @param times how many times as fast as it was; null for no waiting at all. */
export function playback(entries: readonly TimelineEntry[], times: number | null): readonly Beat[] {
  const moments = entries
    .flatMap((entry): readonly { readonly at: number; readonly shows: Beat['shows'] }[] => {
      const took = entry.kind === 'call' ? (entry.durationMs ?? 0) : 0;
      const whole = { at: entry.time + took, shows: { kind: 'entry', entry } } as const;
      return entry.kind === 'call' && took > QUICK
        ? [{ at: entry.time, shows: { kind: 'begun', call: entry } }, whole]
        : [whole];
    })
    .toSorted((a, b) => a.at - b.at);
  return moments.map(({ at, shows }, index) => {
    const passed = at - (moments[index - 1]?.at ?? at);
    const wanted = times === null ? 0 : passed / times;
    // A clock that was set makes times that no pause can stand for.
    const shortened = wanted > LONGEST || !Number.isFinite(wanted);
    return { waitMs: shortened ? LONGEST : wanted, passedMs: shortened ? passed : null, shows };
  });
}
