import { list, node, only, text, tree, type Tree } from '../read-tree.ts';
import { operation, type Expr, type Item, type Source } from '../statement.ts';
import { readAlias } from './alias.ts';
import { readExpr, readExprs, readIdent, type Reader } from './reader.ts';
import { unsupported } from '../refused.ts';

/** `t PIVOT (SUM(a) FOR b IN ([x], [y])) AS p`: a column for each value of `b` that is listed. */
export function readPivot(reader: Reader, of: Tree, inner: Source): Source {
  only(of, new Set(['table', 'aggregate_functions', 'value_column', 'value_source', 'alias']), 'PIVOT');
  const [aggregate, ...more] = list(of['aggregate_functions'], 'PIVOT');
  const [form, values] = node(of['value_source'], 'PIVOT');
  if (aggregate === undefined || more.length > 0 || form !== 'List') throw unsupported('PIVOT of this form');
  const expr = aliased(reader, aggregate);
  const items = list(values, 'PIVOT').map((value): Item => ({
    kind: 'value',
    expr,
    name: nameOf(reader, value),
  }));
  return around(reader, of, inner, items, readExprs(reader, of['value_column']));
}

/** `t UNPIVOT (v FOR n IN (a, b)) AS u`: the columns `a` and `b` as rows of one column, and their names in another. */
export function readUnpivot(reader: Reader, of: Tree, inner: Source): Source {
  only(of, new Set(['table', 'value', 'name', 'columns', 'null_inclusion', 'alias']), 'UNPIVOT');
  const [form, value] = node(of['value'], 'UNPIVOT');
  if (form !== 'Identifier') throw unsupported('UNPIVOT of this form');
  const columns = list(of['columns'], 'UNPIVOT').map((column) => aliased(reader, column));
  const items: readonly Item[] = [
    { kind: 'value', expr: operation('unpivot', columns), name: readIdent(reader, value).name },
    { kind: 'value', expr: operation('unpivot', []), name: readIdent(reader, of['name']).name },
  ];
  return around(reader, of, inner, items, []);
}

/**
 * The columns that stay keep their names, but which go and at what place the others stand is not in the text: so a source
 * of no known columns stands beside them, which leaves the columns of a star to their names.
 */
function around(
  reader: Reader,
  of: Tree,
  inner: Source,
  items: readonly Item[],
  aside: readonly Expr[],
): Source {
  const alias = readAlias(reader, of['alias']);
  if (alias === null || alias.columns.length > 0) throw unsupported('PIVOT with columns of its own names');
  const unknown: Source = { kind: 'function', args: [], alias: null, columns: [], exact: false };
  return {
    kind: 'query',
    query: {
      kind: 'query',
      with: null,
      body: {
        kind: 'select',
        items: [...items, { kind: 'star', path: [] }],
        from: [inner, unknown],
        aside,
        into: null,
      },
      aside: [],
      locks: false,
    },
    alias: alias.name,
    columns: [],
    lateral: true,
    suffixes: false,
  };
}

/** `{ expr, alias }` without an alias. */
function aliased(reader: Reader, value: unknown): Expr {
  const of = tree(value, 'PIVOT');
  only(of, new Set(['expr']), 'PIVOT');
  return readExpr(reader, of['expr']);
}

function nameOf(reader: Reader, value: unknown): string {
  const of = tree(value, 'PIVOT');
  only(of, new Set(['expr']), 'PIVOT');
  const [form, name] = node(of['expr'], 'PIVOT');
  return text(form === 'Identifier' ? readIdent(reader, name).name : null, 'PIVOT');
}
