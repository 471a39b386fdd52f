/** The SQL grammars that are inspected. MariaDB is `mysql`. */
export type SqlDialect = 'postgres' | 'mysql' | 'sqlite';

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
   * Per result column in order, the lower-case column names it was computed from, so that masking sees
   * `ssn AS x`. `null` where the shape can't be told from the text (a star): then result names decide. Fewer entries
   * than the result has columns where a star stands beside renamed columns: each may be made of any of the entries.
   * `*` in an entry: a whole row, or what a function that is not known returned.
   */
  readonly resultColumns: readonly (readonly string[])[] | null;
  /** Same for statements that differ only in literals. Hex. */
  readonly fingerprint: string;
}

/**
 * Where an address or a name leads, by the registries of special-purpose addresses. `metadata`: a cloud's service that
 * hands out credentials. `shared`: behind a carrier's NAT. `name`: a name that tells nothing before it is resolved.
 */
export type AddressClass =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link_local'
  | 'metadata'
  | 'shared'
  | 'multicast'
  | 'unspecified'
  | 'reserved'
  | 'name';

/** What an HTTP request would reach: the `context.http` of a policy. Sets are sorted and without duplicates. */
export interface HttpFacts {
  /** Upper case. */
  readonly method: string;
  /** Whether the method may change something: any but GET, HEAD and OPTIONS, or one that a query parameter overrides. */
  readonly writes: boolean;
  readonly scheme: 'http' | 'https';
  /** Lower case, international names in ASCII, IPv4 in four decimal parts, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly address: AddressClass;
  /** Decoded once, without dot segments. */
  readonly path: string;
  /** The parts of the path between slashes. */
  readonly segments: readonly string[];
  /** Names of query parameters, never values. */
  readonly query: readonly string[];
  /** Whether a query parameter stands there twice. */
  readonly repeats: boolean;
  /** Whether the URL holds a user name or password. */
  readonly userinfo: boolean;
  /** The request as it would be sent, without user name and password. It holds values: no policy or record has it. */
  readonly url: string;
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
    /** Programs read it in different ways, so that a policy would decide on one of them. */
    | 'ambiguous'
    | 'timeout'
    | 'crashed';
  /** One sentence for the agent, which may contain its own statement's words but nothing else. */
  readonly message: string;
}

export type SqlInspection =
  | { readonly ok: true; readonly facts: SqlFacts }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };

export type HttpInspection =
  | { readonly ok: true; readonly facts: HttpFacts }
  | { readonly ok: false; readonly notUnderstood: NotUnderstood };
