import { castTo } from './cast.ts';
import { condition, constant, operation, type Expr, type Source } from '../statement.ts';
import { isTree, list, only, text, tree, type Tree } from '../read-tree.ts';
import { aliasColumns, aliasName } from './names.ts';
import { readExpr, readExprs, readQuery, type Grammar } from './grammar.ts';

/** SQL/JSON and XML that the grammar writes as nodes of their own. Each reads and gives its arguments, and calls nothing. */

type ReadNode = (g: Grammar, of: Tree) => Expr;

/** By type: the keys that may say something, and how it is read. */
export const JSON_NODES: readonly (readonly [string, string, ReadNode])[] = [
  ['JsonValueExpr', 'raw_expr format', (g, of) => operation('json', readValue(g, of))],
  [
    'JsonFuncExpr',
    'op context_item pathspec passing output on_empty on_error wrapper quotes',
    (g, of) =>
      operation('json', [
        ...readValue(g, of['context_item']),
        ...readExprs(g, of['pathspec']),
        ...readPassing(g, of['passing']),
        ...readOutput(of['output']),
        ...readBehavior(g, of['on_empty']),
        ...readBehavior(g, of['on_error']),
      ]),
  ],
  ['JsonObjectConstructor', 'exprs output absent_on_null unique', readConstructor],
  ['JsonArrayConstructor', 'exprs output absent_on_null', readConstructor],
  [
    'JsonArrayQueryConstructor',
    'query output format absent_on_null',
    (g, of) =>
      operation('json', [{ kind: 'query', query: readQuery(g, of['query']) }, ...readOutput(of['output'])]),
  ],
  ['JsonObjectAgg', 'constructor arg absent_on_null unique', readAggregate],
  ['JsonArrayAgg', 'constructor arg absent_on_null', readAggregate],
  ['JsonKeyValue', 'key value', readKeyValue],
  [
    'JsonIsPredicate',
    'expr format item_type unique_keys',
    (g, of) => operation('is json', readExprs(g, of['expr'])),
  ],
  [
    'JsonParseExpr',
    'expr output unique_keys',
    (g, of) => operation('json', [...readValue(g, of['expr']), ...readOutput(of['output'])]),
  ],
  [
    'JsonScalarExpr',
    'expr output',
    (g, of) => operation('json', [...readExprs(g, of['expr']), ...readOutput(of['output'])]),
  ],
  [
    'JsonSerializeExpr',
    'expr output',
    (g, of) => operation('json', [...readValue(g, of['expr']), ...readOutput(of['output'])]),
  ],
  ['MergeSupportFunc', 'msftype msfcollid', () => constant('merge_action')],
];

/** JSON_TABLE and XMLTABLE: their columns are named, and each may hold any part of the document. */
export function readDocumentTable(g: Grammar, type: 'JsonTable' | 'RangeTableFunc', of: Tree): Source {
  only(of, type === 'JsonTable' ? JSON_TABLE : XML_TABLE, type);
  const document =
    type === 'JsonTable'
      ? [
          ...readValue(g, of['context_item']),
          ...readPath(g, of['pathspec']),
          ...readPassing(g, of['passing']),
          ...readBehavior(g, of['on_error']),
        ]
      : [...readExprs(g, of['docexpr'], of['rowexpr']), ...readNamespaces(g, of['namespaces'])];
  const columns = list(of['columns'], type).flatMap((column) => readColumn(g, column));
  const renamed = aliasColumns(of['alias']);
  return {
    kind: 'function',
    args: [...document, ...columns.flatMap(({ exprs }) => exprs)],
    alias: aliasName(of['alias']),
    columns: columns.map(({ name }, index) => renamed[index] ?? name),
    exact: true,
  };
}

const JSON_TABLE = new Set(
  'context_item pathspec passing columns on_error alias lateral location'.split(' '),
);
const XML_TABLE = new Set('lateral docexpr rowexpr namespaces columns alias location'.split(' '));
const COLUMN = new Set(
  `coltype name typeName pathspec format wrapper quotes columns on_empty on_error location colname for_ordinality is_not_null
  colexpr coldefexpr`.split(/\s+/),
);

function readColumn(
  g: Grammar,
  value: unknown,
): readonly { readonly name: string; readonly exprs: readonly Expr[] }[] {
  const wrapped = tree(value, 'A column');
  const of = tree(wrapped['JsonTableColumn'] ?? wrapped['RangeTableFuncCol'], 'A column');
  only(of, COLUMN, 'A column');
  const nested = list(of['columns'], 'A column').flatMap((column) => readColumn(g, column));
  if (of['coltype'] === 'JTC_NESTED') return nested;
  const exprs = [
    ...readPath(g, of['pathspec']),
    ...readBehavior(g, of['on_empty']),
    ...readBehavior(g, of['on_error']),
    ...readExprs(g, of['colexpr'], of['coldefexpr']),
    ...(of['typeName'] === undefined ? [] : [castTo(of['typeName'], NULL)]),
  ];
  return [{ name: text(of['name'] ?? of['colname'], 'A column'), exprs }, ...nested];
}

const NULL: Expr = { kind: 'constant', type: 'null', value: 'null' };

function readValue(g: Grammar, value: unknown): readonly Expr[] {
  if (value === undefined) return [];
  const of = tree(value, 'A JSON value');
  only(of, new Set(['raw_expr', 'format', 'location']), 'A JSON value');
  return readExprs(g, of['raw_expr']);
}

function readPath(g: Grammar, value: unknown): readonly Expr[] {
  if (value === undefined) return [];
  const of = tree(value, 'A path');
  only(of, new Set(['string', 'name', 'name_location', 'location']), 'A path');
  return readExprs(g, of['string']);
}

function readPassing(g: Grammar, value: unknown): readonly Expr[] {
  return list(value, 'PASSING').flatMap((item) => {
    const of = tree(tree(item, 'PASSING')['JsonArgument'], 'PASSING');
    only(of, new Set(['val', 'name']), 'PASSING');
    return readValue(g, of['val']);
  });
}

function readBehavior(g: Grammar, value: unknown): readonly Expr[] {
  if (value === undefined) return [];
  const of = tree(value, 'ON EMPTY');
  only(of, new Set(['btype', 'expr', 'coerce', 'location']), 'ON EMPTY');
  return readExprs(g, of['expr']);
}

/** RETURNING a type, which may be a domain whose checks run anything. */
function readOutput(value: unknown): readonly Expr[] {
  if (value === undefined) return [];
  const of = tree(value, 'RETURNING');
  only(of, new Set(['typeName', 'returning']), 'RETURNING');
  return [castTo(of['typeName'], NULL)];
}

function readConstructor(g: Grammar, of: Tree): Expr {
  return operation('json', [...readExprs(g, of['exprs']), ...readOutput(of['output'])]);
}

function readKeyValue(g: Grammar, of: Tree): Expr {
  return operation('json', [...readExprs(g, of['key']), ...readValue(g, of['value'])]);
}

function readAggregate(g: Grammar, of: Tree): Expr {
  const how = tree(of['constructor'], 'A JSON aggregate');
  only(how, new Set(['output', 'agg_filter', 'agg_order', 'over', 'location']), 'A JSON aggregate');
  const arg = tree(of['arg'], 'A JSON aggregate');
  const args = isTree(arg['key']) ? [readKeyValue(g, arg)] : readValue(g, arg);
  const over = how['over'] === undefined ? [] : [readExpr(g, { WindowDef: how['over'] })];
  return {
    kind: 'call',
    name: 'json_agg',
    calm: true,
    discloses: true,
    args: [...args, ...readOutput(how['output'])],
    aside: [...condition(readExprs(g, how['agg_filter'])), ...readExprs(g, how['agg_order']), ...over],
  };
}

function readNamespaces(g: Grammar, value: unknown): readonly Expr[] {
  return readExprs(g, value);
}
