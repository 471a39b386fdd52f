import type { CountryCode } from 'libphonenumber-js/max';
import type { DataClass } from '../data-classes.ts';

/** A stretch of text that may be a value of a class. Offsets are UTF-16 code units, `end` exclusive. */
export interface Candidate {
  readonly class: DataClass;
  readonly start: number;
  readonly end: number;
  /** 0 to 1: how sure. Compared with the threshold of the class. */
  readonly score: number;
}

/** What a detector may use beside the text. */
export interface Aid {
  /** The text may hold anything, so a bare number counts as what it could be. */
  readonly assumeContext: boolean;
  /** Countries whose national telephone formats are tried. */
  readonly phoneRegions: readonly CountryCode[];
  readonly budget: Budget;
}

/** What is left of the work that one call may cost, so that no input makes masking slow. Counts down. */
export interface Budget {
  /** Validations by libphonenumber, 30–45 µs each. When none is left, candidates count as possible. */
  phoneChecks: number;
  /** Values visited. When none is left, values are redacted unseen. */
  nodes: number;
}

/**
 * - `at_sign`: each `@`.
 * - `long_number`: the first digit of a run from which seven digits can be reached over at most two separators or
 *   brackets at a time. Seven is the fewest that any number of a class has; dates, amounts and the groups of a UUID
 *   mostly end sooner.
 * - `letters_digits`: the first digit of a run with a letter before it, or a letter and a separator.
 */
type Trigger = 'at_sign' | 'long_number' | 'letters_digits';

/**
 * Finds values of one class. `detect` is anchored: it answers for the one place it is given, looks a bounded number of
 * characters around it (or stops at its own trigger character), and holds no state. So a scan is linear in the text
 * whatever the text is. It checks its own trigger, so that calling it at every index finds the same (a property test
 * holds it to that).
 */
export interface Detector {
  readonly class: DataClass;
  /** Where `detect` is worth a call. */
  readonly trigger: Trigger;
  /** `text` is folded: digits are ASCII, separators are space, dash and dot. */
  readonly detect: (text: string, at: number, aid: Aid) => Candidate | null;
}
