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

function own(node: SyntaxNode): readonly (string | boolean | number)[] {
  switch (node.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'ArithmeticWord':
      return [node.value];
    case 'Statement':
      return [node.background === true];
    case 'Pipeline':
    case 'AndOr':
      return [...node.operators];
    case 'Redirect':
    case 'HereString':
    case 'HereDoc':
    case 'TestUnary':
    case 'TestBinary':
    case 'TestLogical':
    case 'ArithmeticBinary':
    case 'ArithmeticUnary':
    case 'ProcessSubstitution':
      return [node.operator];
    case 'Assignment':
      return [node.name, node.append === true];
    case 'FileDescriptor':
      return [node.value];
    case 'HereDocBody':
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
    case 'ArithmeticCommand':
    case 'ArithmeticExpansion':
      return ['text' in node ? node.text : node.body];
    case 'HereDocDelimiter':
      return [node.quoted];
    case 'CaseItem':
      return [node.terminator ?? ''];
    case 'While':
      return [node.kind];
    default:
      return [];
  }
}

function isPlainWord({ parts }: Word): boolean {
  return (parts ?? []).every(
    ({ type }) => type === 'Literal' || type === 'SingleQuoted' || type === 'AnsiCQuoted',
  );
}
