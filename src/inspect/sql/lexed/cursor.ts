import { Refused, unsupported } from '../refused.ts';
import type { Token } from './token.ts';

/** Walks a text once, left to right. The lexers of MySQL and SQLite are built of its steps. */
export interface Cursor {
  readonly text: string;
  at: number;
  readonly tokens: Token[];
}

export function rest(cursor: Cursor, length: number): string {
  return cursor.text.slice(cursor.at, cursor.at + length);
}

/** Matches a sticky pattern here, without moving. */
export function match(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text)?.[0] ?? null;
}

export function push(cursor: Cursor, kind: Token['kind'], text: string, length: number): void {
  cursor.tokens.push({ kind, text, start: cursor.at, end: cursor.at + length });
  cursor.at += length;
}

/** Reads from an opening quote at the cursor to its end; a doubled quote is the quote itself. */
export function quoted(
  cursor: Cursor,
  kind: Token['kind'],
  close: string,
  escapes: boolean,
  doubles = true,
): void {
  let content = '';
  let at = cursor.at + 1;
  for (;;) {
    const char = cursor.text[at];
    if (char === undefined) throw new Refused('syntax', 'A quote is opened and not closed.');
    if (escapes && char === '\\') {
      content += cursor.text.slice(at, at + 2);
      at += 2;
    } else if (char === close && doubles && cursor.text[at + 1] === close) {
      content += close;
      at += 2;
    } else if (char === close) {
      push(cursor, kind, content, at + 1 - cursor.at);
      return;
    } else {
      content += char;
      at += 1;
    }
  }
}

/** Skips to the end of the line, which is `\n` alone. */
export function lineComment(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.at = end === -1 ? cursor.text.length : end + 1;
}

/**
 * Skips a block comment. One that opens another inside is refused: some servers nest them and some do not. So is one
 * that does not end, which SQLite takes and others do not.
 */
export function blockComment(cursor: Cursor): void {
  const end = cursor.text.indexOf('*/', cursor.at + 2);
  if (end === -1) throw new Refused('syntax', 'A comment is opened and not closed.');
  if (cursor.text.slice(cursor.at + 2, end).includes('/*')) {
    throw new Refused('executable_comment', 'A comment opens another comment inside; remove it.');
  }
  cursor.at = end + 2;
}

/** Outside quotes, characters that look like nothing or like others are refused, as is what no token starts with. */
export function unexpected(cursor: Cursor): never {
  throw unsupported(`The character ${JSON.stringify(rest(cursor, 1))} outside quotes`);
}

/** Letters, digits, `_`, `$` and everything beyond ASCII that can be seen. */
export const WORD = /(?:[A-Za-z0-9_$]|[^\p{ASCII}\p{Z}\p{C}])+/uy;
