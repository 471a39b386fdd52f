import { condition, limit, type Body, type Cte, type Expr, type Query, type With } from '../statement.ts';
import { isTree, list, node, only, saysNothing, tree, type Tree } from '../read-tree.ts';
import { deeper, readExprs, readOrder, readQuery, type Reader } from './reader.ts';
import { readAlias } from './alias.ts';
import { readItems } from './items.ts';
import { readFrom } from './sources.ts';
import { readOver } from './functions.ts';
import { unsupported } from '../refused.ts';

const QUERY = new Set(['with', 'body', 'order_by', 'limit_clause', 'fetch', 'locks']);

export function query(reader: Reader, value: unknown): Query {
  return deeper(reader, () => {
    const of = tree(value, 'A query');
    only(of, QUERY, 'A query');
    return {
      kind: 'query',
      with: readWith(reader, of['with']),
      body: readBody(reader, of['body']),
      aside: [
        ...readOrderBy(reader, of['order_by']),
        ...limit([...readLimit(reader, of['limit_clause']), ...readFetch(reader, of['fetch'])]),
      ],
      locks: list(of['locks'], 'A lock').length > 0,
    };
  });
}

function readBody(reader: Reader, value: unknown): Body {
  const [type, content] = node(value, 'A query');
  switch (type) {
    case 'Select':
      return readSelect(reader, tree(content, type));
    case 'Query':
      return { kind: 'nested', body: readQuery(reader, content) };
    case 'SetOperation': {
      const of = tree(content, type);
      only(of, new Set(['left', 'op', 'set_quantifier', 'right']), type);
      const side = (body: unknown): Query => ({
        kind: 'query',
        with: null,
        body: deeper(reader, () => readBody(reader, body)),
        aside: [],
        locks: false,
      });
      return { kind: 'set', left: side(of['left']), right: side(of['right']) };
    }
    case 'Values': {
      const of = tree(content, type);
      only(of, new Set(['explicit_row', 'value_keyword', 'rows']), type);
      return {
        kind: 'values',
        rows: list(of['rows'], type).map((row) => readExprs(reader, isTree(row) ? row['content'] : row)),
      };
    }
    case 'Insert':
    case 'Update':
    case 'Delete':
      return { kind: 'nested', body: reader.change(reader, content) };
    default:
      throw unsupported(type);
  }
}

const SELECT = new Set(
  `select_token select_modifiers top top_before_distinct distinct projection from selection group_by having named_window window_before_qualify flavor`.split(
    ' ',
  ),
);

function readSelect(reader: Reader, of: Tree): Body {
  only(of, SELECT, 'SELECT');
  const windows = list(of['named_window'], 'WINDOW').flatMap((window) =>
    readOver(reader, list(window, 'WINDOW')[1]),
  );
  return {
    kind: 'select',
    items: readItems(reader, of['projection']),
    from: readFrom(reader, of['from']),
    aside: [
      ...condition(readExprs(reader, of['selection'], of['having'])),
      ...readGroup(reader, of['group_by']),
      ...windows,
      ...limit(readTop(reader, of['top'])),
    ],
    into: null,
  };
}

function readGroup(reader: Reader, value: unknown): readonly Expr[] {
  const [type, content] = node(value, 'GROUP BY');
  const [exprs, modifiers] = list(content, 'GROUP BY');
  if (type !== 'Expressions' || !saysNothing(modifiers)) throw unsupported('GROUP BY of this form');
  return readExprs(reader, exprs);
}

function readWith(reader: Reader, value: unknown): With | null {
  if (saysNothing(value)) return null;
  const of = tree(value, 'WITH');
  only(of, new Set(['with_token', 'recursive', 'cte_tables']), 'WITH');
  // SQLite takes every WITH as recursive, and lets a CTE name a later one.
  const recursive = reader.dialect === 'sqlite' || of['recursive'] === true;
  return {
    recursive,
    suffixes: reader.dialect === 'sqlite',
    ctes: list(of['cte_tables'], 'WITH').map((cte) => readCte(reader, tree(cte, 'WITH'))),
  };
}

function readCte(reader: Reader, of: Tree): Cte {
  only(of, new Set(['alias', 'query', 'closing_paren_token']), 'WITH');
  const alias = readAlias(reader, of['alias']);
  if (alias === null) throw unsupported('WITH without a name');
  if (alias.name.startsWith('pragma_')) throw unsupported('A common table expression called like a pragma');
  reader.ctes.set(alias.name, alias.written);
  return { name: alias.name, columns: alias.columns, body: readQuery(reader, of['query']) };
}

function readOrderBy(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value)) return [];
  const [type, content] = node(tree(value, 'ORDER BY')['kind'], 'ORDER BY');
  if (type !== 'Expressions') throw unsupported('ORDER BY of this form');
  return readOrder(reader, content);
}

/** SELECT TOP (n) PERCENT WITH TIES. */
function readTop(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value)) return [];
  const of = tree(value, 'TOP');
  only(of, new Set(['with_ties', 'percent', 'quantity']), 'TOP');
  const [type, content] = node(of['quantity'], 'TOP');
  return type === 'Expr' ? readExprs(reader, content) : [];
}

/** OFFSET … FETCH NEXT n ROWS ONLY. */
function readFetch(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value)) return [];
  const of = tree(value, 'FETCH');
  only(of, new Set(['with_ties', 'percent', 'quantity']), 'FETCH');
  return readExprs(reader, of['quantity']);
}

function readLimit(reader: Reader, value: unknown): readonly Expr[] {
  if (saysNothing(value)) return [];
  const [, content] = node(value, 'LIMIT');
  const of = tree(content, 'LIMIT');
  only(of, new Set(['limit', 'offset']), 'LIMIT');
  const offset = isTree(of['offset']) && 'rows' in of['offset'] ? of['offset']['value'] : of['offset'];
  return readExprs(reader, of['limit'], offset);
}
