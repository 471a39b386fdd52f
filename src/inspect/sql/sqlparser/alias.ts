import { list, only, saysNothing, tree } from '../read-tree.ts';
import { readIdent, type Reader } from './reader.ts';

/** `AS t (a, b)`. */
export function readAlias(
  reader: Reader,
  value: unknown,
): { readonly written: string; readonly name: string; readonly columns: readonly string[] } | null {
  if (saysNothing(value)) return null;
  const of = tree(value, 'An alias');
  only(of, new Set(['explicit', 'name', 'columns']), 'An alias');
  const columns = list(of['columns'], 'An alias').map(
    (column) => readIdent(reader, tree(column, 'An alias')['name']).name,
  );
  const { written, name } = readIdent(reader, of['name']);
  return { written, name, columns };
}
