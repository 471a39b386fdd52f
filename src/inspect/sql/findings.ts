import { Refused } from './refused.ts';
import type { Query, Statement } from './statement.ts';
import type { Scope } from './scope.ts';
import type { Shape } from './shape.ts';

/** Queries, statements and expressions contain each other, so their walkers are handed to each other here. */
export interface Walkers {
  readonly query: (query: Query, scope: Scope, findings: Findings) => Shape;
  readonly statement: (statement: Statement, scope: Scope, findings: Findings) => Shape;
}

/** Gathered while a text's statements are walked. Everything here only grows. */
export interface Findings {
  readonly walk: Walkers;
  readonly kinds: Set<string>;
  readonly read: Set<string>;
  readonly written: Set<string>;
  readonly functions: Set<string>;
  readonly columns: Set<string>;
  /** Where rows are picked, ordered or grouped: the columns that decide it. */
  readonly compared: Set<string>;
  /** What is compared with each other, each as what its values are made of. */
  readonly links: ReadonlySet<string>[];
  /** What LIMIT and OFFSET are made of. */
  readonly counted: Set<string>;
  /** Lower-case names of CTEs, aliases and tables. */
  readonly names: Set<string>;
  writes: boolean;
  unbounded: boolean;
  /** A function that is not known to be calm is called. */
  unknownCalls: boolean;
  /** Nodes still allowed to be visited. */
  budget: number;
  depth: number;
  /** How many columns were found that hold nothing stored; gives each a name of its own. */
  generated: number;
}

/** Far above any real statement; recursive CTEs are walked more than once, so nesting them multiplies. */
const BUDGET = 200_000;
const DEEPEST = 1_000;

export function newFindings(walk: Walkers): Findings {
  return {
    walk,
    kinds: new Set(),
    read: new Set(),
    written: new Set(),
    functions: new Set(),
    columns: new Set(),
    compared: new Set(),
    links: [],
    counted: new Set(),
    names: new Set(),
    writes: false,
    unbounded: false,
    unknownCalls: false,
    budget: BUDGET,
    depth: 0,
    generated: 0,
  };
}

/** Runs `visit` one level deeper, within the limits on levels and on nodes. */
export function descend<T>(findings: Findings, visit: () => T): T {
  findings.budget -= 1;
  if (findings.budget < 0) throw new Refused('too_large', 'The statement has too many parts.');
  findings.depth += 1;
  if (findings.depth > DEEPEST) throw new Refused('too_deep', 'The statement is nested too deeply.');
  const result = visit();
  findings.depth -= 1;
  return result;
}
