import { fingerprintOf } from '../lexed/canonical.ts';
import { lexMysql } from './lex.ts';
import type { Read } from '../read.ts';
import { readStatement } from './statements.ts';
import { splitStatements } from '../lexed/token.ts';

/** Reads a text for MySQL and MariaDB: exact tokens first, a parser on what they make, and the two compared. */
export function readMysql(text: string): Read {
  const tokens = lexMysql(text);
  const statements = splitStatements(tokens);
  return {
    statements: statements.map(readStatement),
    tokens: statements,
    fingerprint: fingerprintOf(tokens, ['string', 'double', 'number', 'parameter']),
  };
}
