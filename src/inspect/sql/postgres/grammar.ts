import type { Expr, Query, Statement } from '../statement.ts';
import { isTree, tree } from '../read-tree.ts';

/** Expressions, queries and statements contain each other, so their readers are handed to each other here. */
export interface Grammar {
  readonly expr: (g: Grammar, value: unknown) => Expr;
  readonly query: (g: Grammar, value: unknown) => Query;
  readonly statement: (g: Grammar, value: unknown) => Statement;
  depth: number;
}

export function readExpr(g: Grammar, value: unknown): Expr {
  return g.expr(g, value);
}

export function readExprs(g: Grammar, ...values: readonly unknown[]): readonly Expr[] {
  return values.flatMap((value) => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return readExprs(g, ...value);
    if (isTree(value) && Object.keys(value).length === 0) return [];
    return [readExpr(g, value)];
  });
}

export function readQuery(g: Grammar, value: unknown): Query {
  return g.query(g, value);
}

export function readQueryOrStatement(g: Grammar, value: unknown): Query | Statement {
  const of = tree(value, 'A statement');
  return of['SelectStmt'] === undefined ? g.statement(g, of) : g.query(g, of);
}
