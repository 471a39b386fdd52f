/** The SQL grammars that are inspected. MariaDB is `mysql`. */
export type SqlDialect = 'postgres' | 'mysql' | 'sqlite' | 'sqlserver';

/**
 * What a SQL text would do, as far as its grammar tells: the `context.sql` of a policy. Sets are sorted and
 * without duplicates. Names are folded the way the engine folds them and carry their schema where one is written.
 */
export interface SqlFacts {
  readonly dialect: SqlDialect;
  /** How many statements the text holds. */
  readonly statements: number;
  /** Every kind at any depth, upper case: `SELECT`, `INSERT`, `DROP`, `CALL`, `EXPLAIN`, `SET`, … */
  readonly kinds: readonly string[];
  /** Could change anything: data, schema, settings, files, sessions, other processes. Unknown counts as true. */
  readonly writes: boolean;
  /** An UPDATE or DELETE with no condition or one that is always true, or a TRUNCATE. */
  readonly unbounded: boolean;
  /** All tables, read or written. */
  readonly tables: readonly string[];
  readonly tablesRead: readonly string[];
  readonly tablesWritten: readonly string[];
  /** Every function called, lower case, with its schema where one is written. */
  readonly functions: readonly string[];
  /** Names of columns mentioned anywhere, lower case. `*` where a star is. */
  readonly columns: readonly string[];
  /**
   * The stored columns behind whatever picks, orders, groups or counts rows, lower case: a condition tells about the values
   * of its columns, however the result is masked. `*` where a whole row does.
   */
  readonly columnsCompared: readonly string[];
  /**
   * Tables of the engine itself that are not known to be harmless: accounts, settings that may hold passwords, samples of
   * stored values, statements of other sessions. A subset of `tables`.
   */
  readonly systemTables: readonly string[];
  /**
   * Per result column in order, the lower-case column names it was computed from, so that masking sees
   * `ssn AS x`. `null` where the shape can't be told from the text (a star): then result names decide. Fewer entries
   * than the result has columns where a star stands beside renamed columns: each may be made of any of the entries.
   * `*` in an entry: a whole row, or what a function that is not known returned. What a column was compared with is in its
   * entry, too, for its values tell about the other's.
   */
  readonly resultColumns: readonly (readonly string[])[] | null;
  /** Same for statements that differ only in literals. Hex. */
  readonly fingerprint: string;
}

/** A part of a text that made a fact what it is. */
export interface Cause {
  readonly fact: Exclude<keyof SqlFacts, 'dialect' | 'fingerprint' | 'resultColumns' | 'tables'>;
  /** The element of the set, or what the fact says. */
  readonly value: string;
  /** Where in the text, in UTF-16 units from 0; line and column from 1. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** The text from there on, cut short. */
  readonly excerpt: string;
}

/** The facts of a call, keyed as the policy context is. */
export interface Facts {
  readonly sql?: SqlFacts;
}

/** Why a command was not understood. Not understood is refused. */
export interface NotUnderstood {
  readonly reason:
    | 'too_large'
    | 'too_deep'
    | 'syntax'
    | 'unsupported'
    | 'forbidden_bytes'
    | 'executable_comment'
    | 'timeout'
    | 'crashed';
  /** One sentence for the agent, which may contain its own statement's words but nothing else. */
  readonly message: string;
}

export type SqlInspection =
  | { readonly ok: true; readonly facts: SqlFacts }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };
