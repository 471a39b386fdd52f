import { isSymbol, isWord, nameAt, type Token } from './token.ts';
import { unsupported } from '../refused.ts';

/** Words after which a definition names tables. */
const BEFORE_TABLES = ['table', 'tables', 'view', 'sequence', 'on', 'into', 'like', 'references'];
/** … in RENAME and ALTER alone: GRANT … TO names a user. */
const BEFORE_NEW_NAMES = ['to', 'with'];
const SKIPPED = ['if', 'not', 'exists', 'only', 'table', 'lock'];

/**
 * The tables that a definition (DROP, ALTER, RENAME, LOCK, …) names, read from its tokens: all of them count as
 * written. A query inside is not this function's to read.
 */
export function tablesNamed(tokens: readonly Token[]): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const renames = isWord(tokens[0], 'rename', 'alter') && isWord(tokens[at], ...BEFORE_NEW_NAMES);
    if (!renames && !isWord(tokens[at], ...BEFORE_TABLES)) continue;
    let next = at + 1;
    while (isWord(tokens[next], ...SKIPPED)) next += 1;
    // `DROP TABLE a, b`, `RENAME TABLE a TO b, c TO d`, `LOCK TABLES a READ, b WRITE`.
    for (;;) {
      const name = nameAt(tokens, next);
      if (name === null) break;
      names.push(name.path.join('.'));
      next = name.end;
      while (isWord(tokens[next], 'read', 'write', 'local', 'low_priority', 'concurrent')) next += 1;
      if (!isSymbol(tokens[next], ',')) break;
      next += 1;
    }
  }
  return names;
}

/** Where the query of `CREATE … AS SELECT` begins; -1 where there is none. A query in parentheses is refused. */
export function queryStart(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, '(')) depth += 1;
    else if (isSymbol(token, ')')) depth -= 1;
    else if (isWord(token, 'select', 'with', 'values') && index > 0) {
      if (depth > 0 && isWord(token, 'select')) throw unsupported('A definition with a query in parentheses');
      const begins = isWord(token, 'select') || isWord(tokens[index - 1], 'as');
      if (depth === 0 && begins) return index;
    }
  }
  return -1;
}
