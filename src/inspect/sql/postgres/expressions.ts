import type { Call, Expr } from '../statement.ts';
import { condition, constant, operation, readsTable } from '../statement.ts';
import { isTree, list, node, only, text, tree, type Tree } from '../read-tree.ts';
import { Refused, unsupported } from '../refused.ts';
import { castTo } from './cast.ts';
import { functionIsKnown, operatorIsKnown, ROW_FUNCTIONS } from './functions.ts';
import { JSON_NODES } from './json.ts';
import { readExpr, readExprs, readQuery, type Grammar } from './grammar.ts';
import { names } from './names.ts';
import { settingIsHarmless } from './settings.ts';

/** Deeper chains come from generators and attacks; the parser itself gives up at some 5,000 terms. */
const DEEPEST = 1_000;

export function expression(g: Grammar, value: unknown): Expr {
  g.depth += 1;
  if (g.depth > DEEPEST) throw new Refused('too_deep', 'The statement is nested too deeply.');
  const [type, content] = node(value, 'An expression');
  const read = READERS.get(type);
  if (read === undefined) throw unsupported(type);
  const expr = read(g, tree(content, type));
  g.depth -= 1;
  return expr;
}

type ReadNode = (g: Grammar, of: Tree) => Expr;

/** A reader that names the keys it reads: any other key that says something is refused. */
function reader(type: string, keys: string, read: ReadNode): readonly [string, ReadNode] {
  const known = new Set(['location', ...keys.split(' ')]);
  return [
    type,
    (g, of) => {
      only(of, known, type);
      return read(g, of);
    },
  ];
}

const READERS: ReadonlyMap<string, ReadNode> = new Map([
  ...JSON_NODES.map(([type, keys, read]) => reader(type, keys, read)),
  reader('ColumnRef', 'fields', (_g, of) => readColumn(of)),
  reader('ParamRef', 'number', (_g, of) => constant(`$${String(of['number'])}`)),
  reader('A_Const', 'ival fval sval bsval boolval isnull', (_g, of) => readConstant(of)),
  reader('Integer', 'ival', (_g, of) => constant(JSON.stringify(of['ival'] ?? 0))),
  reader('Float', 'fval', (_g, of) => constant(text(of['fval'], 'Float'))),
  reader('String', 'sval', (_g, of) => constant(text(of['sval'] ?? '', 'String'))),
  reader('A_Expr', 'kind name lexpr rexpr rexpr_list_start rexpr_list_end', readOperation),
  reader('BoolExpr', 'boolop args', (g, of) =>
    operation(text(of['boolop'], 'BoolExpr').replace('_EXPR', '').toLowerCase(), readExprs(g, of['args'])),
  ),
  reader('NullTest', 'arg nulltesttype', (g, of) =>
    operation(of['nulltesttype'] === 'IS_NULL' ? 'is null' : 'is not null', readExprs(g, of['arg'])),
  ),
  reader('BooleanTest', 'arg booltesttype', (g, of) =>
    operation(
      text(of['booltesttype'], 'BooleanTest').toLowerCase().replaceAll('_', ' '),
      readExprs(g, of['arg']),
    ),
  ),
  reader(
    'FuncCall',
    'funcname args agg_order agg_filter over agg_within_group agg_star agg_distinct func_variadic funcformat',
    readCall,
  ),
  reader('NamedArgExpr', 'arg name argnumber', (g, of) => operation('named', readExprs(g, of['arg']))),
  reader('TypeCast', 'arg typeName', readCast),
  reader('CollateClause', 'arg collname', (g, of) => operation('collate', readExprs(g, of['arg']))),
  reader('SubLink', 'subLinkType testexpr operName subselect', readSubLink),
  reader('CaseExpr', 'arg args defresult', (g, of) =>
    operation('case', readExprs(g, of['arg'], of['args'], of['defresult'])),
  ),
  reader('CaseWhen', 'expr result', (g, of) => operation('when', readExprs(g, of['expr'], of['result']))),
  reader('CoalesceExpr', 'args', (g, of) => operation('coalesce', readExprs(g, of['args']))),
  reader('MinMaxExpr', 'op args', (g, of) => operation('minmax', readExprs(g, of['args']))),
  reader('A_ArrayExpr', 'elements list_start list_end', (g, of) =>
    operation('array', readExprs(g, of['elements'])),
  ),
  reader('RowExpr', 'args row_format', (g, of) => operation('row', readExprs(g, of['args']))),
  reader('List', 'items', (g, of) => operation('list', readExprs(g, of['items']))),
  reader('A_Indirection', 'arg indirection', readIndirection),
  reader('GroupingFunc', 'args', (g, of) => operation('grouping', readExprs(g, of['args']))),
  reader('GroupingSet', 'kind content', (g, of) => operation('grouping set', readExprs(g, of['content']))),
  reader('SetToDefault', '', () => constant('default')),
  reader('SQLValueFunction', 'op typmod', (_g, of) =>
    call([text(of['op'], 'SQLValueFunction').replace('SVFOP_', '').replace(/_N$/, '').toLowerCase()], [], []),
  ),
  reader('XmlExpr', 'op name named_args args xmloption typmod', (g, of) =>
    operation('xml', readExprs(g, of['named_args'], of['args'])),
  ),
  reader('XmlSerialize', 'xmloption expr typeName indent', (g, of) =>
    operation('xml', readExprs(g, of['expr'])),
  ),
  reader('ResTarget', 'name val indirection', (g, of) => operation('target', readExprs(g, of['val']))),
  reader('MultiAssignRef', 'source colno ncolumns', (g, of) =>
    operation('assign', readExprs(g, of['source'])),
  ),
  reader('SortBy', 'node sortby_dir sortby_nulls useOp', (g, of) => {
    const sorted = operation('sort', readExprs(g, of['node']));
    return of['useOp'] === undefined ? sorted : byOperator(names(of['useOp']), sorted);
  }),
  reader(
    'WindowDef',
    'name refname partitionClause orderClause frameOptions startOffset endOffset',
    (g, of) =>
      operation(
        'window',
        readExprs(g, of['partitionClause'], of['orderClause'], of['startOffset'], of['endOffset']),
      ),
  ),
]);

function readColumn(of: Tree): Expr {
  const fields = list(of['fields'], 'ColumnRef').map((field) => node(field, 'ColumnRef'));
  const path = fields.flatMap(([type, content]) =>
    type === 'String' ? [text(tree(content, 'ColumnRef')['sval'], 'ColumnRef')] : [],
  );
  if (fields.at(-1)?.[0] === 'A_Star') return { kind: 'row', path };
  if (path.length !== fields.length) throw unsupported('A column reference of this form');
  const column: Expr = { kind: 'column', path };
  const last = path.at(-1) ?? '';
  if (path.length < 2 || !ROW_FUNCTIONS.has(last)) return column;
  return operation('or', [column, call([last], [{ kind: 'row', path: path.slice(0, -1) }], [])]);
}

function readConstant(of: Tree): Expr {
  if (of['isnull'] === true) return { kind: 'constant', type: 'null', value: 'null' };
  const inner = (key: string): Tree | null => (isTree(of[key]) ? of[key] : null);
  const integer = inner('ival');
  if (integer !== null)
    return { kind: 'constant', type: 'number', value: JSON.stringify(integer['ival'] ?? 0) };
  const float = inner('fval');
  if (float !== null) return { kind: 'constant', type: 'number', value: text(float['fval'], 'A number') };
  const boolean = inner('boolval');
  if (boolean !== null)
    return { kind: 'constant', type: 'boolean', value: String(boolean['boolval'] === true) };
  const string = inner('sval');
  if (string !== null)
    return { kind: 'constant', type: 'string', value: text(string['sval'] ?? '', 'A string') };
  return constant(JSON.stringify(of));
}

const KINDS: ReadonlyMap<unknown, string | null> = new Map([
  ['AEXPR_OP', null],
  ['AEXPR_OP_ANY', null],
  ['AEXPR_OP_ALL', null],
  ['AEXPR_DISTINCT', 'is distinct from'],
  ['AEXPR_NOT_DISTINCT', 'is not distinct from'],
  ['AEXPR_NULLIF', 'nullif'],
  ['AEXPR_IN', 'in'],
  ['AEXPR_LIKE', 'like'],
  ['AEXPR_ILIKE', 'ilike'],
  ['AEXPR_SIMILAR', 'similar'],
  ['AEXPR_BETWEEN', 'between'],
  ['AEXPR_NOT_BETWEEN', 'not between'],
  ['AEXPR_BETWEEN_SYM', 'between'],
  ['AEXPR_NOT_BETWEEN_SYM', 'not between'],
]);

function readOperation(g: Grammar, of: Tree): Expr {
  const path = names(of['name']);
  const kind = KINDS.get(of['kind']);
  if (kind === undefined) throw unsupported(String(of['kind']));
  const symbol = path.at(-1) ?? '';
  const right = of['rexpr'];
  const rest =
    isTree(right) && isTree(right['List']) ? readExprs(g, right['List']['items']) : readExprs(g, right);
  const name =
    kind === null || symbol.startsWith('!') || symbol === '<>'
      ? kind === null
        ? symbol
        : `not ${kind}`
      : kind;
  const read = operation(of['kind'] === 'AEXPR_OP' || kind !== null ? name : `any ${name}`, [
    ...readExprs(g, of['lexpr']),
    ...rest,
  ]);
  return kind === null ? byOperator(path, read) : read;
}

/** An operator that is not the engine's own may run any function. */
function byOperator(path: readonly string[], read: Expr): Expr {
  if (operatorIsKnown(path)) return read;
  return {
    kind: 'call',
    name: `operator(${path.join('.')})`,
    calm: false,
    discloses: true,
    args: [read],
    aside: [],
  };
}

function readCall(g: Grammar, of: Tree): Expr {
  const ordered = readExprs(g, of['agg_order']);
  // `percentile_disc(0.5) WITHIN GROUP (ORDER BY x)` gives an x; `string_agg(x ORDER BY y)` gives no y.
  const within = of['agg_within_group'] === true;
  const args = [...readExprs(g, of['args']), ...(within ? ordered : [])];
  const over = of['over'] === undefined ? [] : [readExpr(g, { WindowDef: of['over'] })];
  const written = names(of['funcname']);
  // `EXTRACT(… FROM …)` and the like: the grammar writes the schema, not the author.
  const path = of['funcformat'] === 'COERCE_SQL_SYNTAX' ? written.slice(-1) : written;
  return call(path, args, [
    ...settingsRead(path, args),
    ...condition(readExprs(g, of['agg_filter'])),
    ...(within ? [] : ordered),
    ...over,
  ]);
}

/** `current_setting('x')` reads a setting; one that is not known to be harmless counts as reading all of them. */
function settingsRead(path: readonly string[], args: readonly Expr[]): readonly Expr[] {
  if (path.at(-1) !== 'current_setting') return [];
  const [name] = args;
  const isHarmless = name?.kind === 'constant' && name.type === 'string' && settingIsHarmless(name.value);
  return isHarmless ? [] : [readsTable('pg_settings')];
}

export function call(path: readonly string[], args: readonly Expr[], aside: readonly Expr[]): Call {
  return { kind: 'call', name: path.join('.').toLowerCase(), ...functionIsKnown(path), args, aside };
}

function readCast(g: Grammar, of: Tree): Expr {
  const [arg] = readExprs(g, of['arg']);
  if (arg === undefined) throw unsupported('A cast of this form');
  return castTo(of['typeName'], arg);
}

function readSubLink(g: Grammar, of: Tree): Expr {
  const query: Expr = { kind: 'query', query: readQuery(g, of['subselect']) };
  const read = operation('sublink', [...readExprs(g, of['testexpr']), query]);
  return of['operName'] === undefined ? read : byOperator(names(of['operName']), read);
}

function readIndirection(g: Grammar, of: Tree): Expr {
  const [arg] = readExprs(g, of['arg']);
  if (arg === undefined) throw unsupported('A_Indirection');
  let read = arg;
  for (const step of list(of['indirection'], 'A_Indirection')) {
    const [type, content] = node(step, 'A_Indirection');
    const inside = tree(content, type);
    if (type === 'A_Indices')
      read = operation('index', [read, ...readExprs(g, inside['lidx'], inside['uidx'])]);
    else if (type === 'String') read = readField(read, text(inside['sval'], type));
    else if (type === 'A_Star' && read.kind === 'column') read = { kind: 'row', path: read.path };
    else throw unsupported(type);
  }
  return read;
}

/** `(row).field` names one column of the row where the row is a table's; else any of what the value is made of. */
function readField(of: Expr, field: string): Expr {
  if (of.kind === 'column')
    return readColumn({ fields: [...of.path, field].map((sval) => ({ String: { sval } })) });
  const column: Expr = { kind: 'column', path: [field] };
  const parts = [of, column];
  return operation('field', ROW_FUNCTIONS.has(field) ? [...parts, call([field], [of], [])] : parts);
}
