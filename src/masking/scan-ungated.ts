import { isCertain } from './certain.ts';
import { DETECTORS } from './detectors/all.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { harmlessEnd } from './detectors/harmless.ts';
import { fold, unfolded } from './fold.ts';

/** Asks every detector at every character that is not inside of something harmless: slow, and the measure of `scan`. */
export function scanUngated(text: string, aid: Aid): readonly Candidate[] {
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
      ([{ trigger }, one]) => trigger === 'long_number' && one !== null && isCertain(folded.text, one, aid),
    );
    const first = certain === undefined ? -1 : DETECTORS.indexOf(certain[0]);
    for (const [position, [{ trigger }, candidate]] of candidates.entries()) {
      // In `pass`, a certain number is the last that is found at its place.
      const asked =
        certain === undefined ||
        trigger === 'letters_digits' ||
        (trigger === 'long_number' && position <= first);
      if (candidate !== null && asked) found.push(unfolded(candidate, folded.origin));
    }
    index = Math.max(index, (certain?.[1]?.end ?? 0) - 1);
  }
  return found;
}
