import type { Expr } from '../statement.ts';
import { condition, constant, operation } from '../statement.ts';
import { list, node, only, saysNothing, tree, type Tree } from '../read-tree.ts';
import { readExpr, readExprs, readOrder, readPath, readQuery, type Reader } from './reader.ts';
import { unsupported } from '../refused.ts';

export function call(reader: Reader, name: string, args: readonly Expr[], aside: readonly Expr[] = []): Expr {
  return { kind: 'call', name, ...reader.functionIsKnown(name), args, aside };
}

const KEYS = new Set([
  'name',
  'uses_odbc_syntax',
  'parameters',
  'args',
  'within_group',
  'filter',
  'over',
  'null_treatment',
]);

export function readFunction(reader: Reader, of: Tree): Expr {
  only(of, KEYS, 'A function');
  if (of['uses_odbc_syntax'] === true || of['parameters'] !== 'None')
    throw unsupported('A function of this form');
  const { args, aside } = readArguments(reader, of['args']);
  const within = readOrder(reader, of['within_group']);
  return call(
    reader,
    readPath(reader, of['name']).join('.'),
    [...args, ...within],
    [...aside, ...condition(readExprs(reader, of['filter'])), ...readOver(reader, of['over'])],
  );
}

function readArguments(
  reader: Reader,
  value: unknown,
): { readonly args: readonly Expr[]; readonly aside: readonly Expr[] } {
  if (value === 'None' || saysNothing(value)) return { args: [], aside: [] };
  const [form, content] = node(value, 'Arguments');
  if (form === 'Subquery') return { args: [{ kind: 'query', query: readQuery(reader, content) }], aside: [] };
  if (form !== 'List') throw unsupported('Arguments of this form');
  const of = tree(content, 'Arguments');
  only(of, new Set(['duplicate_treatment', 'args', 'clauses']), 'Arguments');
  return {
    args: list(of['args'], 'Arguments').map((arg) => readArgument(reader, arg)),
    aside: list(of['clauses'], 'Arguments').flatMap((clause) => readClause(reader, clause)),
  };
}

export function readArgument(reader: Reader, value: unknown): Expr {
  const [form, content] = node(value, 'An argument');
  if (form !== 'Unnamed') throw unsupported('A named argument');
  const [type, inner] = node(content, 'An argument');
  if (type === 'Expr') return readExpr(reader, inner);
  if (type === 'Wildcard') return constant('*');
  if (type === 'QualifiedWildcard') return { kind: 'row', path: readPath(reader, inner) };
  throw unsupported('An argument of this form');
}

function readClause(reader: Reader, value: unknown): readonly Expr[] {
  const [type, content] = node(value, 'Arguments');
  if (type === 'OrderBy') return readOrder(reader, content);
  if (type === 'Limit') return [readExpr(reader, content)];
  if (type === 'Separator' || type === 'IgnoreOrRespectNulls' || type === 'JsonReturningClause') return [];
  throw unsupported(`Arguments with ${type}`);
}

export function readOver(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value)) return [];
  const [form, content] = node(value, 'OVER');
  if (form === 'NamedWindow') return [];
  if (form !== 'WindowSpec') throw unsupported('OVER of this form');
  const of = tree(content, 'OVER');
  only(of, new Set(['window_name', 'partition_by', 'order_by', 'window_frame']), 'OVER');
  const frame = saysNothing(of['window_frame']) ? {} : tree(of['window_frame'], 'OVER');
  return [
    operation('window', [
      ...readExprs(reader, of['partition_by']),
      ...readOrder(reader, of['order_by']),
      ...readBound(reader, frame['start_bound']),
      ...readBound(reader, frame['end_bound']),
    ]),
  ];
}

function readBound(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value) || typeof value === 'string') return [];
  const [, content] = node(value, 'OVER');
  return readExprs(reader, content);
}
