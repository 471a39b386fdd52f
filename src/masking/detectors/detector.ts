import type { CountryCode } from 'libphonenumber-js/max';

/** A stretch of text that may be a value of a class. Offsets are UTF-16 code units, `end` exclusive. */
export interface Candidate {
  /** A data class; of those that an operator added, too. */
  readonly class: string;
  readonly start: number;
  readonly end: number;
  /** 0 to 100: how sure. Compared with the threshold of the class. */
  readonly score: number;
}

/** What a detector may use beside the text. */
export interface Aid {
  /** The text may hold anything, so a bare number counts as what it could be. */
  readonly assumeContext: boolean;
  /** Countries whose national telephone formats are tried. */
  readonly phoneRegions: readonly CountryCode[];
  readonly budget: Budget;
  /** Classes that policy shows. What is certainly one of them may be something else, too, that nobody may see. */
  readonly shown?: ReadonlySet<string>;
  /** Whether there is a class of which one value blocks the result. */
  readonly blocks?: boolean;
  /** What the name of a column or key stands for; labels in a text are read the same way. Without it, none are. */
  readonly classesOfName?: (name: string) => readonly string[];
  /** What a text that was decoded from this one holds. Without it, nothing is decoded. */
  readonly search?: (decoded: string) => { readonly class: string; readonly score: number } | null;
}

/** What is left of the work that one call may cost, so that no input makes masking slow. Counts down. */
export interface Budget {
  /** Validations by libphonenumber, 30–45 µs each, and by Keccak, ten times that. When none is left, candidates count as possible. */
  phoneChecks: number;
  /** Values visited. When none is left, values are redacted unseen. */
  nodes: number;
}

/**
 * Where a detector is worth a call:
 *
 * - `at_sign`: each `@`.
 * - `long_number`: the first digit of a run that \`numberAt\` reads: seven digits can be reached over at most two
 *   separators or brackets at a time. Dates, amounts and the groups of a UUID mostly end sooner.
 * - `letters_digits`: the first of several digits behind two letters, of six and more behind any, with a separator or without.
 * - `dotted`, `date`, `short_number`: the first digit of a run of at most three, four or five; before a full stop and a
 *   digit; before a separator; before or behind a space.
 * - `colon`: each `:`; `label`: each `:` and `=` behind something that can end a label.
 * - `pairs`: a `:` or `-` with another three characters on. `dashes`: the first of several `-`. `line`: each new line.
 * - `word`: the first character of 7 to 20 letters and digits, some of them digits or the first two capitals.
 * - `token`: the first character of 16 and more letters, digits and `_ - . + /`; `token_part`: each letter or digit in
 *   one that has none before it.
 */
export type Trigger =
  | 'at_sign'
  | 'long_number'
  | 'letters_digits'
  | 'dotted'
  | 'date'
  | 'short_number'
  | 'colon'
  | 'label'
  | 'pairs'
  | 'dashes'
  | 'line'
  | 'word'
  | 'token'
  | 'token_part';

/**
 * Finds values. `detect` is anchored: it answers for the one place it is given, looks a bounded number of characters
 * around it (or stops at its own trigger character), and holds no state. So a scan is linear in the text whatever the
 * text is. It checks its own trigger, so that calling it at every index finds the same (a property test holds it to
 * that).
 */
export interface Detector {
  readonly trigger: Trigger;
  /** `text` is folded: digits are ASCII, separators are space, dash and dot. */
  readonly detect: (text: string, at: number, aid: Aid) => Candidate | null;
}
