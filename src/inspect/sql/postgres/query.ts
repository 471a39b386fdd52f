import {
  condition,
  limit,
  type Body,
  type Cte,
  type Expr,
  type Item,
  type Query,
  type Source,
  type With,
} from '../statement.ts';
import { list, node, only, saysNothing, text, tree, type Tree } from '../read-tree.ts';
import { unsupported } from '../refused.ts';
import { aliasColumns, aliasName, names, tableName } from './names.ts';
import { call } from './expressions.ts';
import { castTo } from './cast.ts';
import { readDocumentTable } from './json.ts';
import { readExpr, readExprs, readQuery, readQueryOrStatement, type Grammar } from './grammar.ts';

const SELECT = new Set(
  `distinctClause intoClause targetList fromClause whereClause groupClause groupDistinct havingClause windowClause
  valuesLists sortClause limitOffset limitCount limitOption lockingClause withClause op all larg rarg`.split(
    /\s+/,
  ),
);

/** What may stand beside the arms of a set operation, and beside the rows of VALUES. */
const COMBINED = new Set(
  'sortClause limitOffset limitCount limitOption lockingClause withClause op all larg rarg'.split(' '),
);
const LISTED = new Set(
  'valuesLists sortClause limitOffset limitCount limitOption lockingClause withClause op'.split(' '),
);

/** `{ SelectStmt }`, or its content where the parser leaves the wrapper out. */
export function query(g: Grammar, value: unknown): Query {
  const wrapped = tree(value, 'A query');
  const of = wrapped['SelectStmt'] === undefined ? wrapped : tree(wrapped['SelectStmt'], 'SelectStmt');
  if (wrapped['SelectStmt'] === undefined && wrapped['op'] === undefined)
    throw unsupported('A query of this form');
  only(of, SELECT, 'SELECT');
  return {
    kind: 'query',
    with: readWith(g, of['withClause']),
    body: readBody(g, of),
    aside: [...readExprs(g, of['sortClause']), ...limit(readExprs(g, of['limitOffset'], of['limitCount']))],
    locks: list(of['lockingClause'], 'A lock').length > 0,
  };
}

function readBody(g: Grammar, of: Tree): Body {
  if (of['op'] !== 'SETOP_NONE') {
    only(of, COMBINED, 'A set operation');
    return { kind: 'set', left: readQuery(g, of['larg']), right: readQuery(g, of['rarg']) };
  }
  const values = list(of['valuesLists'], 'VALUES');
  if (values.length > 0) {
    only(of, LISTED, 'VALUES');
    return {
      kind: 'values',
      rows: values.map((row) => readExprs(g, tree(tree(row, 'VALUES')['List'], 'VALUES')['items'])),
    };
  }
  return {
    kind: 'select',
    items: readItems(g, of['targetList']),
    from: readFrom(g, of['fromClause']),
    aside: [
      ...condition(readExprs(g, of['whereClause'], of['havingClause'])),
      ...readExprs(g, of['distinctClause'], of['groupClause'], of['windowClause']),
    ],
    into: saysNothing(of['intoClause'])
      ? null
      : tableName(tree(tree(of['intoClause'], 'INTO')['rel'], 'INTO')),
  };
}

export function readWith(g: Grammar, value: unknown): With | null {
  if (value === undefined || value === null) return null;
  const of = tree(value, 'WITH');
  only(of, new Set(['ctes', 'recursive', 'location']), 'WITH');
  return {
    ctes: list(of['ctes'], 'WITH').map((item) => readCte(g, item)),
    recursive: of['recursive'] === true,
    suffixes: false,
  };
}

function readCte(g: Grammar, value: unknown): Cte {
  const of = tree(tree(value, 'WITH')['CommonTableExpr'], 'WITH');
  // SEARCH and CYCLE add columns of their own, made of columns that are in the query.
  only(of, new Set(['ctename', 'aliascolnames', 'ctematerialized', 'ctequery', 'location']), 'WITH');
  const body = tree(of['ctequery'], 'WITH');
  return {
    name: text(of['ctename'], 'WITH'),
    columns: names(of['aliascolnames']),
    body: readQueryOrStatement(g, body),
  };
}

export function readItems(g: Grammar, value: unknown): readonly Item[] {
  return list(value, 'A select list').map((item): Item => {
    const of = tree(tree(item, 'ResTarget')['ResTarget'], 'ResTarget');
    only(of, new Set(['name', 'val', 'location']), 'ResTarget');
    const [type] = node(of['val'], 'ResTarget');
    const expr = readExpr(g, of['val']);
    if (expr.kind === 'row' && (type === 'ColumnRef' || type === 'A_Indirection'))
      return { kind: 'star', path: expr.path };
    const name = of['name'] === undefined ? impliedName(expr) : text(of['name'], 'ResTarget');
    return { kind: 'value', expr, name };
  });
}

/** The server names a result column after the column or the function it shows, through casts. */
function impliedName(expr: Expr): string | null {
  if (expr.kind === 'column') return expr.path.at(-1) ?? null;
  if (expr.kind === 'call') return expr.name.split('.').at(-1) ?? null;
  const [first] = expr.kind === 'operation' ? expr.parts : [];
  if (expr.kind !== 'operation' || first === undefined) return null;
  if (['cast', 'index', 'collate', 'or'].includes(expr.name)) return impliedName(first);
  if (expr.name === 'field') return impliedName(expr.parts[1] ?? first);
  return null;
}

export function readFrom(g: Grammar, value: unknown): readonly Source[] {
  return list(value, 'FROM').map((item) => readSource(g, item));
}

export function readSource(g: Grammar, value: unknown): Source {
  const [type, content] = node(value, 'FROM');
  const of = tree(content, type);
  switch (type) {
    case 'RangeVar':
      return readTable(of);
    case 'RangeSubselect':
      only(of, new Set(['lateral', 'subquery', 'alias']), type);
      return {
        kind: 'query',
        query: readQuery(g, of['subquery']),
        alias: aliasName(of['alias']),
        columns: aliasColumns(of['alias']),
        lateral: of['lateral'] === true,
        suffixes: false,
      };
    case 'RangeFunction':
      return readFunction(g, of);
    case 'JsonTable':
    case 'RangeTableFunc':
      return readDocumentTable(g, type, of);
    case 'JoinExpr':
      return readJoin(g, of);
    case 'RangeTableSample': {
      only(of, new Set(['relation', 'method', 'args', 'repeatable', 'location']), type);
      const table = readSource(g, of['relation']);
      if (table.kind !== 'table') throw unsupported('TABLESAMPLE of this form');
      return { ...table, aside: [call(names(of['method']), readExprs(g, of['args'], of['repeatable']), [])] };
    }
    default:
      throw unsupported(type);
  }
}

function readTable(of: Tree): Source {
  only(
    of,
    new Set(['catalogname', 'schemaname', 'relname', 'inh', 'relpersistence', 'alias', 'location']),
    'FROM',
  );
  // Column aliases over a stored table would hide which column is which: the text does not show their order.
  if (aliasColumns(of['alias']).length > 0) throw unsupported('A list of column aliases on a table');
  const relname = text(of['relname'], 'FROM');
  return { kind: 'table', name: tableName(of), alias: aliasName(of['alias']) ?? relname, aside: [] };
}

function readFunction(g: Grammar, of: Tree): Source {
  only(
    of,
    new Set(['lateral', 'ordinality', 'is_rowsfrom', 'functions', 'alias', 'coldeflist']),
    'A function in FROM',
  );
  const functions = list(of['functions'], 'A function in FROM').map((item) => {
    const pair = list(tree(tree(item, 'FROM')['List'], 'FROM')['items'], 'FROM');
    if (pair.slice(1).some((rest) => !saysNothing(rest)))
      throw unsupported('ROWS FROM with column definitions');
    return readExpr(g, pair[0]);
  });
  const defined = list(of['coldeflist'], 'A column definition').map((item) =>
    tree(tree(item, 'FROM')['ColumnDef'], 'FROM'),
  );
  const types = defined.map((column) =>
    castTo(column['typeName'], { kind: 'constant', type: 'null', value: 'null' }),
  );
  const columns = defined.map((column) => text(column['colname'], 'A column definition'));
  const implied = functions.length === 1 && functions[0]?.kind === 'call' ? functions[0].name : null;
  return {
    kind: 'function',
    args: [...functions, ...types],
    alias: aliasName(of['alias']) ?? implied,
    columns: columns.length > 0 ? columns : aliasColumns(of['alias']),
    exact: columns.length > 0,
  };
}

function readJoin(g: Grammar, of: Tree): Source {
  only(
    of,
    new Set([
      'jointype',
      'isNatural',
      'larg',
      'rarg',
      'usingClause',
      'join_using_alias',
      'quals',
      'alias',
      'rtindex',
    ]),
    'JOIN',
  );
  if (!saysNothing(of['alias']) || !saysNothing(of['join_using_alias']))
    throw unsupported('An alias for a whole join');
  const using = names(of['usingClause']);
  return {
    kind: 'join',
    left: readSource(g, of['larg']),
    right: readSource(g, of['rarg']),
    on: of['quals'] === undefined ? null : readExpr(g, of['quals']),
    inner: of['jointype'] === 'JOIN_INNER',
    merges: of['isNatural'] === true || using.length > 0,
    using,
    suffixes: false,
  };
}
