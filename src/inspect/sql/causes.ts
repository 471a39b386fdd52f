import { fold, isSymbol, isWord, type Token } from './lexed/token.ts';
import { functionIsKnown as mysqlFunction } from './mysql/functions.ts';
import { functionIsKnown as postgresFunction } from './postgres/functions.ts';
import { functionIsKnown as sqliteFunction } from './sqlite/functions.ts';
import { functionIsKnown as sqlserverFunction } from './sqlserver/functions.ts';
import { LEXERS } from './lexers.ts';
import { Refused } from './refused.ts';
import type { Cause, SqlDialect, SqlFacts } from '../../model/facts.ts';

const CALM: Readonly<Record<SqlDialect, (name: string) => boolean>> = {
  postgres: (name) => postgresFunction(name.split('.')).calm,
  mysql: (name) => mysqlFunction(name).calm,
  sqlite: (name) => sqliteFunction(name).calm,
  sqlserver: (name) => sqlserverFunction(name).calm,
};

/**
 * Which parts of a text made its facts what they are, found again among its tokens: inspection itself keeps no places, so
 * that what is asked at every call does not pay for what is asked once. What is spelt otherwise than it is called (an
 * escaped name) has no place here.
 */
export function causesOf(text: string, facts: SqlFacts): readonly Cause[] {
  const tokens = tokensOf(facts.dialect, text);
  const find = (fact: Cause['fact'], value: string, at: readonly number[]): readonly Cause[] =>
    at.slice(0, MOST_PLACES).flatMap((index) => {
      const token = tokens[index];
      return token === undefined ? [] : [{ fact, value, ...placeOf(text, token) }];
    });
  const every = (fact: Cause['fact'], values: readonly string[], where: Where): readonly Cause[] =>
    values.flatMap((value) => find(fact, value, where(tokens, value)));
  return [
    ...every('kinds', facts.kinds, placesOfKind),
    ...(facts.writes ? find('writes', 'true', placesOfWriting(tokens, facts)) : []),
    ...(facts.unbounded
      ? find('unbounded', 'true', wordsIn(tokens, 'update', 'delete', 'truncate', 'merge'))
      : []),
    ...(facts.statements > 1 ? find('statements', String(facts.statements), symbolsIn(tokens, ';')) : []),
    ...every('tablesRead', facts.tablesRead, placesOfTable),
    ...every('tablesWritten', facts.tablesWritten, placesOfTable),
    ...every('systemTables', facts.systemTables, placesOfTable),
    ...every('functions', facts.functions, placesOfFunction),
    ...every('columns', facts.columns, placesOfName),
    ...every('columnsCompared', facts.columnsCompared, placesOfName),
  ];
}

const MOST_PLACES = 5;

/** The indexes of the tokens that bring a value about. */
type Where = (tokens: readonly Token[], value: string) => readonly number[];

function tokensOf(dialect: SqlDialect, text: string): readonly Token[] {
  try {
    return LEXERS[dialect](text);
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

const AROUND = 24;

function placeOf(text: string, token: Token): Omit<Cause, 'fact' | 'value'> {
  const before = text.slice(0, token.start);
  const line = before.split('\n').length;
  return {
    offset: token.start,
    line,
    column: token.start - (before.lastIndexOf('\n') + 1) + 1,
    excerpt: text
      .slice(token.start, token.end + AROUND)
      .replace(/\s+/g, ' ')
      .trim(),
  };
}

function indexes(
  tokens: readonly Token[],
  holds: (token: Token, index: number) => boolean,
): readonly number[] {
  return tokens.flatMap((token, index) => (holds(token, index) ? [index] : []));
}

function wordsIn(tokens: readonly Token[], ...words: readonly string[]): readonly number[] {
  return indexes(tokens, (token, index) => isWord(token, ...words) && !isSymbol(tokens[index - 1], '.'));
}

function symbolsIn(tokens: readonly Token[], symbol: string): readonly number[] {
  return indexes(tokens, (token) => isSymbol(token, symbol));
}

/** What a kind is also written as. */
const SPELT: Readonly<Record<string, readonly string[]>> = {
  SELECT: ['select', 'table'],
  CREATE: ['create', 'into'],
  DESCRIBE: ['describe', 'desc', 'explain'],
  COMMIT: ['commit', 'end'],
  ROLLBACK: ['rollback', 'abort'],
  SHOW: ['show'],
};

function placesOfKind(tokens: readonly Token[], kind: string): readonly number[] {
  const spelt = SPELT[kind] ?? [kind.split(' ')[0]?.toLowerCase() ?? ''];
  const found = wordsIn(tokens, ...spelt);
  return kind === 'SELECT' ? found.slice(0, 1) : found;
}

/** Kinds that by themselves change nothing. */
const READS = new Set(['SELECT', 'VALUES', 'SHOW', 'DESCRIBE', 'EXPLAIN', 'PRAGMA']);

function placesOfWriting(tokens: readonly Token[], facts: SqlFacts): readonly number[] {
  const kinds = facts.kinds.filter((kind) => !READS.has(kind) || kind === 'PRAGMA');
  const calls = facts.functions.filter((name) => !CALM[facts.dialect](name));
  const locks = indexes(
    tokens,
    (token, index) =>
      (isWord(token, 'for') && isWord(tokens[index + 1], 'update', 'share', 'no', 'key')) ||
      (isWord(token, 'lock') && isWord(tokens[index + 1], 'in')),
  );
  const found = [
    ...kinds.flatMap((kind) => placesOfKind(tokens, kind)),
    ...calls.flatMap((name) => placesOfFunction(tokens, name)),
    ...locks,
  ];
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Names in the order they are written, as `schema.table`, behind the words that tables stand behind. */
function placesOfTable(tokens: readonly Token[], name: string): readonly number[] {
  const found = placesOfPath(tokens, name.split('.'));
  const behind = found.filter((index) => {
    const before = tokens[index - 1];
    return (
      isSymbol(before, ',') ||
      isWord(
        before,
        'from',
        'join',
        'into',
        'update',
        'table',
        'only',
        'using',
        'on',
        'exists',
        'describe',
        'desc',
        'truncate',
      )
    );
  });
  return behind.length > 0 ? behind : found.slice(0, 1);
}

function placesOfFunction(tokens: readonly Token[], name: string): readonly number[] {
  const inside = /^(?:operator|cast)\((.*)\)$/s.exec(name)?.[1];
  if (inside !== undefined) {
    const last = inside.split('.').at(-1) ?? inside;
    const symbols = indexes(tokens, (token) => token.kind === 'symbol' && last.startsWith(token.text));
    return name.startsWith('cast') ? placesOfName(tokens, last) : symbols.slice(0, 1);
  }
  if (name === ':=') return symbolsIn(tokens, ':=');
  const path = name.split('.');
  const called = placesOfPath(tokens, path).filter((index) =>
    isSymbol(tokens[index + path.length * 2 - 1], '('),
  );
  if (called.length > 0) return called;
  // Some functions are written as bare words; a pragma is named like a function, and may be read like a table.
  const bare = placesOfName(tokens, path.at(-1) ?? name);
  return (bare.length > 0 ? bare : placesOfName(tokens, name.replace(/^pragma_/, ''))).slice(0, 1);
}

function placesOfPath(tokens: readonly Token[], path: readonly string[]): readonly number[] {
  return indexes(
    tokens,
    (_token, index) =>
      !isSymbol(tokens[index - 1], '.') &&
      path.every((part, step) => isName(tokens[index + step * 2], part)) &&
      path.slice(1).every((_part, step) => isSymbol(tokens[index + step * 2 + 1], '.')),
  );
}

function placesOfName(tokens: readonly Token[], name: string): readonly number[] {
  return indexes(tokens, (token) => (name === '*' ? isSymbol(token, '*') : isName(token, name)));
}

function isName(token: Token | undefined, name: string): boolean {
  return (
    token !== undefined &&
    ['word', 'quoted', 'double'].includes(token.kind) &&
    (fold(token.text) === fold(name) || token.text.toLowerCase() === name)
  );
}
