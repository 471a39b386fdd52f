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
  /** Same for requests that differ only in values of the query. Hex. */
  readonly fingerprint: string;
  /** The request as it would be sent, without user name and password. It holds values: no policy or record has it. */
  readonly url: string;
}

/**
 * Where a path leads, for policies that can't compare prefixes. `workspace`: in the folder that the command runs in.
 * `tmp`: under /tmp or /var/tmp. `home`: under a home directory. `parent`: above the folder by `..`. `repository`: what
 * git keeps in .git. `secret`: credentials by their usual names and places. `device`: under /dev. `system`: any other absolute path. `environment`: the
 * variables of the process. `process`: other processes. `container`: a container runtime. `remote`: another machine or a
 * service. `unknown`: the path can't be told from the text.
 */
export type ShellPlace =
  | 'workspace'
  | 'tmp'
  | 'home'
  | 'parent'
  | 'repository'
  | 'secret'
  | 'device'
  | 'system'
  | 'environment'
  | 'process'
  | 'container'
  | 'remote'
  | 'unknown';

/**
 * What a shell command would do, at any depth of it: the `context.shell` of a policy. Sets are sorted and without
 * duplicates. Facts err on the side of caution: a branch that may not be taken counts.
 */
export interface ShellFacts {
  /** How many simple commands the text holds. */
  readonly commands: number;
  /** Every program, builtin and function that may run, without its directory. */
  readonly programs: readonly string[];
  /** Of programs that have them: `git push`, `docker ps`, `npm install`. */
  readonly subcommands: readonly string[];
  /** Every option with its program: `rm -r`, `git --force`. Short options one by one. */
  readonly flags: readonly string[];
  /** Could change anything: files, processes, settings, other machines. */
  readonly writes: boolean;
  /** Removes files. */
  readonly deletes: boolean;
  /** Takes away more than named files: a whole folder, a disk, a history, what another service keeps. */
  readonly destroys: boolean;
  readonly network: boolean;
  /** Lower case; `unknown` where one can't be told from the text or is configured elsewhere. */
  readonly hosts: readonly string[];
  /** Sends files, input or computed values to another machine. */
  readonly uploads: boolean;
  readonly pathsRead: readonly string[];
  readonly pathsWritten: readonly string[];
  readonly pathsDeleted: readonly string[];
  /** Files that are run as code. */
  readonly pathsRun: readonly string[];
  readonly readsFrom: readonly ShellPlace[];
  /** Where it writes or removes. */
  readonly writesTo: readonly ShellPlace[];
  readonly runsFrom: readonly ShellPlace[];
  /** Runs as another user, usually root. */
  readonly elevates: boolean;
  /** Gives an interpreter code that is not inspected here. */
  readonly runsCode: boolean;
  /** Runs what it fetched from another machine. */
  readonly fetchesAndRuns: boolean;
  /** Installs packages, whose own scripts may run. */
  readonly installs: boolean;
  /** Sets variables that programs after it may behave differently by. */
  readonly changesEnvironment: boolean;
  /** Leaves something running. */
  readonly background: boolean;
  /** Holds a command or process substitution. */
  readonly substitutes: boolean;
  /** Same for commands that differ only in spaces, comments and quoting. Hex. */
  readonly fingerprint: string;
}

/** What the free text of a call holds: the `context.text` of a policy. A hint, for words are no grammar. */
export interface TextFacts {
  /** The sum of the scores of `patterns`. */
  readonly score: number;
  /** Names of the patterns of `patterns.yaml` that stand in it, sorted. */
  readonly patterns: readonly string[];
  /** Holds characters that a person is not shown. */
  readonly hiddenCharacters: boolean;
  /** Holds words of Latin letters with Cyrillic or Greek ones among them. */
  readonly mixedScripts: boolean;
  /** Encodings in which readable text stands in it: `base64`, `escape`, `hex`, `tags`, `url`. */
  readonly decoded: readonly string[];
}

/** What the text of an argument can be inspected as, beside a connection's own statements. */
export type InspectKind = 'shell' | 'http';

/** The facts of a call, keyed as the policy context is. */
export interface Facts {
  readonly sql?: SqlFacts;
  /** Of the argument that the tool declares as a command. */
  readonly shell?: ShellFacts;
  /** Of the argument that the tool declares as a request. */
  readonly http?: HttpFacts;
  /** Of all strings of the call. Only where policies read it. */
  readonly text?: TextFacts;
}

/** What may be shown and kept of a request: everything but its values. */
export function withoutUrl(http: HttpFacts): Omit<HttpFacts, 'url'> {
  const {
    method,
    writes,
    scheme,
    host,
    port,
    address,
    path,
    segments,
    query,
    repeats,
    userinfo,
    fingerprint,
  } = http;
  return {
    method,
    writes,
    scheme,
    host,
    port,
    address,
    path,
    segments,
    query,
    repeats,
    userinfo,
    fingerprint,
  };
}

/** False only where every inspector says that nothing is changed. */
export function mayWrite({ sql, shell, http }: Facts): boolean {
  return sql?.writes !== false || shell?.writes === true || http?.writes === true;
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

export type SqlInspection = Inspection<SqlFacts>;
export type ShellInspection = Inspection<ShellFacts>;
export type HttpInspection = Inspection<HttpFacts>;
export type TextInspection = Inspection<TextFacts>;

type Inspection<F> =
  { readonly ok: true; readonly facts: F } | { readonly ok: false; readonly notUnderstood: NotUnderstood };

/** What a redirect asks for, to be decided like a request of its own. */
export interface HttpRedirect {
  readonly inspection: HttpInspection;
  /** Whether the body goes with it. Without one, the headers that describe it stay behind too. */
  readonly keepsBody: boolean;
  /** Whether scheme, host and port are the same: only then may credentials go with it. */
  readonly sameOrigin: boolean;
}
