import { DETECTORS } from './detectors/all.ts';
import type { Aid, Candidate, Detector, Trigger } from './detectors/detector.ts';

/** The detectors that are worth a call where a trigger stands. */
export function on(trigger: Trigger): readonly Detector[] {
  return DETECTORS.filter((detector) => detector.trigger === trigger);
}

/** What some detectors find at a place, added to what is found already: null as long as that is nothing, as in most texts. */
export function call(
  detectors: readonly Detector[],
  text: string,
  at: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  for (const detector of detectors) {
    const candidate = detector.detect(text, at, aid);
    if (candidate !== null) all = added(all, candidate);
  }
  return all;
}

export function added(found: Candidate[] | null, candidate: Candidate): Candidate[] {
  if (found === null) return [candidate];
  found.push(candidate);
  return found;
}
