import { canonical } from '../lexed/canonical.ts';
import { functionIsKnown } from './functions.ts';
import { parseOne } from '../sqlparser/parse.ts';
import type { Query, Statement } from '../statement.ts';
import { rewriteSqlite } from './rewrite.ts';
import type { Token } from '../lexed/token.ts';
import { treeToStatement } from '../sqlparser/tree-to-statement.ts';

/** A statement that the parser knows: a query, INSERT, UPDATE, DELETE, REPLACE. */
export function parseSqlite(tokens: readonly Token[]): Query | Statement {
  const { text, ...literals } = canonical(rewriteSqlite(tokens), 'identifier');
  return treeToStatement(parseOne(text, 'sqlite'), { dialect: 'sqlite', ...literals, functionIsKnown });
}
