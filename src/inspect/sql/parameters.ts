import { isSymbol, isWord, type Token } from './lexed/token.ts';
import { LEXERS } from './lexers.ts';
import { Refused } from './refused.ts';
import type { SqlDialect } from '../../model/facts.ts';

export type Split =
  | {
      readonly ok: true;
      /** The text cut at its parameters: one more than `names`. */
      readonly parts: readonly string[];
      /** The names without their colons, in order; one used twice stands here twice. */
      readonly names: readonly string[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** Where in the text, in UTF-16 units. */
      readonly offset: number;
    };

/**
 * Finds the `:names` of a statement that an author wrote, outside strings, quoted identifiers, comments and dollar
 * quotes; `::casts`, `:=` and slices like `[1:2]` are none. Other placeholders (`?`, `$1`, `@x`) are refused: nothing
 * would bind them.
 */
export function splitParameters(dialect: SqlDialect, text: string): Split {
  let tokens: readonly Token[];
  try {
    tokens = LEXERS[dialect](text);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, message: error.message, offset: 0 };
  }
  const parts: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'parameter') continue;
    const problem = problemWith(tokens, index, text);
    if (problem !== null) return { ok: false, message: problem, offset: token.start };
    parts.push(text.slice(from, token.start));
    names.push(token.text.slice(1));
    from = token.end;
  }
  return { ok: true, parts: [...parts, text.slice(from)], names };
}

function problemWith(tokens: readonly Token[], index: number, text: string): string | null {
  const token = tokens[index];
  if (token === undefined) return null;
  if (!/^:[A-Za-z_]/.test(token.text)) {
    return `${token.text} is not a parameter here: write the name of an input after a colon, as in :email.`;
  }
  // A connector may put `$1` here, which would become part of a word before it.
  if (/[\p{L}\p{N}_$]/u.test(text[token.start - 1] ?? '')) return `Put a space before ${token.text}.`;
  if (inSubscript(tokens, index)) {
    return `In brackets ${token.text} could be the end of a slice: write (${token.text}).`;
  }
  return null;
}

/** Whether the innermost bracket around the token is a subscript, and not ARRAY[…]. */
function inSubscript(tokens: readonly Token[], index: number): boolean {
  const open: { readonly symbol: string; readonly at: number }[] = [];
  for (let at = 0; at < index; at += 1) {
    const token = tokens[at];
    if (isSymbol(token, '[') || isSymbol(token, '(')) open.push({ symbol: token?.text ?? '', at });
    if (isSymbol(token, ']') || isSymbol(token, ')')) open.pop();
  }
  const arrays = open.map(({ symbol, at }) => symbol === '[' && isWord(tokens[at - 1], 'array'));
  const last = open.at(-1);
  if (last?.symbol !== '[') return false;
  // ARRAY[[:a], [:b]]: brackets in an array are arrays.
  const outer = open.findLastIndex(({ symbol }, i) => symbol !== '[' || arrays[i]);
  return arrays[outer] !== true;
}
