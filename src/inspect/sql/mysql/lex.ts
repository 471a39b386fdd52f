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
import { Refused, unsupported } from '../refused.ts';
import type { Token } from '../lexed/token.ts';

/** What `sql_mode` decides about quotes. */
interface Mode {
  /** Off with NO_BACKSLASH_ESCAPES. */
  readonly inSingle: boolean;
  /** Off with NO_BACKSLASH_ESCAPES, and with ANSI_QUOTES, where double quotes make identifiers. */
  readonly inDouble: boolean;
}

const MODES: readonly Mode[] = [
  { inSingle: true, inDouble: true },
  { inSingle: true, inDouble: false },
  { inSingle: false, inDouble: false },
];

/**
 * The tokens of a text as MySQL and MariaDB see them, in every `sql_mode`: the mode of the session is not in the text,
 * so a text whose quotes end elsewhere in another mode is refused.
 *
 * Comments that the servers execute are refused, whatever they hold: those that begin with an exclamation mark, in
 * MariaDB with an M before it, and optimizer hints, which begin with a plus sign and can set variables.
 */
export function lexMysql(text: string): readonly Token[] {
  if (!text.includes('\\')) return merged(lex(text, { inSingle: false, inDouble: false }));
  const [tokens, ...others] = MODES.map((mode) => attempt(text, mode));
  if (tokens === null || tokens === undefined) return merged(lex(text, { inSingle: true, inDouble: true }));
  for (const other of others) {
    const same =
      other?.length === tokens.length &&
      other.every((token, i) => token.start === tokens[i]?.start && token.end === tokens[i].end);
    if (!same) {
      throw unsupported(
        "A backslash before a quote, which sql_mode can read in two ways (write a quote inside a string as ''),",
      );
    }
  }
  return merged(tokens);
}

/** Null where the text has no tokens in this mode. */
function attempt(text: string, mode: Mode): readonly Token[] | null {
  try {
    return lex(text, mode);
  } catch (error) {
    if (error instanceof Refused && error.notUnderstood.reason === 'syntax') return null;
    throw error;
  }
}

function lex(text: string, mode: Mode): readonly Token[] {
  const cursor: Cursor = { text, at: 0, tokens: [] };
  while (cursor.at < text.length) step(cursor, mode);
  return cursor.tokens;
}

function step(cursor: Cursor, mode: Mode): void {
  const char = rest(cursor, 1);
  const two = rest(cursor, 2);
  if (/[ \t\n\v\f\r]/.test(char)) cursor.at += 1;
  else if (char === '#') lineComment(cursor);
  // `--` is a comment only before a space, a control character or the end; `1--1` is a subtraction.
  else if (two === '--' && /^(?:--[\s\p{Cc}]|--$)/u.test(rest(cursor, 3))) lineComment(cursor);
  else if (two === '/*') comment(cursor);
  else if (char === "'") quoted(cursor, 'string', "'", mode.inSingle);
  else if (char === '"') quoted(cursor, 'double', '"', mode.inDouble);
  else if (char === '`') quoted(cursor, 'quoted', '`', false);
  else if (char === '@') variable(cursor);
  else if (/[0-9]/.test(char) || (char === '.' && /^\.[0-9]/.test(two))) number(cursor);
  else if (char === '?') push(cursor, 'parameter', '?', 1);
  // No server's own: the names that authors write, which are bound before the text is sent.
  else if (/^:[A-Za-z_]$/.test(two)) parameter(cursor);
  else wordOrSymbol(cursor, mode);
}

function comment(cursor: Cursor): void {
  if (/^\/\*(?:!|M!|\+)/i.test(rest(cursor, 4))) {
    throw new Refused(
      'executable_comment',
      'The server executes what stands in a comment like /*! … */ or /*+ … */; remove it.',
    );
  }
  blockComment(cursor);
}

function variable(cursor: Cursor): void {
  const name = match(cursor, /@@?[A-Za-z0-9_$.]+/y);
  if (name === null) throw unsupported('A variable with a quoted name');
  push(cursor, 'variable', name, name.length);
}

function parameter(cursor: Cursor): void {
  const name = match(cursor, /:[A-Za-z0-9_]+/y) ?? unexpected(cursor);
  push(cursor, 'parameter', name, name.length);
}

/** A number that runs into a letter would be an identifier (`1a`, `1e`), which servers and parsers cut differently. */
function number(cursor: Cursor): void {
  const last = cursor.tokens.at(-1);
  const found =
    match(cursor, /0x[0-9A-Fa-f]+|0b[01]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y) ??
    unexpected(cursor);
  const touches = last?.end === cursor.at && (last.kind === 'word' || last.kind === 'quoted');
  if (touches || match({ ...cursor, at: cursor.at + found.length }, WORD) !== null) {
    throw unsupported('A name that begins with a digit');
  }
  push(cursor, 'number', found, found.length);
}

const SYMBOLS = /<=>|->>|->|:=|\|\||&&|<<|>>|<>|!=|<=|>=|[(),;.+\-*/%^&|~!=<>]/y;

function wordOrSymbol(cursor: Cursor, mode: Mode): void {
  const word = match(cursor, WORD);
  if (word !== null) {
    // `x'41'`, `n'…'`, `_utf8'…'`: the introducer belongs to the string.
    if (/^(?:[xXbBnN]|_[A-Za-z0-9]+)$/.test(word) && cursor.text[cursor.at + word.length] === "'") {
      cursor.at += word.length;
      quoted(cursor, 'string', "'", mode.inSingle);
      return;
    }
    push(cursor, 'word', word, word.length);
    return;
  }
  const symbol = match(cursor, SYMBOLS) ?? unexpected(cursor);
  push(cursor, 'symbol', symbol, symbol.length);
}

/** `'a' 'b'` is one string. */
function merged(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    const last = kept.at(-1);
    if (token.kind === 'string' && last?.kind === 'string') {
      kept[kept.length - 1] = { ...last, text: last.text + token.text, end: token.end };
    } else kept.push(token);
  }
  return kept;
}
