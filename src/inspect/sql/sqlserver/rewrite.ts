import { DATE_PARTS } from './functions.ts';
import { dropped, type Rewrite } from '../lexed/rewrite.ts';
import { isSymbol, isWord, type Token } from '../lexed/token.ts';

/** What the server takes and the parser does not, written so that it does; nothing that carries an effect goes. */
export function rewriteSqlserver(tokens: readonly Token[]): readonly Token[] {
  return dropped(tokens, RULES);
}

const RULES: readonly Rewrite[] = [
  // FROM t WITH (NOLOCK): reads what is not yet committed, and holds nobody up.
  (tokens, at) =>
    isWord(tokens[at], 'with') &&
    isSymbol(tokens[at + 1], '(') &&
    isWord(tokens[at + 2], 'nolock', 'readuncommitted', 'readpast') &&
    isSymbol(tokens[at + 3], ')')
      ? { skip: 4, put: [] }
      : null,
  // OPTION (RECOMPILE), OPTION (MAXRECURSION 100)
  (tokens, at) => {
    const isOption = isWord(tokens[at], 'option') && isSymbol(tokens[at + 1], '(');
    if (!isOption || !isWord(tokens[at + 2], 'recompile', 'maxrecursion', 'maxdop', 'fast')) return null;
    const end = tokens[at + 3]?.kind === 'number' ? at + 4 : at + 3;
    return isSymbol(tokens[end], ')') && end === tokens.length - 1 ? { skip: end + 1 - at, put: [] } : null;
  },
  // DATEADD(day, 1, a): the part of a date is no column.
  (tokens, at) =>
    isSymbol(tokens[at], '(') &&
    tokens[at - 1]?.kind === 'word' &&
    DATE_PARTS.has(tokens[at - 1]?.text.toLowerCase() ?? '') &&
    !isSymbol(tokens[at - 2], '.') &&
    tokens[at + 1]?.kind === 'word' &&
    isSymbol(tokens[at + 2], ',')
      ? { skip: 3, put: ['('] }
      : null,
];
