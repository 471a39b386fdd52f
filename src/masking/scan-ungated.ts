import { isCertain } from './certain.ts';
import { DETECTORS } from './detectors/all.ts';
import type { Aid, Candidate, Detector, Trigger } from './detectors/detector.ts';
import { harmlessEnd } from './detectors/harmless.ts';
import { fold, unfolded } from './fold.ts';

/**
 * Asks every detector at every character that is not inside of something harmless: slow, and the measure of `scan`.
 *
 * @param passes whether it passes over what is inside of a certain number, as `scan` does.
 */
export function scanUngated(text: string, aid: Aid, passes: boolean): readonly Candidate[] {
  const folded = fold(text);
  const found: (readonly [at: number, Candidate])[] = [];
  for (let index = 0; index < folded.text.length; index++) {
    const end = harmlessEnd(folded.text, index);
    if (end !== -1) {
      index = end - 1;
      continue;
    }
    const candidates = DETECTORS.map(
      (detector) => [detector, detector.detect(folded.text, index, aid)] as const,
    );
    // In `pass`, a certain number is the last that is found at its place, but for a street in front.
    const certain = passes ? firstCertain(folded.text, candidates, aid) : undefined;
    // The word that an IBAN begins is nothing else.
    const start = certain?.[1]?.start ?? index;
    while ((found.at(-1)?.[0] ?? -1) >= start) found.pop();
    for (const one of candidates) {
      const [{ trigger }, candidate] = one;
      const asked = certain === undefined || trigger === 'short_number' || isAskedBefore(one, certain);
      if (candidate !== null && asked) found.push([index, candidate]);
    }
    if (certain === undefined) continue;
    const last = certain[1]?.end ?? 0;
    // Its last group may be that of a house, or end an IBAN and be a day.
    const group = last - (/[0-9]*$/.exec(folded.text.slice(index, last))?.[0].length ?? 0);
    for (const { trigger, detect } of DETECTORS) {
      const asked =
        trigger === 'short_number' || (trigger === 'date' && certain[0].trigger === 'letters_digits');
      const candidate = asked ? detect(folded.text, group, aid) : null;
      if (candidate !== null) found.push([group, candidate]);
    }
    index = last - 1;
  }
  return found.map(([, candidate]) => unfolded(candidate, folded.origin));
}

type Found = readonly [Detector, Candidate | null];

/** The triggers of certain numbers, in the order in which they are asked. */
const NUMBERS: readonly Trigger[] = ['letters_digits', 'long_number'];

function firstCertain(text: string, all: readonly Found[], aid: Aid): Found | undefined {
  return NUMBERS.map((wanted) =>
    all.find(([{ trigger }, one]) => trigger === wanted && one !== null && isCertain(text, one, aid)),
  ).find((one) => one !== undefined);
}

function isAskedBefore([detector]: Found, [certain]: Found): boolean {
  const at = NUMBERS.indexOf(detector.trigger);
  const last = NUMBERS.indexOf(certain.trigger);
  if (at === -1 || at > last) return false;
  return at < last || DETECTORS.indexOf(detector) <= DETECTORS.indexOf(certain);
}
