import { ANYTHING } from './shape.ts';
import { addsUp, comparisons, countOfRows, noteCompared, noteLink } from './links.ts';
import { findSources, resolve, wholeRow, type Scope } from './scope.ts';
import { CONDITION, LIMIT, type Expr } from './statement.ts';
import { descend, type Findings } from './findings.ts';

/** Gathers what expressions do, where their values do not matter. */
export function visit(exprs: readonly Expr[], scope: Scope, findings: Findings): void {
  for (const expr of exprs) lineage(expr, scope, findings);
}

/** Gathers what the expressions do that pick, order, group or count rows: each tells about the columns in it. */
export function compare(exprs: readonly Expr[], scope: Scope, findings: Findings): void {
  for (const expr of exprs) {
    const marked = expr.kind === 'operation' ? expr.name : null;
    for (const comparison of comparisons(expr)) {
      const origins = lineage(comparison, scope, findings);
      noteCompared(origins, findings);
      if (marked === CONDITION) noteLink(origins, findings);
      if (marked === LIMIT) for (const name of origins) findings.counted.add(name);
    }
  }
}

/** Gathers what an expression does, and returns the names of the stored columns its value may be made of. */
export function lineage(expr: Expr, scope: Scope, findings: Findings): ReadonlySet<string> {
  return descend(findings, () => {
    switch (expr.kind) {
      case 'constant':
        return NOTHING;
      case 'column':
        findings.columns.add((expr.path.at(-1) ?? ANYTHING).toLowerCase());
        return resolve(scope, expr.path);
      case 'column_or_string':
        if (expr.likely === 'string') return NOTHING;
        findings.columns.add(expr.name.toLowerCase());
        return resolve(scope, [expr.name]);
      case 'row':
        return rowLineage(expr.path, scope, findings);
      case 'operation':
        return union(expr.parts.map((part) => lineage(part, scope, findings)));
      case 'call': {
        findings.functions.add(expr.name.toLowerCase());
        // Written out or not it is the same function, and a policy may know it by either name.
        if (expr.name.startsWith('pg_catalog.'))
          findings.functions.add(expr.name.slice('pg_catalog.'.length));
        if (!expr.calm) {
          findings.writes = true;
          findings.unknownCalls = true;
        }
        compare(expr.aside, scope, findings);
        const origins = union(expr.args.map((arg) => lineage(arg, scope, findings)));
        if (!expr.discloses) {
          noteCompared(origins, findings);
          return countOfRows(findings);
        }
        if (origins.size === 0 && addsUp(expr.name)) return countOfRows(findings);
        // What an unknown function returns may be read from anywhere.
        return expr.calm ? origins : new Set([...origins, ANYTHING]);
      }
      case 'query': {
        const origins = new Set<string>();
        for (const slot of findings.walk.query(expr.query, scope, findings)) {
          if (slot.kind === 'named' || slot.kind === 'opaque')
            for (const name of slot.from) origins.add(name);
          else origins.add(ANYTHING);
        }
        return origins;
      }
    }
  });
}

const NOTHING: ReadonlySet<string> = new Set();

function rowLineage(path: readonly string[], scope: Scope, findings: Findings): ReadonlySet<string> {
  const from = new Set([ANYTHING]);
  findings.columns.add(ANYTHING);
  const sources = path.length === 0 ? scope.sources : findSources(scope, path.at(-1) ?? '');
  for (const source of sources) wholeRow(source.shape, from);
  return from;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [only] = sets;
  if (only === undefined) return NOTHING;
  return sets.length === 1 ? only : new Set(sets.flatMap((set) => [...set]));
}
