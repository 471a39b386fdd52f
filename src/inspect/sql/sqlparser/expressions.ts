import { constant, operation, readsTable, type Expr } from '../statement.ts';
import { list, node, only, text, tree, type Tree } from '../read-tree.ts';
import { deeper, readExpr, readExprs, readIdent, readPath, readQuery, type Reader } from './reader.ts';
import { readFunction, call } from './functions.ts';
import { variableIsHarmless, VARIABLES } from '../mysql/show.ts';
import { Refused, unsupported } from '../refused.ts';

export function expression(reader: Reader, value: unknown): Expr {
  return deeper(reader, () => {
    const [type, content] = node(value, 'An expression');
    const simple = SIMPLE.get(type);
    if (simple !== undefined) return operation(simple, [readExpr(reader, content)]);
    const parts = PARTS.get(type);
    if (parts !== undefined) return readParts(reader, type, parts, tree(content, type));
    switch (type) {
      case 'Identifier':
        return readIdentifier(reader, content);
      case 'CompoundIdentifier':
        return readCompound(reader, content);
      case 'Value':
        return readValue(reader, tree(content, type)['value']);
      case 'TypedString':
      case 'Prefixed':
        return constant(JSON.stringify(tree(content, type)['value']));
      case 'BinaryOp':
        return readBinary(reader, tree(content, type));
      case 'UnaryOp':
        return readUnary(reader, tree(content, type));
      case 'Tuple':
        return operation('row', readExprs(reader, content));
      case 'Case':
        return readCase(reader, tree(content, type));
      case 'Exists':
        return { kind: 'query', query: readQuery(reader, tree(content, type)['subquery']) };
      case 'Subquery':
        return { kind: 'query', query: readQuery(reader, content) };
      case 'InSubquery': {
        const of = tree(content, type);
        only(of, new Set(['expr', 'subquery', 'negated']), type);
        return operation('sublink', [
          readExpr(reader, of['expr']),
          { kind: 'query', query: readQuery(reader, of['subquery']) },
        ]);
      }
      case 'MatchAgainst': {
        const of = tree(content, type);
        const columns = list(of['columns'], type).map((path): Expr => ({
          kind: 'column',
          path: readPath(reader, path),
        }));
        return operation('match', columns);
      }
      case 'Function':
        return readFunction(reader, tree(content, type));
      default:
        throw unsupported(`${type} here`);
    }
  });
}

/** Nodes around one expression. */
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['Nested', 'nested'],
  ['IsNull', 'is null'],
  ['IsNotNull', 'is not null'],
  ['IsTrue', 'is true'],
  ['IsNotTrue', 'is not true'],
  ['IsFalse', 'is false'],
  ['IsNotFalse', 'is not false'],
  ['IsUnknown', 'is null'],
  ['IsNotUnknown', 'is not null'],
]);

interface Parts {
  /** What it is in conditions; a function's name where it is written as one. */
  readonly name: string;
  readonly isFunction?: true;
  readonly exprs: readonly string[];
  readonly ignored: readonly string[];
}

const PARTS: ReadonlyMap<string, Parts> = new Map([
  ['InList', { name: 'in', exprs: ['expr', 'list'], ignored: ['negated'] }],
  ['Between', { name: 'between', exprs: ['expr', 'low', 'high'], ignored: ['negated'] }],
  ['Like', { name: 'like', exprs: ['expr', 'pattern'], ignored: ['negated', 'escape_char'] }],
  ['RLike', { name: 'regexp', exprs: ['expr', 'pattern'], ignored: ['negated', 'regexp'] }],
  ['AnyOp', { name: 'any', exprs: ['left', 'right'], ignored: ['compare_op', 'is_some'] }],
  ['AllOp', { name: 'all', exprs: ['left', 'right'], ignored: ['compare_op'] }],
  ['IsDistinctFrom', { name: 'is distinct from', exprs: ['0', '1'], ignored: [] }],
  ['MemberOf', { name: 'member of', exprs: ['value', 'array'], ignored: [] }],
  ['Collate', { name: 'nested', exprs: ['expr'], ignored: ['collation'] }],
  ['Cast', { name: 'cast', exprs: ['expr'], ignored: ['kind', 'data_type'] }],
  ['AtTimeZone', { name: 'at time zone', exprs: ['timestamp', 'time_zone'], ignored: [] }],
  [
    'Convert',
    {
      name: 'convert',
      isFunction: true,
      exprs: ['expr', 'styles'],
      ignored: ['charset', 'data_type', 'target_before_value', 'is_try'],
    },
  ],
  ['Extract', { name: 'extract', isFunction: true, exprs: ['expr'], ignored: ['field', 'syntax'] }],
  ['Ceil', { name: 'ceil', isFunction: true, exprs: ['expr'], ignored: ['field'] }],
  ['Floor', { name: 'floor', isFunction: true, exprs: ['expr'], ignored: ['field'] }],
  ['Position', { name: 'position', isFunction: true, exprs: ['expr', 'in'], ignored: [] }],
  [
    'Substring',
    {
      name: 'substring',
      isFunction: true,
      exprs: ['expr', 'substring_from', 'substring_for'],
      ignored: ['special', 'shorthand'],
    },
  ],
  [
    'Trim',
    {
      name: 'trim',
      isFunction: true,
      exprs: ['expr', 'trim_what', 'trim_characters'],
      ignored: ['trim_where'],
    },
  ],
  ['Interval', { name: 'interval', exprs: ['value'], ignored: ['leading_field', 'last_field'] }],
]);

function readParts(reader: Reader, type: string, parts: Parts, of: Tree): Expr {
  only(of, new Set([...parts.exprs, ...parts.ignored]), type);
  const exprs = readExprs(reader, ...parts.exprs.map((key) => of[key]));
  if (parts.isFunction) return call(reader, parts.name, exprs);
  return operation(of['negated'] === true ? `not ${parts.name}` : parts.name, exprs);
}

function readIdentifier(reader: Reader, value: unknown): Expr {
  const { name, quote } = readIdent(reader, value);
  // What a variable holds was put there by another statement, from anywhere.
  if (name.startsWith('@@')) return variable(reader, name);
  if (name.startsWith('@')) return { kind: 'row', path: ['@'] };
  if (quote === '"') return { kind: 'column_or_string', name, likely: 'column' };
  return column(reader, [name]);
}

function readCompound(reader: Reader, value: unknown): Expr {
  const path = list(value, 'A name').map((part) => readIdent(reader, part).name);
  if (path[0]?.startsWith('@@') === true) return variable(reader, path.join('.'));
  const last = path.at(-1) ?? '';
  // `seq.nextval` moves a sequence in MariaDB's Oracle mode.
  if (last === 'nextval') return call(reader, 'nextval', []);
  return column(reader, path);
}

/** A variable of the system. One that is not known to be harmless counts as reading all of them. */
function variable(reader: Reader, name: string): Expr {
  // SQL Server's `@@…` are functions of its own, and none of them tells a secret.
  return reader.dialect === 'sqlserver' || variableIsHarmless(name) ? constant(name) : readsTable(VARIABLES);
}

/** In SQLite `rowid` and its other names stand for whatever column is the integer primary key. */
function column(reader: Reader, path: readonly string[]): Expr {
  const read: Expr = { kind: 'column', path };
  const isRowId = reader.dialect === 'sqlite' && ['rowid', 'oid', '_rowid_'].includes(path.at(-1) ?? '');
  return isRowId ? operation('rowid', [read, { kind: 'row', path: path.slice(0, -1) }]) : read;
}

function readValue(reader: Reader, value: unknown): Expr {
  if (value === 'Null') return { kind: 'constant', type: 'null', value: 'null' };
  const [type, content] = node(value, 'A value');
  switch (type) {
    case 'Number':
      return { kind: 'constant', type: 'number', value: text(list(content, type)[0], type) };
    case 'Boolean':
      return { kind: 'constant', type: 'boolean', value: String(content === true) };
    case 'SingleQuotedString': {
      const string = reader.strings.get(text(content, type));
      if (string === undefined) throw unsupported('A string of this form');
      if (string.double) return { kind: 'column_or_string', name: string.content, likely: 'string' };
      return { kind: 'constant', type: 'string', value: string.content };
    }
    case 'Placeholder':
    case 'HexStringLiteral':
      return constant(`${type} ${text(content, type)}`);
    default:
      throw unsupported(`A value written as ${type}`);
  }
}

const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Plus: '+',
    Minus: '-',
    Multiply: '*',
    Divide: '/',
    Modulo: '%',
    MyIntegerDivide: 'div',
    StringConcat: '||',
    Gt: '>',
    Lt: '<',
    GtEq: '>=',
    LtEq: '<=',
    Spaceship: '<=>',
    Eq: '=',
    NotEq: '<>',
    And: 'and',
    Or: 'or',
    Xor: 'xor',
    BitwiseOr: '|',
    BitwiseAnd: '&',
    BitwiseXor: '^',
    PGBitwiseXor: '^',
    PGBitwiseShiftLeft: '<<',
    PGBitwiseShiftRight: '>>',
    Arrow: '->',
    LongArrow: '->>',
    Match: 'match',
    Regexp: 'regexp',
  }),
);

function readBinary(reader: Reader, of: Tree): Expr {
  only(of, new Set(['left', 'op', 'right']), 'An operator');
  const [op] = node(of['op'], 'An operator');
  const sides = readExprs(reader, of['left'], of['right']);
  if (op === 'Assignment') {
    return { kind: 'call', name: ':=', calm: false, discloses: true, args: sides, aside: [] };
  }
  const name = OPERATORS.get(op);
  if (name === undefined) throw unsupported(`The operator ${op}`);
  return operation(name, sides);
}

function readUnary(reader: Reader, of: Tree): Expr {
  const [op] = node(of['op'], 'An operator');
  if (!['Not', 'Minus', 'Plus', 'BitwiseNot', 'BangNot'].includes(op))
    throw unsupported(`The operator ${op}`);
  const expr = readExpr(reader, of['expr']);
  if (op === 'Not' || op === 'BangNot') return operation('not', [expr]);
  return operation(op.toLowerCase(), [expr]);
}

function readCase(reader: Reader, of: Tree): Expr {
  only(of, new Set(['operand', 'conditions', 'else_result', 'case_token', 'end_token']), 'CASE');
  const whens = list(of['conditions'], 'CASE').flatMap((when) => {
    const branch = tree(when, 'CASE');
    return readExprs(reader, branch['condition'], branch['result']);
  });
  return operation('case', [
    ...readExprs(reader, of['operand']),
    ...whens,
    ...readExprs(reader, of['else_result']),
  ]);
}

/** In a select list `"x"` may be a column whose name masking goes by, so it must be told which of the two it is. */
export function refuseMaybeColumns(expr: Expr): void {
  if (
    expr.kind === 'column_or_string' &&
    expr.likely === 'string' &&
    /[\p{L}_]/u.test(expr.name) &&
    !expr.name.includes('%')
  ) {
    throw new Refused(
      'unsupported',
      'Double quotes make a string or a column as sql_mode is set; in a select list write strings in single quotes and columns in backticks.',
    );
  }
  if (expr.kind === 'operation') for (const part of expr.parts) refuseMaybeColumns(part);
  if (expr.kind === 'call') for (const part of expr.args) refuseMaybeColumns(part);
}
