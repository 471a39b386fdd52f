import type { CustomDetector } from './custom-detectors.ts';
import { fold } from './fold.ts';

/** What a connector was given in place of a token. */
export interface RevealedValue {
  readonly class: string;
  readonly value: string;
}

/**
 * Finds a value that a token stood for, in whatever case: a backend that echoes what it was given, in a row or in an error, must
 * not tell the agent what the token hides, and a name has no shape to be found by.
 */
export function literalDetector({ class: dataClass, value }: RevealedValue): CustomDetector {
  const wanted = fold(value).text.toLowerCase();
  return {
    find(text) {
      if (wanted === '') return [];
      const folded = fold(text);
      const lower = folded.text.toLowerCase();
      // Rare letters change their number in lower case, and offsets with it.
      const within = lower.length === folded.text.length ? lower : folded.text;
      const found = [];
      for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + wanted.length)) {
        const end = at + wanted.length;
        found.push({
          class: dataClass,
          start: folded.origin[at] ?? 0,
          end: folded.origin[end] ?? text.length,
          score: CERTAIN,
        });
      }
      return found;
    },
  };
}

const CERTAIN = 100;
