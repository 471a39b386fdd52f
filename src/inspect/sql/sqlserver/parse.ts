import { canonical } from '../lexed/canonical.ts';
import { functionIsKnown } from './functions.ts';
import { parseOne } from '../sqlparser/parse.ts';
import type { Query, Statement } from '../statement.ts';
import { rewriteSqlserver } from './rewrite.ts';
import type { Token } from '../lexed/token.ts';
import { treeToStatement } from '../sqlparser/tree-to-statement.ts';

export function parseSqlserver(tokens: readonly Token[]): Query | Statement {
  const { text, strings } = canonical(rewriteSqlserver(tokens), 'identifier', '[');
  return treeToStatement(parseOne(text, 'mssql'), { dialect: 'sqlserver', strings, functionIsKnown });
}
