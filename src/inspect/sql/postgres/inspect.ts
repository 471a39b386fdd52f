import { fingerprintSync, hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { list, tree } from '../read-tree.ts';
import { Refused } from '../refused.ts';
import type { Query, Statement } from '../statement.ts';
import type { Read } from '../read.ts';
import { expression } from './expressions.ts';
import { query } from './query.ts';
import { readQueryOrStatement, type Grammar } from './grammar.ts';
import { statement } from './statements.ts';

export const loadPostgres = loadModule;

/** Reads a text with the server's own grammar. */
export function readPostgres(text: string): Read {
  const parsed = parse(text);
  return { statements: parsed, fingerprint: fingerprintSync(text) };
}

function parse(text: string): readonly (Query | Statement)[] {
  let parsed: unknown;
  try {
    parsed = parseSync(text);
  } catch (error) {
    // Anything but a syntax error is the parser itself failing: the caller replaces it.
    if (!hasSqlDetails(error)) throw error;
    throw new Refused('syntax', `PostgreSQL would not parse it: ${error.message}.`);
  }
  const g: Grammar = { expr: expression, query, statement, depth: 0 };
  return list(tree(parsed, 'A text')['stmts'], 'A text').map((raw) =>
    readQueryOrStatement(g, tree(raw, 'A statement')['stmt']),
  );
}
