import type { Query, Statement } from './statement.ts';
import type { Token } from './lexed/token.ts';

/** What a dialect's reader makes of a text. */
export interface Read {
  readonly statements: readonly (Query | Statement)[];
  /** Set where the grammar is not the engine's own: each statement's tokens, which must bear its tree out. */
  readonly tokens?: readonly (readonly Token[])[];
  /** Hex; the same for texts that differ only in literals. */
  readonly fingerprint: string;
}
