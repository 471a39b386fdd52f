import {
  blockComment,
  lineComment,
  match,
  push,
  quoted,
  rest,
  unexpected,
  WORD,
  type Cursor,
} from '../lexed/cursor.ts';
import type { Token } from '../lexed/token.ts';
import { unsupported } from '../refused.ts';

/** The tokens of a text as SQLite sees them: four kinds of quotes, no backslash escapes, comments that do not nest. */
export function lexSqlite(text: string): readonly Token[] {
  const cursor: Cursor = { text, at: 0, tokens: [] };
  while (cursor.at < text.length) step(cursor);
  return cursor.tokens;
}

function step(cursor: Cursor): void {
  const char = rest(cursor, 1);
  const two = rest(cursor, 2);
  if (/[ \t\n\f\r]/.test(char)) cursor.at += 1;
  else if (two === '--') lineComment(cursor);
  else if (two === '/*') blockComment(cursor);
  else if (char === "'") quoted(cursor, 'string', "'", false);
  else if (char === '"') quoted(cursor, 'double', '"', false);
  else if (char === '`') quoted(cursor, 'quoted', '`', false);
  else if (char === '[') quoted(cursor, 'quoted', ']', false, false);
  else if (/[0-9]/.test(char) || (char === '.' && /^\.[0-9]/.test(two))) number(cursor);
  else if (/[?:@$#]/.test(char)) parameter(cursor);
  else wordOrSymbol(cursor);
}

function number(cursor: Cursor): void {
  const found =
    match(cursor, /0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y) ??
    unexpected(cursor);
  if (match({ ...cursor, at: cursor.at + found.length }, WORD) !== null)
    throw unsupported('A name that begins with a digit');
  push(cursor, 'number', found, found.length);
}

function parameter(cursor: Cursor): void {
  const found = match(cursor, /\?[0-9]*|[:@$][A-Za-z0-9_]+/y) ?? unexpected(cursor);
  push(cursor, 'parameter', found, found.length);
}

const SYMBOLS = /->>|->|\|\||<<|>>|<>|!=|<=|>=|==|[(),;.+\-*/%&|~=<>]/y;

function wordOrSymbol(cursor: Cursor): void {
  const word = match(cursor, WORD);
  if (word !== null) {
    if (/^[xX]$/.test(word) && cursor.text[cursor.at + 1] === "'") {
      cursor.at += 1;
      quoted(cursor, 'string', "'", false);
      return;
    }
    push(cursor, 'word', word, word.length);
    return;
  }
  const symbol = match(cursor, SYMBOLS) ?? unexpected(cursor);
  push(cursor, 'symbol', symbol, symbol.length);
}
