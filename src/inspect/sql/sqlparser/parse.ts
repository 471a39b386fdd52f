import { init, parse } from '@guanmingchiu/sqlparser-ts';
import { keepRecent, type Recent } from '../../recent.ts';
import { list } from '../read-tree.ts';
import { Refused } from '../refused.ts';

export async function loadSqlparser(): Promise<void> {
  await init();
}

type Grammar = 'mysql' | 'sqlite' | 'mssql';

const recent = <T>(): Recent<T> => keepRecent({ entries: 200, characters: 60_000 });

interface Memory {
  /** Nothing changes a tree: readers take it as read-only. One takes some 30 KB. */
  readonly trees: Recent<unknown>;
  /** Texts seen once. Only the second sight keeps a tree, for keeping each costs the collector more than it saves. */
  readonly once: Recent<true>;
}

const memory: Readonly<Record<Grammar, Memory>> = {
  mysql: { trees: recent(), once: recent() },
  sqlite: { trees: recent(), once: recent() },
  mssql: { trees: recent(), once: recent() },
};

/**
 * Parses one statement. The parser is no engine's own, so its tree is only trusted together with the lexer's tokens. Parsing
 * is two thirds of an inspection, and texts that differ in literals alone are one text here, so trees are remembered.
 */
export function parseOne(canonicalText: string, dialect: Grammar): unknown {
  const { trees, once } = memory[dialect];
  const known = trees.get(canonicalText);
  if (known !== undefined) return known;
  const statement = parseAnew(canonicalText, dialect);
  if (once.get(canonicalText) === undefined) once.set(canonicalText, true);
  else trees.set(canonicalText, statement);
  return statement;
}

function parseAnew(canonicalText: string, dialect: Grammar): unknown {
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
