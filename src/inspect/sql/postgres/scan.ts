import type { Token } from '../lexed/token.ts';
import { match, push, quoted, type Cursor } from '../lexed/cursor.ts';
import { Refused } from '../refused.ts';

/**
 * The tokens of a PostgreSQL text as far as finding an author's `:names` needs them: whatever can hold a colon that is
 * none (strings, quoted identifiers, comments, dollar quotes, `::`, `:=`) is stepped over as the server would. What
 * the statement means is left to the server's own grammar.
 */
export function scanPostgres(text: string): readonly Token[] {
  const cursor: Cursor = { text, at: 0, tokens: [] };
  while (cursor.at < text.length) step(cursor);
  return cursor.tokens;
}

function step(cursor: Cursor): void {
  const char = cursor.text[cursor.at] ?? '';
  const two = cursor.text.slice(cursor.at, cursor.at + 2);
  const escaped = /^[eE]'$/.test(two);
  if (/\s/.test(char)) cursor.at += 1;
  else if (two === '--') cursor.at = endOfLine(cursor);
  else if (two === '/*') nestedComment(cursor);
  else if (escaped && !touchesWord(cursor)) {
    cursor.at += 1;
    quoted(cursor, 'string', "'", true);
  } else if (char === "'") quoted(cursor, 'string', "'", false);
  else if (char === '"') quoted(cursor, 'quoted', '"', false);
  else if (char === '$' && !touchesWord(cursor)) dollar(cursor);
  else if (two === '::' || two === ':=') push(cursor, 'symbol', two, 2);
  else if (/^:[A-Za-z_]/.test(two)) whole(cursor, 'parameter', /:[A-Za-z0-9_]+/y);
  else if (/[A-Za-z0-9_\u0080-\uffff]/.test(char)) whole(cursor, 'word', /[A-Za-z0-9_$\u0080-\uffff]+/y);
  else push(cursor, 'symbol', char, 1);
}

function whole(cursor: Cursor, kind: Token['kind'], pattern: RegExp): void {
  const found = match(cursor, pattern) ?? '';
  push(cursor, kind, found, found.length);
}

/** `$` inside a name is part of it. */
function touchesWord(cursor: Cursor): boolean {
  const last = cursor.tokens.at(-1);
  return last?.kind === 'word' && last.end === cursor.at;
}

function endOfLine(cursor: Cursor): number {
  const rest = cursor.text.slice(cursor.at);
  const end = rest.search(/[\r\n]/);
  return end === -1 ? cursor.text.length : cursor.at + end + 1;
}

function nestedComment(cursor: Cursor): void {
  let depth = 0;
  do {
    const two = cursor.text.slice(cursor.at, cursor.at + 2);
    if (two === '') throw new Refused('syntax', 'A comment is opened and not closed.');
    if (two === '/*') depth += 1;
    if (two === '*/') depth -= 1;
    cursor.at += two === '/*' || two === '*/' ? 2 : 1;
  } while (depth > 0);
}

/** `$$…$$`, `$tag$…$tag$`; or `$1`, which is the server's own parameter. */
function dollar(cursor: Cursor): void {
  const tag = match(cursor, /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y);
  if (tag === null) {
    const own = match(cursor, /\$[0-9]+/y) ?? '$';
    push(cursor, own === '$' ? 'symbol' : 'parameter', own, own.length);
    return;
  }
  const end = cursor.text.indexOf(tag, cursor.at + tag.length);
  if (end === -1) throw new Refused('syntax', 'A dollar quote is opened and not closed.');
  push(cursor, 'string', cursor.text.slice(cursor.at + tag.length, end), end + tag.length - cursor.at);
}
