import { canonical } from '../lexed/canonical.ts';
import { functionIsKnown } from './functions.ts';
import { parseOne } from '../sqlparser/parse.ts';
import type { Query, Statement } from '../statement.ts';
import type { Token } from '../lexed/token.ts';
import { treeToStatement } from '../sqlparser/tree-to-statement.ts';

/** `tokens`: as rewritten for the parser. */
export function parseSqlserver(tokens: readonly Token[]): Query | Statement {
  const { text, ...literals } = canonical(tokens, 'identifier', '[');
  return treeToStatement(parseOne(text, 'mssql'), { dialect: 'sqlserver', ...literals, functionIsKnown });
}
