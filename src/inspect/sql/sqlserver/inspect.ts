import { fingerprintOf } from '../lexed/canonical.ts';
import { lexSqlserver } from './lex.ts';
import type { Read } from '../read.ts';
import { readStatement } from './statements.ts';
import { splitStatements } from '../lexed/token.ts';

/** Reads a text for SQL Server: exact tokens first, a parser on what they make, and the two compared. */
export function readSqlserver(text: string): Read {
  const tokens = lexSqlserver(text);
  const statements = splitStatements(tokens);
  return {
    statements: statements.map((statement) => readStatement(statement, statements.length)),
    tokens: statements,
    fingerprint: fingerprintOf(tokens, ['string', 'number', 'parameter']),
  };
}
