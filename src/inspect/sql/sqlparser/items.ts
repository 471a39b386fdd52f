import type { Item } from '../statement.ts';
import { list, node, only, saysNothing, tree } from '../read-tree.ts';
import { readExpr, readIdent, readPath, type Reader } from './reader.ts';
import { refuseMaybeColumns } from './expressions.ts';
import { unsupported } from '../refused.ts';

/** What SELECT and RETURNING give. */
export function readItems(reader: Reader, value: unknown): readonly Item[] {
  return list(value, 'A select list').map((item): Item => {
    const [type, content] = node(item, 'A select list');
    switch (type) {
      case 'UnnamedExpr': {
        const expr = readExpr(reader, content);
        refuseMaybeColumns(expr);
        return { kind: 'value', expr, name: expr.kind === 'column' ? (expr.path.at(-1) ?? null) : null };
      }
      case 'ExprWithAlias': {
        const of = tree(content, type);
        const expr = readExpr(reader, of['expr']);
        refuseMaybeColumns(expr);
        return { kind: 'value', expr, name: readIdent(reader, of['alias']).name };
      }
      case 'Wildcard':
        refuseOptions(content);
        return { kind: 'star', path: [] };
      case 'QualifiedWildcard': {
        const [what, options] = list(content, type);
        refuseOptions(options);
        const [form, path] = node(what, type);
        if (form !== 'ObjectName') throw unsupported('A star of this form');
        return { kind: 'star', path: readPath(reader, path) };
      }
      default:
        throw unsupported(type);
    }
  });
}

/** `* EXCEPT (…)`, `* REPLACE (…)`: no MySQL or SQLite has them. */
function refuseOptions(value: unknown): void {
  if (!saysNothing(value)) only(tree(value, 'A star'), new Set(['wildcard_token']), 'A star');
}
