import type { Body, Expr, Query, Source, Statement } from './statement.ts';

/** What a condition lets through, as far as its text tells. */
type Truth =
  /** Every row. */
  | 'all'
  /** No row. */
  | 'none'
  /** The same for every row, whatever it is: `now() > '2020-01-01'`, `EXISTS (SELECT 1)`. */
  | 'same'
  /** Depends on the row. */
  | 'some';

/**
 * Whether an UPDATE or DELETE narrows nothing: no condition, one that is always true, or one in which no column of
 * the changed tables takes part. `id IS NOT NULL` passes as a condition: whether `id` can be null is not in the text.
 */
export function isUnbounded(statement: Statement): boolean {
  if (statement.unbounded) return true;
  if (statement.condition === null) return false;
  const others = aliasesOf(statement.from).filter(
    (alias) => !statement.targets.some((target) => target.alias === alias),
  );
  const conditions = [...innerConditions(statement.from)];
  if (statement.condition.expr !== null) conditions.push(statement.condition.expr);
  const tables = new Set(statement.targets.map(({ name }) => name));
  const truths = conditions.map((expr) =>
    picksItself(expr, tables) ? 'all' : truthOf(expr, new Set(others)),
  );
  return !truths.includes('some') && !truths.includes('none');
}

function truthOf(expr: Expr, others: ReadonlySet<string>): Truth {
  switch (expr.kind) {
    case 'constant':
      return constantTruth(expr.type, expr.value);
    case 'column_or_string':
      return 'same';
    case 'operation':
      return operationTruth(expr.name, expr.parts, others);
    case 'column':
    case 'row':
    case 'call':
    case 'query':
      return variesBy(expr, others) ? 'some' : 'same';
  }
}

function constantTruth(type: string, value: string): Truth {
  if (type === 'null') return 'none';
  if (type === 'boolean') return value === 'true' ? 'all' : 'none';
  if (type === 'number') return Number(value) === 0 ? 'none' : 'all';
  return 'same';
}

function operationTruth(name: string, parts: readonly Expr[], others: ReadonlySet<string>): Truth {
  const [left, right] = parts;
  if (name === 'and') {
    const truths = parts.map((part) => truthOf(part, others));
    if (truths.includes('none')) return 'none';
    if (truths.includes('some')) return 'some';
    return truths.includes('same') ? 'same' : 'all';
  }
  // `||` is OR in MySQL's default mode; read as concatenation it is no condition anyone writes.
  if (name === 'or' || name === '||') {
    const truths = parts.map((part) => truthOf(part, others));
    if (truths.includes('all') || excludeEachOther(parts)) return 'all';
    if (truths.includes('same')) return 'same';
    return truths.includes('some') ? 'some' : 'none';
  }
  if (name === 'not' && left !== undefined) {
    const truth = truthOf(left, others);
    return truth === 'all' ? 'none' : truth === 'none' ? 'all' : truth;
  }
  if ((name === 'nested' || name === 'is true' || name === 'is not false') && left !== undefined) {
    return truthOf(left, others);
  }
  if (name === 'is false' || name === 'is not true') {
    return left === undefined ? 'same' : operationTruth('not', [left], others);
  }
  if (left !== undefined && right !== undefined && parts.length <= 3) {
    if (REFLEXIVE.has(name) && sameText(left, right)) return 'all';
    if (right.kind === 'constant' && ANY_TEXT.get(name)?.test(right.value) === true) return 'all';
    if (name === '=' && left.kind === 'constant' && right.kind === 'constant') {
      if (left.type === 'number' && right.type === 'number') {
        return Number(left.value) === Number(right.value) ? 'all' : 'none';
      }
    }
  }
  // `id = id + 0`: a value beside what is made of it alone.
  if (COMPARES.has(name) && left !== undefined && right !== undefined && ofOneColumn(left, right))
    return 'same';
  if (name === 'in' && left !== undefined && parts.slice(1).some((part) => sameText(part, left)))
    return 'all';
  return parts.some((part) => variesBy(part, others)) ? 'some' : 'same';
}

const COMPARES = new Set(['=', '==', '<=>', '<', '<=', '>', '>=', 'like', 'is']);

/** Whether both sides are made of the same one column and of nothing else that a row decides. */
function ofOneColumn(left: Expr, right: Expr): boolean {
  const [a, b] = [columnsOf(left), columnsOf(right)];
  const [first] = a ?? [];
  if (a === null || b === null || first === undefined || b.length === 0) return false;
  return [...a, ...b].every((other) => sameText(first, other));
}

/** The columns in it; null where it holds more than columns and constants. */
function columnsOf(expr: Expr): readonly Expr[] | null {
  if (pathOf(expr) !== null) return [expr];
  if (expr.kind === 'constant') return [];
  const parts = expr.kind === 'operation' ? expr.parts : expr.kind === 'call' ? expr.args : null;
  const within = parts?.map(columnsOf) ?? [null];
  return within.includes(null) ? null : within.flatMap((columns) => columns ?? []);
}

/** `id IN (SELECT id FROM t)` and `EXISTS (SELECT 1 FROM t AS u WHERE u.id = t.id)`, where t is what is changed. */
function picksItself(expr: Expr, tables: ReadonlySet<string>): boolean {
  const whole = bare(expr);
  const [tested, inner] =
    whole.kind === 'operation' && whole.name === 'sublink'
      ? whole.parts.length === 1
        ? [null, whole.parts[0]]
        : [whole.parts[0] ?? null, whole.parts[1]]
      : [null, whole];
  if (inner?.kind !== 'query' || inner.query.with !== null) return false;
  const { body, aside } = inner.query;
  if (body.kind !== 'select' || body.from.length !== 1 || aside.length > 0) return false;
  const [source] = body.from;
  const [item] = body.items;
  if (source?.kind !== 'table' || !tables.has(source.name)) return false;
  if (tested !== null)
    return body.aside.length === 0 && item?.kind === 'value' && sameText(item.expr, tested);
  const conditions = body.aside.flatMap((one) => (one.kind === 'operation' ? one.parts : [one]));
  return conditions.every((one) => {
    const [left, right] = one.kind === 'operation' && one.name === '=' ? one.parts : [];
    if (left === undefined || right === undefined) return false;
    const name = pathOf(left)?.at(-1);
    return name !== undefined && name === pathOf(right)?.at(-1);
  });
}

/** Patterns that every text matches. */
const ANY_TEXT: ReadonlyMap<string, RegExp> = new Map([
  ...['like', 'ilike'].map((name) => [name, /^%+$/] as const),
  ['glob', /^\*+$/],
  ...['~', '~*', 'regexp', 'similar'].map((name) => [name, /^\^?(?:\.\*|%*)\$?$/] as const),
]);

const REFLEXIVE = new Set([
  '=',
  '==',
  '<=',
  '>=',
  '<=>',
  'is',
  'like',
  'ilike',
  'glob',
  'between',
  'is not distinct from',
]);

/** `x IS NULL OR x IS NOT NULL`, `a = b OR a <> b`, `p OR NOT p`. */
function excludeEachOther(parts: readonly Expr[]): boolean {
  return parts.some((one) =>
    parts.some((other) => {
      if (one.kind !== 'operation') return false;
      const [subject] = one.parts;
      if (one.name === 'not' && subject !== undefined) return sameText(subject, other);
      if (other.kind !== 'operation') return false;
      const opposite = OPPOSITES.get(one.name);
      return opposite?.has(other.name) === true && sameParts(one.parts, other.parts);
    }),
  );
}

const OPPOSITES = new Map([
  ['is null', new Set(['is not null'])],
  ['=', new Set(['<>', '!='])],
  ['<', new Set(['>=', '>'])],
  ['<=', new Set(['>', '>='])],
  ['like', new Set(['not like'])],
]);

/** Equal as written. A name with and one without its table may be one column, and so may `"x"` and `x`. */
function sameText(a: Expr, b: Expr): boolean {
  const [x, y] = [bare(a), bare(b)];
  const [xPath, yPath] = [pathOf(x), pathOf(y)];
  if (xPath !== null && yPath !== null) {
    const bothQualified = xPath.length > 1 && yPath.length > 1;
    return xPath.at(-1) === yPath.at(-1) && (!bothQualified || xPath.at(-2) === yPath.at(-2));
  }
  if (x.kind === 'operation' && y.kind === 'operation')
    return x.name === y.name && sameParts(x.parts, y.parts);
  if (x.kind === 'call' && y.kind === 'call') return x.name === y.name && sameParts(x.args, y.args);
  return x.kind === y.kind && JSON.stringify(x) === JSON.stringify(y);
}

function sameParts(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((part, index) => sameText(part, b[index] ?? part));
}

function bare(expr: Expr): Expr {
  const first = expr.kind === 'operation' && expr.name === 'nested' ? expr.parts[0] : undefined;
  return first === undefined ? expr : bare(first);
}

function pathOf(expr: Expr): readonly string[] | null {
  if (expr.kind === 'column_or_string') return [expr.name];
  return expr.kind === 'column' ? expr.path : null;
}

/** Whether a column that can belong to a changed table takes part. */
function variesBy(expr: Expr, others: ReadonlySet<string>): boolean {
  switch (expr.kind) {
    case 'constant':
    case 'column_or_string':
      return false;
    case 'column':
      return expr.path.length < 2 || !others.has(expr.path.at(-2) ?? '');
    case 'row':
      return !others.has(expr.path.at(-1) ?? '');
    case 'operation':
      return expr.parts.some((part) => variesBy(part, others));
    case 'call':
      return expr.args.some((arg) => variesBy(arg, others));
    case 'query':
      return queryVaries(expr.query, others);
  }
}

function queryVaries(query: Query, others: ReadonlySet<string>): boolean {
  return bodyVaries(query.body, others);
}

function bodyVaries(body: Body, others: ReadonlySet<string>): boolean {
  switch (body.kind) {
    case 'select':
      return (
        body.aside.some((expr) => variesBy(expr, others)) ||
        innerConditions(body.from).some((expr) => variesBy(expr, others)) ||
        body.items.some((item) => item.kind === 'value' && variesBy(item.expr, others))
      );
    case 'set':
      return queryVaries(body.left, others) || queryVaries(body.right, others);
    case 'values':
      return body.rows.some((row) => row.some((expr) => variesBy(expr, others)));
    case 'nested':
      return body.body.kind === 'query' && queryVaries(body.body, others);
  }
}

function innerConditions(from: readonly Source[]): readonly Expr[] {
  return from.flatMap((source): readonly Expr[] => {
    if (source.kind !== 'join') return [];
    const below = innerConditions([source.left, source.right]);
    if (!source.inner) return below;
    const using = source.using.map((name): Expr => ({ kind: 'column', path: [name] }));
    return [...below, ...using, ...(source.on === null ? [] : [source.on])];
  });
}

function aliasesOf(from: readonly Source[]): readonly string[] {
  return from.flatMap((source) => {
    if (source.kind === 'join') return aliasesOf([source.left, source.right]);
    return source.alias === null ? [] : [source.alias];
  });
}
