import { fingerprintOf } from '../lexed/canonical.ts';
import { lexSqlite } from './lex.ts';
import type { Read } from '../read.ts';
import { readStatement } from './statements.ts';
import { splitStatements } from '../lexed/token.ts';

/** Reads a text for SQLite: exact tokens first, a parser on what they make, and the two compared. */
export function readSqlite(text: string): Read {
  const tokens = lexSqlite(text);
  const statements = splitStatements(tokens);
  return {
    statements: statements.map(readStatement),
    tokens: statements,
    fingerprint: fingerprintOf(tokens, ['string', 'number', 'parameter']),
  };
}
