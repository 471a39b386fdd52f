import {
  condition,
  type Body,
  type Cte,
  type Item,
  type Query,
  type Source,
  type Statement,
  type With,
} from './statement.ts';
import { ANYTHING, combined, keepsItsName, limited, named, renamed, suffixed, type Shape } from './shape.ts';
import { findCte, inner, star, type CteInScope, type Named, type Scope } from './scope.ts';
import { descend, type Findings } from './findings.ts';
import { compare, lineage, visit } from './walk-expr.ts';
import { noteCompared, noteLink, withGenerated } from './links.ts';

/** Gathers what a query does, and returns the columns it gives. */
export function walkQuery(query: Query, outer: Scope, findings: Findings): Shape {
  return descend(findings, () => {
    const scope = query.with === null ? outer : walkWith(query.with, outer, findings);
    if (query.locks) findings.writes = true;
    return walkBody(query.body, query.aside, scope, findings);
  });
}

export function walkEither(body: Query | Statement, scope: Scope, findings: Findings): Shape {
  return body.kind === 'query'
    ? walkQuery(body, scope, findings)
    : findings.walk.statement(body, scope, findings);
}

function walkBody(body: Body, aside: Query['aside'], scope: Scope, findings: Findings): Shape {
  switch (body.kind) {
    case 'select': {
      findings.kinds.add('SELECT');
      const sources = walkFrom(body.from, scope, findings);
      const here = inner(scope, sources);
      const shape = walkItems(body.items, body.from, here, findings);
      compare([...body.aside, ...aside], here, findings);
      if (body.into === null) return shape;
      findings.kinds.add('CREATE');
      findings.writes = true;
      findings.written.add(body.into);
      return [];
    }
    case 'set': {
      const left = walkQuery(body.left, scope, findings);
      const right = walkQuery(body.right, scope, findings);
      const shape = combined(left, right);
      compare(aside, inner(scope, [{ alias: null, shape: left }]), findings);
      return shape;
    }
    case 'values': {
      compare(aside, scope, findings);
      const rows = body.rows.map((row) => row.map((expr) => lineage(expr, scope, findings)));
      const width = Math.max(0, ...rows.map((row) => row.length));
      return limited(
        Array.from({ length: width }, (_, index) =>
          named(
            `column${index + 1}`,
            rows.flatMap((row) => [...(row[index] ?? [])]),
          ),
        ),
      );
    }
    case 'nested':
      compare(aside, scope, findings);
      return walkEither(body.body, scope, findings);
  }
}

export function walkItems(
  items: readonly Item[],
  from: readonly Source[],
  scope: Scope,
  findings: Findings,
): Shape {
  const shape = items.flatMap((item): Shape => {
    if (item.kind === 'value') return [named(item.name, lineage(item.expr, scope, findings))];
    findings.columns.add(ANYTHING);
    const here: Scope = item.path.length === 0 ? { ...scope, outer: null } : scope;
    const columns = star(here, item.path);
    if (item.path.length > 0 || !from.some(merges)) return columns;
    // NATURAL and USING move the columns they merge, so positions are lost; names are not, where all are kept.
    return columns.every(keepsItsName) ? [...columns, { kind: 'table', table: '' }] : [{ kind: 'lost' }];
  });
  return limited(shape);
}

function merges(source: Source): boolean {
  return source.kind === 'join' && (source.merges || merges(source.left) || merges(source.right));
}

/** Walks FROM left to right; what stands to the left can be named by LATERAL and by functions. */
export function walkFrom(
  from: readonly Source[],
  scope: Scope,
  findings: Findings,
  before: readonly Named[] = [],
): readonly Named[] {
  let sources = before;
  for (const source of from) sources = [...sources, ...walkSource(source, scope, sources, findings)];
  return sources.slice(before.length);
}

function walkSource(
  source: Source,
  scope: Scope,
  before: readonly Named[],
  findings: Findings,
): readonly Named[] {
  return descend(findings, () => {
    if (source.kind !== 'join' && source.alias !== null) findings.names.add(source.alias.toLowerCase());
    switch (source.kind) {
      case 'table':
        visit(source.aside, inner(scope, before), findings);
        return [{ alias: source.alias, shape: tableShape(source.name, scope, findings) }];
      case 'query': {
        const around = source.lateral ? inner(scope, before) : scope;
        const given = renamed(walkQuery(source.query, around, findings), source.columns);
        const shape = withGenerated(given, findings);
        return [{ alias: source.alias, shape: source.suffixes ? suffixed(shape) : shape }];
      }
      case 'function': {
        const around = inner(scope, before);
        const origins = source.args.flatMap((arg) => [...lineage(arg, around, findings)]);
        const known = source.columns.map((name) => named(name, origins));
        const shape: Shape = source.exact ? known : [...known, { kind: 'opaque', from: new Set(origins) }];
        return [{ alias: source.alias, shape: withGenerated(shape, findings) }];
      }
      case 'join': {
        const left = walkSource(source.left, scope, before, findings);
        const right = walkSource(source.right, scope, [...before, ...left], findings);
        const both = [...left, ...right];
        if (source.on !== null) compare(condition([source.on]), inner(scope, [...before, ...both]), findings);
        for (const name of source.using) findings.columns.add(name.toLowerCase());
        if (source.merges) noteMerged(source.using, [left, right], findings);
        if (!source.suffixes) return both;
        const slots = both.flatMap(({ shape }) => shape).length;
        return both.map(({ alias, shape }) => ({ alias, shape: suffixed(shape, slots) }));
      }
    }
  });
}

function tableShape(name: string, scope: Scope, findings: Findings): Shape {
  const cte = findCte(scope, name);
  cte?.noteUse();
  if (cte === null) findings.read.add(name);
  return cte === null ? [{ kind: 'table', table: name }] : withGenerated(cte.shape, findings);
}

/** USING compares the columns it names, and NATURAL all that have one name: those of derived tables are known. */
function noteMerged(
  using: readonly string[],
  sides: readonly (readonly Named[])[],
  findings: Findings,
): void {
  const slots = sides.flat().flatMap(({ shape }) => shape);
  const known = slots.flatMap((slot) => (slot.kind === 'named' && slot.name !== null ? [slot.name] : []));
  for (const name of using.length > 0 ? using : new Set(known)) {
    const origins = new Set([name.toLowerCase()]);
    for (const slot of slots) {
      if (slot.kind !== 'named' || slot.name?.toLowerCase() !== name.toLowerCase()) continue;
      for (const origin of slot.from) origins.add(origin);
    }
    noteCompared(origins, findings);
    noteLink(origins, findings);
  }
}

/** A scope in which the CTEs are known. */
export function walkWith(clause: With, outer: Scope, findings: Findings): Scope {
  let ctes: readonly CteInScope[] = [];
  const scope = (): Scope => ({ sources: [], ctes, outer });
  for (const [index, cte] of clause.ctes.entries()) {
    let recurs = false;
    const rest = clause.recursive ? clause.ctes.slice(index) : [];
    const ahead = rest.map((later): CteInScope => ({
      name: later.name,
      // A CTE that stands later is not followed: its columns are lost, and naming one is refused.
      shape: later === cte ? selfShape(cte, scope(), findings) : [{ kind: 'lost' }],
      noteUse: () => {
        if (later === cte) recurs = true;
      },
    }));
    findings.names.add(cte.name.toLowerCase());
    const within: Scope = { sources: [], ctes: [...ctes, ...ahead], outer };
    const given = renamed(walkEither(cte.body, within, findings), cte.columns);
    const shape = clause.suffixes ? suffixed(given) : given;
    const known = { name: cte.name, shape: recurs ? spread(shape) : shape, noteUse: () => {} };
    ctes = [...ctes, known];
  }
  return scope();
}

/** What a CTE that names itself gives at first: its left arm. */
function selfShape(cte: Cte, scope: Scope, findings: Findings): Shape {
  const { body } = cte;
  if (body.kind !== 'query' || body.body.kind !== 'set') return [{ kind: 'lost' }];
  return renamed(walkQuery(body.body.left, scope, findings), cte.columns);
}

/** Each round of a recursion may move values to another column, so every column may come to hold any of them. */
function spread(shape: Shape): Shape {
  const all = shape.flatMap((slot) => (slot.kind === 'named' ? [...slot.from] : []));
  return shape.map((slot) => (slot.kind === 'named' ? named(slot.name, all) : slot));
}
