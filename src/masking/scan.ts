import { DETECTORS } from './detectors/all.ts';
import { followsLetters, isDigit, reachesLongNumber } from './detectors/characters.ts';
import type { Aid, Candidate, Detector } from './detectors/detector.ts';
import { fold, hides } from './fold.ts';

const AT_SIGN = DETECTORS.filter(({ trigger }) => trigger === 'at_sign');
const LONG_NUMBER = DETECTORS.filter(({ trigger }) => trigger === 'long_number');
const LETTERS_DIGITS = DETECTORS.filter(({ trigger }) => trigger === 'letters_digits');

/** Shared by all clean texts: most are. */
const NONE: readonly Candidate[] = [];

/**
 * Candidates of every class in a text, in one pass: each character is looked at once, and detectors are called only
 * where a trigger stands. ASCII pays nothing for folding; other text pays only where a character could hide a value.
 */
export function scan(text: string, aid: Aid): readonly Candidate[] {
  let found: Candidate[] | null = null;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 64) {
      if (code > 127 && hides(text, index)) return scanFolded(text, aid);
      continue;
    }
    if (code === 64) found = call(AT_SIGN, text, index, aid, found);
    else if (isDigit(code)) {
      found = digitRun(text, index, aid, found);
      while (isDigit(text.charCodeAt(index + 1))) index++;
    }
  }
  return found ?? NONE;
}

/** Asks every detector at every character: slow, and the measure of `scan`. */
export function scanUngated(text: string, aid: Aid): readonly Candidate[] {
  const folded = fold(text);
  const found: Candidate[] = [];
  for (let index = 0; index < folded.text.length; index++)
    for (const detector of DETECTORS) {
      const candidate = detector.detect(folded.text, index, aid);
      if (candidate !== null) found.push(unfolded(candidate, folded.origin));
    }
  return found;
}

function scanFolded(text: string, aid: Aid): readonly Candidate[] {
  const folded = fold(text);
  let found: Candidate[] | null = null;
  for (let index = 0; index < folded.text.length; index++) {
    const code = folded.text.charCodeAt(index);
    if (code === 64) found = call(AT_SIGN, folded.text, index, aid, found);
    else if (isDigit(code)) {
      found = digitRun(folded.text, index, aid, found);
      while (isDigit(folded.text.charCodeAt(index + 1))) index++;
    }
  }
  return found === null ? NONE : found.map((candidate) => unfolded(candidate, folded.origin));
}

function digitRun(text: string, at: number, aid: Aid, found: Candidate[] | null): Candidate[] | null {
  let all = found;
  if (followsLetters(text, at)) all = call(LETTERS_DIGITS, text, at, aid, all);
  if (reachesLongNumber(text, at)) all = call(LONG_NUMBER, text, at, aid, all);
  return all;
}

/** Back to places in the original. What is invisible behind the last character goes with it. */
function unfolded(candidate: Candidate, origin: Uint32Array): Candidate {
  const { start, end } = candidate;
  return { ...candidate, start: origin[start] ?? 0, end: origin[end] ?? origin.at(-1) ?? 0 };
}

function call(
  detectors: readonly Detector[],
  text: string,
  at: number,
  aid: Aid,
  found: Candidate[] | null,
): Candidate[] | null {
  let all = found;
  for (const detector of detectors) {
    const candidate = detector.detect(text, at, aid);
    if (candidate !== null) all = all === null ? [candidate] : (all.push(candidate), all);
  }
  return all;
}
