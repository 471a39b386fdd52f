import { list, node, text, tree, type Tree } from '../read-tree.ts';

/** A list of String nodes: the parts of a qualified name. */
export function names(value: unknown): readonly string[] {
  return list(value, 'A name').map((part) => {
    const [type, content] = node(part, 'A name');
    return text(tree(content, type)['sval'], 'A name');
  });
}

/** `schema.table`, as written; the server already folded it. */
export function tableName(range: Tree): string {
  return [range['catalogname'], range['schemaname'], range['relname']]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('.');
}

export function aliasName(value: unknown): string | null {
  return value === undefined || value === null ? null : text(tree(value, 'Alias')['aliasname'], 'Alias');
}

export function aliasColumns(value: unknown): readonly string[] {
  return value === undefined || value === null ? [] : names(tree(value, 'Alias')['colnames']);
}
