import { match, push, quoted, rest, unexpected, WORD, type Cursor } from '../lexed/cursor.ts';
import { Refused, unsupported } from '../refused.ts';
import type { Token } from '../lexed/token.ts';

/**
 * The tokens of a T-SQL text: brackets and double quotes around names, no backslash escapes, comments that nest. Whether
 * double quotes make a name or a string is a setting of the session (QUOTED_IDENTIFIER); they end in one place either way.
 */
export function lexSqlserver(text: string): readonly Token[] {
  const cursor: Cursor = { text, at: 0, tokens: [] };
  while (cursor.at < text.length) step(cursor);
  return cursor.tokens;
}

function step(cursor: Cursor): void {
  const char = rest(cursor, 1);
  const two = rest(cursor, 2);
  if (/[ \t\n\r]/.test(char)) cursor.at += 1;
  else if (two === '--') lineComment(cursor);
  else if (two === '/*') nestedComment(cursor);
  else if (char === "'") quoted(cursor, 'string', "'", false);
  else if (/^[nN]'$/.test(two)) {
    cursor.at += 1;
    quoted(cursor, 'string', "'", false);
  } else if (char === '"') quoted(cursor, 'double', '"', false);
  else if (char === '[') quoted(cursor, 'quoted', ']', false);
  else if (char === '@') variable(cursor);
  else if (/[0-9]/.test(char) || (char === '.' && /^\.[0-9]/.test(two))) number(cursor);
  // No server's own: the names that authors write, which are bound before the text is sent.
  else if (/^:[A-Za-z_]$/.test(two)) parameter(cursor);
  else wordOrSymbol(cursor);
}

/** To the end of the line. Whether a carriage return alone ends one is not the same everywhere. */
function lineComment(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  const comment = cursor.text.slice(cursor.at, end === -1 ? undefined : end);
  if (/\r(?!$)/.test(comment)) throw unsupported('A comment with a carriage return inside');
  cursor.at = end === -1 ? cursor.text.length : end + 1;
}

function nestedComment(cursor: Cursor): void {
  let depth = 0;
  do {
    const two = rest(cursor, 2);
    if (two === '') throw new Refused('syntax', 'A comment is opened and not closed.');
    if (two === '/*') depth += 1;
    if (two === '*/') depth -= 1;
    cursor.at += two === '/*' || two === '*/' ? 2 : 1;
  } while (depth > 0);
}

function variable(cursor: Cursor): void {
  const name = match(cursor, /@@?[A-Za-z0-9_$#]+/y) ?? unexpected(cursor);
  push(cursor, 'variable', name, name.length);
}

function parameter(cursor: Cursor): void {
  const name = match(cursor, /:[A-Za-z0-9_]+/y) ?? unexpected(cursor);
  push(cursor, 'parameter', name, name.length);
}

/** `1a` is the number 1 under the name a to this server, and no number to others. */
function number(cursor: Cursor): void {
  const found =
    match(cursor, /0x[0-9A-Fa-f]*|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y) ??
    unexpected(cursor);
  if (match({ ...cursor, at: cursor.at + found.length }, WORD) !== null)
    throw unsupported('A name that begins with a digit');
  push(cursor, 'number', found, found.length);
}

const SYMBOLS = /<>|!=|<=|>=|[(),;.+\-*/%&|^~=<>]/y;

function wordOrSymbol(cursor: Cursor): void {
  const word = match(cursor, WORD);
  if (word !== null) {
    // `$action`, `$1.50`, `$(variable)` of a client: none of them is a name.
    if (word.startsWith('$')) unexpected(cursor);
    push(cursor, 'word', word, word.length);
    return;
  }
  const symbol = match(cursor, SYMBOLS) ?? unexpected(cursor);
  push(cursor, 'symbol', symbol, symbol.length);
}
