import { dropped, type Rewrite } from '../lexed/rewrite.ts';
import { isSymbol, isWord, type Token } from '../lexed/token.ts';

/** What the servers take and the parser does not, written so that it does; nothing that carries an effect goes. */
export function rewriteMysql(tokens: readonly Token[]): readonly Token[] {
  return dropped(tokens, RULES);
}

const RULES: readonly Rewrite[] = [
  // GROUP BY a WITH ROLLUP
  (tokens, at) =>
    isWord(tokens[at], 'with') && isWord(tokens[at + 1], 'rollup') ? { skip: 2, put: [] } : null,
  // !x
  (tokens, at) => (isSymbol(tokens[at], '!') ? { skip: 1, put: ['not'] } : null),
  // CAST(x AS CHAR CHARACTER SET utf8mb4)
  (tokens, at) =>
    isWord(tokens[at], 'char') && isWord(tokens[at + 1], 'character') && isWord(tokens[at + 2], 'set')
      ? { skip: 4, put: ['char'] }
      : null,
  // 7 MOD 2
  (tokens, at) =>
    isWord(tokens[at], 'mod') && !isSymbol(tokens[at + 1], '(') && !isSymbol(tokens[at - 1], '.')
      ? { skip: 1, put: ['%'] }
      : null,
  // a SOUNDS LIKE b
  (tokens, at) =>
    isWord(tokens[at], 'sounds') && isWord(tokens[at + 1], 'like') ? { skip: 2, put: ['like'] } : null,
];
