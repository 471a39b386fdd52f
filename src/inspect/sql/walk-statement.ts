import { inner, type Named, type Scope } from './scope.ts';
import { isUnbounded } from './condition.ts';
import { newFindings, descend, type Findings } from './findings.ts';
import type { Shape } from './shape.ts';
import { condition, type Statement } from './statement.ts';
import { compare, visit } from './walk-expr.ts';
import { walkEither, walkFrom, walkItems, walkWith } from './walk-query.ts';

/** Gathers what a statement does, and returns the columns it gives. */
export function walkStatement(statement: Statement, outer: Scope, findings: Findings): Shape {
  return descend(findings, () => {
    for (const kind of statement.kinds) findings.kinds.add(kind);
    if (statement.writes) findings.writes = true;
    if (isUnbounded(statement)) findings.unbounded = true;
    for (const column of statement.columns) findings.columns.add(column.toLowerCase());
    const scope = statement.with === null ? outer : walkWith(statement.with, outer, findings);
    const targets = statement.targets.map(({ name, alias }): Named => {
      findings.written.add(name);
      findings.names.add((name.split('.').at(-1) ?? name).toLowerCase());
      return { alias, shape: [{ kind: 'table', table: name }] };
    });
    const sources = walkFrom(statement.from, scope, findings, targets);
    const here = inner(scope, [...targets, ...sources]);
    visit(statement.exprs, here, findings);
    if (statement.condition?.expr != null) compare(condition([statement.condition.expr]), here, findings);
    const shapes = statement.inner.map((body) =>
      statement.planned ? walkPlanned(body, here, findings) : walkEither(body, here, findings),
    );
    switch (statement.result) {
      case 'none':
        return [];
      case 'inner':
        return shapes[0] ?? [];
      case 'unknown':
        // The engine's own columns: none of them is a column of a table under another name.
        return [{ kind: 'opaque', from: new Set() }];
      default:
        return walkItems(statement.result, statement.from, here, findings);
    }
  });
}

/** Kinds whose being planned changes nothing. SQLite runs some pragmas while it plans, so this is a list of the known. */
const ONLY_PLANNED = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'MERGE']);

/** EXPLAIN without ANALYZE: the statement is named and its tables are read about, but it is not run. */
function walkPlanned(body: Statement['inner'][number], scope: Scope, findings: Findings): Shape {
  const planned = { ...newFindings(findings.walk), budget: findings.budget };
  const shape = walkEither(body, scope, planned);
  // A planner may evaluate a function, and a function that is not known may do anything.
  const runs = ![...planned.kinds].every((kind) => ONLY_PLANNED.has(kind)) || planned.unknownCalls;
  for (const kind of planned.kinds) findings.kinds.add(kind);
  for (const name of planned.functions) findings.functions.add(name);
  for (const name of planned.names) findings.names.add(name);
  for (const name of planned.columns) findings.columns.add(name);
  for (const name of planned.compared) findings.compared.add(name);
  for (const table of planned.read) findings.read.add(table);
  for (const table of planned.written) (runs ? findings.written : findings.read).add(table);
  findings.budget = planned.budget;
  if (runs) {
    findings.writes ||= planned.writes;
    findings.unbounded ||= planned.unbounded;
  }
  return shape;
}
