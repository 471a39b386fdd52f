import { ANYTHING, type Shape, type Slot } from './shape.ts';
import { unsupported } from './refused.ts';

/** A table expression in FROM, as expressions beside it can name it. */
export interface Named {
  readonly alias: string | null;
  readonly shape: Shape;
}

/** What names mean at one place of a statement: innermost first. */
export interface Scope {
  readonly sources: readonly Named[];
  readonly ctes: readonly CteInScope[];
  readonly outer: Scope | null;
}

export interface CteInScope {
  readonly name: string;
  readonly shape: Shape;
  /** Told when it is named. */
  readonly noteUse: () => void;
}

export const EMPTY: Scope = { sources: [], ctes: [], outer: null };

export function inner(outer: Scope, sources: readonly Named[]): Scope {
  return { sources, ctes: [], outer };
}

/** Finds the CTE a bare table name means. Case that differs is refused: engines differ in whether it matters. */
export function findCte(scope: Scope | null, name: string): CteInScope | null {
  for (let at = scope; at !== null; at = at.outer) {
    const found = at.ctes.findLast((cte) => cte.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) continue;
    if (found.name !== name) throw unsupported(`A common table expression called by another case (${name})`);
    return found;
  }
  return null;
}

/** The stored names that a column may stand for. */
export function resolve(scope: Scope, path: readonly string[]): ReadonlySet<string> {
  const name = (path.at(-1) ?? ANYTHING).toLowerCase();
  const from = new Set<string>();
  // SQLite's way to call the second of two columns of one name.
  const bare = /^(.+):[0-9]+$/.exec(name)?.[1];
  if (bare !== undefined) for (const origin of resolve(scope, [...path.slice(0, -1), bare])) from.add(origin);
  if (path.length === 1) resolveBare(scope, name, from);
  else resolveQualified(scope, path.at(-2) ?? '', name, from);
  return from;
}

function resolveBare(scope: Scope, name: string, from: Set<string>): void {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    let certain = false;
    for (const source of at.sources) {
      if (lookUp(source.shape, name, from)) certain = true;
      // The name of a table is its whole row: `SELECT c FROM customers c`, `to_jsonb(c)`.
      // A function's is its value: `generate_series(1, 9) AS n`.
      if (source.alias?.toLowerCase() === name && !hasColumn(source.shape, name) && !isValue(source.shape))
        wholeRow(source.shape, from);
    }
    // A column of a stored table is only possible, so an outer query's may be the one that is meant.
    if (certain) return;
  }
  if (from.size === 0) from.add(name);
}

function resolveQualified(scope: Scope, qualifier: string, name: string, from: Set<string>): void {
  const sources = findSources(scope, qualifier);
  let certain = sources.length > 0;
  for (const source of sources) {
    const has = lookUp(source.shape, name, from);
    // `t.f` can be `f(t)`: a name that the columns do not have may see the whole row.
    if (!has && source.shape.every((slot) => slot.kind === 'named')) wholeRow(source.shape, from);
    certain &&= has;
  }
  if (!certain) from.add(name);
}

/**
 * The sources an alias may mean, of the innermost query that has one. MySQL's names are folded before they get here,
 * and on some of its servers `q` and `Q` are two tables: then both count.
 */
export function findSources(scope: Scope, alias: string): readonly Named[] {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const exact = at.sources.filter((source) => source.alias === alias);
    if (exact.length > 0) return exact;
    const found = at.sources.filter((source) => source.alias?.toLowerCase() === alias.toLowerCase());
    if (found.length > 0) return found;
  }
  return [];
}

/** Adds what `name` stands for in a shape; true where the shape has that column for certain. */
function lookUp(shape: Shape, name: string, from: Set<string>): boolean {
  let certain = false;
  for (const slot of shape) {
    switch (slot.kind) {
      case 'named':
        if (slot.name?.toLowerCase() !== name) break;
        certain = true;
        for (const origin of slot.from) from.add(origin);
        break;
      case 'table':
        from.add(name);
        break;
      case 'opaque':
        from.add(name);
        for (const origin of slot.from) from.add(origin);
        break;
      case 'lost':
        throw unsupported('A column behind a * whose columns are renamed by a UNION or an alias list');
    }
  }
  return certain;
}

function isValue(shape: Shape): boolean {
  return shape.length > 0 && shape.every(({ kind }) => kind === 'opaque');
}

function hasColumn(shape: Shape, name: string): boolean {
  return shape.some((slot) => slot.kind === 'named' && slot.name?.toLowerCase() === name);
}

export function wholeRow(shape: Shape, from: Set<string>): void {
  from.add(ANYTHING);
  for (const slot of shape) {
    if (slot.kind === 'named' || slot.kind === 'opaque') for (const origin of slot.from) from.add(origin);
  }
}

/** The columns of a bare `*` or `t.*`. */
export function star(scope: Scope, path: readonly string[]): Shape {
  if (path.length === 0) return scope.sources.flatMap((source): readonly Slot[] => source.shape);
  const sources = findSources(scope, path.at(-1) ?? '');
  if (sources.length === 0) throw unsupported(`The star of ${path.join('.')}, which FROM does not show`);
  return sources.flatMap((source) => [...source.shape]);
}
