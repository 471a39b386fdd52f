import { dropped, type Rewrite } from '../lexed/rewrite.ts';
import { isSymbol, isWord, type Token } from '../lexed/token.ts';

/** What SQLite takes and the parser does not, written so that it does; nothing that carries an effect goes. */
export function rewriteSqlite(tokens: readonly Token[]): readonly Token[] {
  return dropped(tokens, RULES);
}

const RULES: readonly Rewrite[] = [
  // FROM t INDEXED BY i
  (tokens, at) =>
    isWord(tokens[at], 'indexed') && isWord(tokens[at + 1], 'by') && afterName(tokens, at)
      ? { skip: 3, put: [] }
      : null,
  // FROM t NOT INDEXED
  (tokens, at) =>
    isWord(tokens[at], 'not') && isWord(tokens[at + 1], 'indexed') && afterName(tokens, at)
      ? { skip: 2, put: [] }
      : null,
  // AS MATERIALIZED (…), AS NOT MATERIALIZED (…)
  (tokens, at) =>
    isWord(tokens[at], 'materialized') && isSymbol(tokens[at + 1], '(') && isWord(tokens[at - 1], 'as')
      ? { skip: 1, put: [] }
      : null,
  (tokens, at) =>
    isWord(tokens[at], 'not') && isWord(tokens[at + 1], 'materialized') && isWord(tokens[at - 1], 'as')
      ? { skip: 2, put: [] }
      : null,
  // a << b, a >> b
  (tokens, at) => (isSymbol(tokens[at], '<<') || isSymbol(tokens[at], '>>') ? { skip: 1, put: ['&'] } : null),
  // a GLOB b, a MATCH b
  (tokens, at) =>
    isWord(tokens[at], 'glob', 'match') && !isSymbol(tokens[at + 1], '(') && afterOperand(tokens, at)
      ? { skip: 1, put: ['like'] }
      : null,
  // a IS NOT b, a IS b
  (tokens, at) =>
    isWord(tokens[at], 'is') && isWord(tokens[at + 1], 'not') && comparesWith(tokens[at + 2])
      ? { skip: 2, put: ['<>'] }
      : null,
  (tokens, at) =>
    isWord(tokens[at], 'is') && !isWord(tokens[at + 1], 'not') && comparesWith(tokens[at + 1])
      ? { skip: 1, put: ['='] }
      : null,
  // a NOT NULL, a NOTNULL, a ISNULL
  (tokens, at) =>
    isWord(tokens[at], 'isnull') && afterOperand(tokens, at) ? { skip: 1, put: ['is', 'null'] } : null,
  (tokens, at) =>
    isWord(tokens[at], 'notnull') && afterOperand(tokens, at)
      ? { skip: 1, put: ['is', 'not', 'null'] }
      : null,
];

/** IS with an operand of its own, and not with one of the words that the parser knows after IS. */
function comparesWith(token: Token | undefined): boolean {
  return token !== undefined && !isWord(token, 'null', 'true', 'false', 'distinct', 'not');
}

function afterName(tokens: readonly Token[], at: number): boolean {
  return ['word', 'quoted', 'double'].includes(tokens[at - 1]?.kind ?? '') && tokens[at + 2] !== tokens[at];
}

function afterOperand(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return (
    before !== undefined &&
    (isSymbol(before, ')') || before.kind !== 'symbol') &&
    !isSymbol(tokens[at + 1], '.')
  );
}
