import { forEachChild, type SyntaxNode, type Word } from 'unbash';

/**
 * The structure of a script with every word as it is meant: equal for commands that differ only in spaces, comments and in
 * how a plain word is quoted.
 */
export function canonical(node: SyntaxNode): string {
  if (node.type === 'Word' && isPlainWord(node))
    return JSON.stringify([node.type, node.value, node.text.startsWith('~')]);
  const children: string[] = [];
  forEachChild(node, (child) => void children.push(canonical(child)));
  return JSON.stringify([node.type, ...own(node), ...children]);
}

/** What a node is beside its kind and its children. */
function own(node: SyntaxNode): readonly string[] {
  const kept = [
    'value',
    'operator',
    'name',
    'append',
    'background',
    'quoted',
    'terminator',
    'kind',
    'body',
    'operators',
    'prefix',
    'parameter',
  ];
  const values = Object.entries(node).flatMap(([key, value]): readonly string[] => {
    const plain: unknown = value;
    if (!kept.includes(key)) return [];
    if (typeof plain === 'string' || typeof plain === 'boolean' || typeof plain === 'number')
      return [`${key}=${plain}`];
    return Array.isArray(plain) ? [`${key}=${plain.join(' ')}`] : [];
  });
  // What is not split into children is kept as it is written.
  return 'text' in node && TEXTUAL.has(node.type) ? [...values, node.text] : values;
}

const TEXTUAL: ReadonlySet<string> = new Set([
  'HereDocBody',
  'SimpleExpansion',
  'ParameterExpansion',
  'ArithmeticExpansion',
  'Glob',
  'ExtendedGlob',
  'BraceExpansion',
  'Assignment',
]);

function isPlainWord({ parts }: Word): boolean {
  return (parts ?? []).every(
    ({ type }) => type === 'Literal' || type === 'SingleQuoted' || type === 'AnsiCQuoted',
  );
}
