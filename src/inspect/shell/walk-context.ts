import type { Findings } from './findings.ts';
import type { Field } from './field.ts';
import type { ShellState } from './shell-state.ts';
import type { Stream } from './stream.ts';
import type { Statement } from 'unbash';

/**
 * What the parts of the walk ask of each other. Words hold scripts, scripts hold commands, and commands hold words, so they
 * are handed to each other here.
 */
export interface Walk {
  readonly findings: Findings;
  /** Of each `<(…)`, what can be read from it, by the number in its path. */
  readonly substitutions: Map<number, Stream>;
  /** Statements one after the other, in this shell. */
  readonly statements: (statements: readonly Statement[], state: ShellState, input: Stream) => Stream;
  /** A text as a script of this shell: `eval`, `sh -c`, a trap. */
  readonly text: (text: Field, state: ShellState, input: Stream) => Stream;
  /** A program with its arguments, whatever runs it. */
  readonly program: (argv: readonly Field[], state: ShellState, input: Stream) => Stream;
}
