import { init, parse } from '@guanmingchiu/sqlparser-ts';
import { list } from '../read-tree.ts';
import { Refused } from '../refused.ts';

export async function loadSqlparser(): Promise<void> {
  await init();
}

/** Parses one statement. The parser is no engine's own, so its tree is only trusted together with the lexer's tokens. */
export function parseOne(canonicalText: string, dialect: 'mysql' | 'sqlite' | 'mssql'): unknown {
  let parsed: unknown;
  try {
    // `Parser.parseToJson` says five times as much, for nothing is left out, and takes twice as long.
    parsed = parse(canonicalText, dialect);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // Any other error is the parser dying (`memory access out of bounds`), after which it stays dead.
    if (!message.startsWith('sql parser error')) throw error;
    if (message.includes('recursion limit'))
      throw new Refused('too_deep', 'The statement is nested too deeply.');
    throw new Refused('syntax', 'The statement was not understood as SQL of this database.');
  }
  const statements = list(parsed, 'A text');
  if (statements.length !== 1)
    throw new Refused('syntax', 'The statement was not understood as one statement.');
  return statements[0];
}
