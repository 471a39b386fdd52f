import { DATE_PARTS } from './functions.ts';
import { dropped, type Rewrite } from '../lexed/rewrite.ts';
import { isSymbol, isWord, nameAt, type Token } from '../lexed/token.ts';

/** What the server takes and the parser does not, written so that it does; nothing that carries an effect goes. */
export function rewriteSqlserver(tokens: readonly Token[]): readonly Token[] {
  return dropped(tokens, RULES);
}

const RULES: readonly Rewrite[] = [
  // FROM t WITH (NOLOCK, INDEX(i)): none of the hints listed holds anybody up.
  (tokens, at) => drops(isWord(tokens[at], 'with') ? hints(tokens, at + 1, TABLE_HINTS) : null, at),
  // FROM t (NOLOCK), FROM t x (NOLOCK): the old way to write it.
  (tokens, at) =>
    isSymbol(tokens[at], '(') && isSymbol(tokens[at + 2], ')') && namesTable(tokens, at)
      ? drops(hints(tokens, at, OLD_HINTS), at)
      : null,
  // OPTION (RECOMPILE, MAXRECURSION 100), which ends a statement.
  (tokens, at) => {
    const end = isWord(tokens[at], 'option') ? hints(tokens, at + 1, QUERY_HINTS) : null;
    return drops(end === tokens.length ? end : null, at);
  },
  // a INNER HASH JOIN b
  (tokens, at) =>
    isWord(tokens[at], 'hash', 'loop', 'merge') &&
    isWord(tokens[at - 1], 'inner', 'left', 'right', 'full', 'outer') &&
    isWord(tokens[at + 1], 'join')
      ? { skip: 1, put: [] }
      : null,
  // GROUP BY a WITH ROLLUP
  (tokens, at) =>
    isWord(tokens[at], 'with') && isWord(tokens[at + 1], 'rollup', 'cube') ? { skip: 2, put: [] } : null,
  // GROUP BY GROUPING SETS ((a), (b), ())
  (tokens, at) =>
    isWord(tokens[at - 1], 'by') && isWord(tokens[at], 'grouping') && isWord(tokens[at + 1], 'sets')
      ? { skip: 2, put: [] }
      : null,
  (tokens, at) =>
    isSymbol(tokens[at], '(') &&
    isSymbol(tokens[at + 1], ')') &&
    (isSymbol(tokens[at - 1], '(') || isSymbol(tokens[at - 1], ','))
      ? { skip: 2, put: ['(', 'null', ')'] }
      : null,
  // FROM t TABLESAMPLE (10 PERCENT)
  (tokens, at) =>
    isWord(tokens[at], 'tablesample') &&
    isSymbol(tokens[at + 1], '(') &&
    tokens[at + 2]?.kind === 'number' &&
    isWord(tokens[at + 3], 'percent', 'rows') &&
    isSymbol(tokens[at + 4], ')')
      ? { skip: 5, put: [] }
      : null,
  // FROM t FOR SYSTEM_TIME AS OF '2026-01-01': rows of the same table as they were.
  (tokens, at) =>
    isWord(tokens[at], 'for') &&
    isWord(tokens[at + 1], 'system_time') &&
    isWord(tokens[at + 2], 'as') &&
    isWord(tokens[at + 3], 'of') &&
    tokens[at + 4]?.kind === 'string'
      ? { skip: 5, put: [] }
      : null,
  // DATEADD(day, 1, a): the part of a date is no column.
  (tokens, at) =>
    isSymbol(tokens[at], '(') &&
    tokens[at - 1]?.kind === 'word' &&
    DATE_PARTS.has(tokens[at - 1]?.text.toLowerCase() ?? '') &&
    !isSymbol(tokens[at - 2], '.') &&
    tokens[at + 1]?.kind === 'word' &&
    isSymbol(tokens[at + 2], ',')
      ? { skip: 3, put: ['('] }
      : null,
];

const TABLE_HINTS = phrases(
  'nolock, readuncommitted, readpast, readcommitted, snapshot, noexpand, forceseek, forcescan, index ( # ), index ( ? ), index = ?',
);

const OLD_HINTS = phrases('nolock, readuncommitted, readpast');

const QUERY_HINTS = phrases(
  `recompile, maxrecursion #, maxdop #, fast #, force order, hash join, loop join, merge join, hash group, order group,
  concat union, hash union, merge union, optimize for unknown, keep plan, keepfixed plan, robust plan`,
);

/** `#` stands for a number and `?` for a name. */
function phrases(text: string): readonly (readonly string[])[] {
  return text.split(',').map((phrase) => phrase.trim().split(/\s+/));
}

/** Where `(hint, hint)` from `at` on ends, if each of the hints is one of these; else null. */
function hints(tokens: readonly Token[], at: number, known: readonly (readonly string[])[]): number | null {
  if (!isSymbol(tokens[at], '(')) return null;
  for (let next = at + 1; ;) {
    const phrase = known.find((words) => words.every((word, index) => fits(tokens[next + index], word)));
    if (phrase === undefined) return null;
    next += phrase.length;
    if (isSymbol(tokens[next], ')')) return next + 1;
    if (!isSymbol(tokens[next], ',')) return null;
    next += 1;
  }
}

function fits(token: Token | undefined, word: string): boolean {
  if (word === '#') return token?.kind === 'number';
  if (word === '?') return token?.kind === 'word' || token?.kind === 'quoted';
  return isWord(token, word) || isSymbol(token, word);
}

function drops(end: number | null, at: number): ReturnType<Rewrite> {
  return end === null ? null : { skip: end - at, put: [] };
}

/** Whether what stands before `at` is a table of FROM or JOIN, with or without an alias. */
function namesTable(tokens: readonly Token[], at: number): boolean {
  const from = tokens.slice(0, at).findLastIndex((token) => isWord(token, 'from', 'join'));
  const name = from === -1 ? null : nameAt(tokens, from + 1);
  if (name === null) return false;
  if (name.end === at) return true;
  const alias = isWord(tokens[name.end], 'as') ? name.end + 1 : name.end;
  return alias + 1 === at && nameAt(tokens, alias)?.end === at && !isWord(tokens[alias], ...NO_ALIAS);
}

const NO_ALIAS =
  'where on cross outer inner left right full group order having union except intersect option with'.split(
    ' ',
  );
