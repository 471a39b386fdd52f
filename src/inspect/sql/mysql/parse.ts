import { canonical } from '../lexed/canonical.ts';
import { functionIsKnown } from './functions.ts';
import { parseOne } from '../sqlparser/parse.ts';
import type { Query, Statement } from '../statement.ts';
import { rewriteMysql } from './rewrite.ts';
import type { Token } from '../lexed/token.ts';
import { treeToStatement } from '../sqlparser/tree-to-statement.ts';

/** A statement that the parser knows: a query, INSERT, UPDATE, DELETE, REPLACE. */
export function parseMysql(tokens: readonly Token[]): Query | Statement {
  const { text, ...literals } = canonical(rewriteMysql(tokens), 'string');
  return treeToStatement(parseOne(text, 'mysql'), { dialect: 'mysql', ...literals, functionIsKnown });
}
