import { fingerprintSync, hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { list, tree } from '../read-tree.ts';
import { limitDepth } from '../lexed/limit-depth.ts';
import { Refused } from '../refused.ts';
import { scanPostgres } from './scan.ts';
import type { Query, Statement } from '../statement.ts';
import type { Read } from '../read.ts';
import { expression } from './expressions.ts';
import { query } from './query.ts';
import { readQueryOrStatement, type Grammar } from './grammar.ts';
import { statement } from './statements.ts';

export const loadPostgres = loadModule;

/** Reads a text with the server's own grammar. */
export function readPostgres(text: string): Read {
  refuseKillers(text);
  const parsed = parse(text);
  return { statements: parsed, fingerprint: fingerprintSync(text) };
}

/** 10,000 terms in one chain overflow the parser's stack, 28 times of which end it; comments in each other cost it seconds. */
const LIMITS = { chain: 1_500, depth: 500 };

function refuseKillers(text: string): void {
  if (text.split('/*').length > 200) throw new Refused('too_deep', 'The statement has too many comments.');
  let tokens: ReturnType<typeof scanPostgres>;
  try {
    tokens = scanPostgres(text);
  } catch (error) {
    // A quote or comment that does not end: the server's grammar says it better.
    if (error instanceof Refused) return;
    throw error;
  }
  limitDepth(tokens, LIMITS);
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
