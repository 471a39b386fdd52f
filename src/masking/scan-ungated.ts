import { isCertain } from './certain.ts';
import { DETECTORS } from './detectors/all.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { harmlessEnd } from './detectors/harmless.ts';
import { fold, unfolded } from './fold.ts';

/**
 * Asks every detector at every character that is not inside of something harmless: slow, and the measure of `scan`.
 *
 * @param passes whether it passes over what is inside of a certain number, as `scan` does.
 */
export function scanUngated(text: string, aid: Aid, passes: boolean): readonly Candidate[] {
  const folded = fold(text);
  const found: Candidate[] = [];
  for (let index = 0; index < folded.text.length; index++) {
    const end = harmlessEnd(folded.text, index);
    if (end !== -1) {
      index = end - 1;
      continue;
    }
    const candidates = DETECTORS.map(
      (detector) => [detector, detector.detect(folded.text, index, aid)] as const,
    );
    const certain = candidates.find(
      ([{ trigger }, one]) =>
        passes && trigger === 'long_number' && one !== null && isCertain(folded.text, one, aid),
    );
    const first = certain === undefined ? -1 : DETECTORS.indexOf(certain[0]);
    for (const [position, [{ trigger }, candidate]] of candidates.entries()) {
      // In `pass`, a certain number is the last that is found at its place, but for a street in front.
      const asked =
        certain === undefined ||
        trigger === 'letters_digits' ||
        trigger === 'short_number' ||
        (trigger === 'long_number' && position <= first);
      if (candidate !== null && asked) found.push(unfolded(candidate, folded.origin));
    }
    if (certain === undefined) continue;
    const last = certain[1]?.end ?? 0;
    // Its last group may be that of a house.
    const group = last - (/[0-9]*$/.exec(folded.text.slice(index, last))?.[0].length ?? 0);
    for (const { trigger, detect } of DETECTORS) {
      const candidate = trigger === 'short_number' ? detect(folded.text, group, aid) : null;
      if (candidate !== null) found.push(unfolded(candidate, folded.origin));
    }
    index = last - 1;
  }
  return found;
}
