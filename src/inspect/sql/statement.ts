/**
 * SQL reduced to what the facts need. Each dialect's reader turns its parser's tree into these shapes, naming every
 * node it knows and refusing the rest, so that what follows (scopes, lineage, conditions) is written once.
 *
 * Identifiers are folded the way the engine folds them before they get here.
 */
export type Expr =
  | { readonly kind: 'column'; readonly path: readonly string[] }
  /** `"x"` where the engine may read a column or a string; facts follow the likely one, conditions allow for both. */
  | { readonly kind: 'column_or_string'; readonly name: string; readonly likely: 'column' | 'string' }
  /** A whole row: `t.*`, `(t).*`. An empty path is every row in scope. */
  | { readonly kind: 'row'; readonly path: readonly string[] }
  /** `value` is comparable: equal constants of one type have equal values. */
  | {
      readonly kind: 'constant';
      readonly type: 'null' | 'boolean' | 'number' | 'string' | 'other';
      readonly value: string;
    }
  | { readonly kind: 'operation'; readonly name: string; readonly parts: readonly Expr[] }
  | Call
  | { readonly kind: 'query'; readonly query: Query };

/** A function, or what may run one: an operator or a cast that is not the engine's own. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  /** Known to read nothing but its arguments and to change nothing. */
  readonly calm: boolean;
  /** Its value tells nothing of the values of its arguments (`count`). */
  readonly discloses: boolean;
  readonly args: readonly Expr[];
  /** Expressions that are evaluated but that the value is not made of: FILTER (marked by `condition`), OVER. */
  readonly aside: readonly Expr[];
}

export type Item =
  | { readonly kind: 'star'; readonly path: readonly string[] }
  | {
      readonly kind: 'value';
      readonly expr: Expr;
      /** The result column's name where the text shows it. */
      readonly name: string | null;
    };

/**
 * `suffixes`: SQLite tells columns of one name apart, when they come out of parentheses or a CTE, by putting `:1` and so
 * on behind them, so that they do not keep the name they are stored under.
 */
export type Source =
  | { readonly kind: 'table'; readonly name: string; readonly alias: string; readonly aside: readonly Expr[] }
  | {
      readonly kind: 'query';
      readonly query: Query;
      readonly alias: string | null;
      readonly columns: readonly string[];
      readonly lateral: boolean;
      readonly suffixes: boolean;
    }
  | {
      readonly kind: 'function';
      readonly args: readonly Expr[];
      readonly alias: string | null;
      readonly columns: readonly string[];
      /** Whether `columns` are all there are. */
      readonly exact: boolean;
    }
  | {
      readonly kind: 'join';
      readonly left: Source;
      readonly right: Source;
      readonly on: Expr | null;
      /** Both sides must match, so that `on` narrows what a write touches. */
      readonly inner: boolean;
      /** NATURAL or USING, which merge columns and so move them. */
      readonly merges: boolean;
      readonly using: readonly string[];
      readonly suffixes: boolean;
    };

export interface Cte {
  readonly name: string;
  readonly columns: readonly string[];
  readonly body: Query | Statement;
}

export interface With {
  readonly ctes: readonly Cte[];
  /** Whether a CTE may name itself or a later one; else such a name means a stored table. */
  readonly recursive: boolean;
  readonly suffixes: boolean;
}

export interface Query {
  readonly kind: 'query';
  readonly with: With | null;
  readonly body: Body;
  /** ORDER BY, LIMIT (marked by `limit`) and the like. */
  readonly aside: readonly Expr[];
  /** FOR UPDATE and the like: holds others up, so it counts as a write. */
  readonly locks: boolean;
}

export type Body =
  | {
      readonly kind: 'select';
      readonly items: readonly Item[];
      readonly from: readonly Source[];
      /** Conditions are marked by `condition`. */
      readonly aside: readonly Expr[];
      /** SELECT … INTO a new table. */
      readonly into: string | null;
    }
  | { readonly kind: 'set'; readonly left: Query; readonly right: Query }
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] }
  | { readonly kind: 'nested'; readonly body: Query | Statement };

/** Anything that is not a query. */
export interface Statement {
  readonly kind: 'statement';
  readonly kinds: readonly string[];
  readonly writes: boolean;
  readonly with: With | null;
  /** Tables it changes, and by what name its expressions call them. */
  readonly targets: readonly { readonly name: string; readonly alias: string }[];
  readonly from: readonly Source[];
  readonly exprs: readonly Expr[];
  /** Columns it names as targets. */
  readonly columns: readonly string[];
  /** Set for UPDATE, DELETE, MERGE; `expr` null where there is no condition. */
  readonly condition: { readonly expr: Expr | null } | null;
  /** Changes all rows whatever is said: TRUNCATE. */
  readonly unbounded: boolean;
  /** Queries and statements inside: `INSERT … SELECT`, `CREATE … AS`, the explained one. */
  readonly inner: readonly (Query | Statement)[];
  /** The inner ones are planned, not run. */
  readonly planned: boolean;
  /** `inner`: the rows of the one inner query; `unknown`: the engine's own shape, as of SHOW. */
  readonly result: 'none' | 'inner' | 'unknown' | readonly Item[];
}

/** A statement that changes things, to be narrowed by what the reader found. */
export function write(kind: string, found: Partial<Omit<Statement, 'kind' | 'kinds'>> = {}): Statement {
  return {
    kind: 'statement',
    kinds: [kind],
    writes: true,
    with: null,
    targets: [],
    from: [],
    exprs: [],
    columns: [],
    condition: null,
    unbounded: false,
    inner: [],
    planned: false,
    result: 'none',
    ...found,
  };
}

export function constant(value: string): Expr {
  return { kind: 'constant', type: 'other', value };
}

/** A value that the engine takes from one of its own tables. */
export function readsTable(name: string): Expr {
  const from: Source = { kind: 'table', name, alias: name, aside: [] };
  const body: Body = {
    kind: 'select',
    items: [{ kind: 'star', path: [] }],
    from: [from],
    aside: [],
    into: null,
  };
  return { kind: 'query', query: { kind: 'query', with: null, body, aside: [], locks: false } };
}

/** Marks expressions that pick rows. */
export function condition(parts: readonly Expr[]): readonly Expr[] {
  return parts.length === 0 ? [] : [operation(CONDITION, parts)];
}

/** Marks expressions that count rows. */
export function limit(parts: readonly Expr[]): readonly Expr[] {
  return parts.length === 0 ? [] : [operation(LIMIT, parts)];
}

export const CONDITION = 'condition';
export const LIMIT = 'limit';

export function operation(name: string, parts: readonly Expr[]): Expr {
  return { kind: 'operation', name, parts };
}
