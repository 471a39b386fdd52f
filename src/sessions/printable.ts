import type { Json } from '../model/json.ts';

/**
 * Everything that moves a cursor, colours, hides or reorders what stands beside it: control characters (Cc), invisible
 * formatting such as bidirectional overrides and tags (Cf), lone surrogates (Cs), private and unassigned ones, and the
 * separators that end a line.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text that a terminal shows and does not obey. What is taken out is written as `\u{1b}`; a backslash is doubled, so
 * that nobody can write what looks like it.
 */
export function printable(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(UNPRINTABLE, escaped);
}

/** The same for a JSON text, which stays JSON: its own escapes say it without ambiguity. */
export function printableJson(value: Json): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** How many characters a text takes on a line, as far as that can be told without knowing the terminal. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** At most `length` characters, whole ones. An ellipsis is among them where something was cut. */
export function shortened(text: string, length: number): string {
  // Enough code units for `length` characters and the one that tells that there are more.
  const characters = Array.from(text.slice(0, length * 2 + 2));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
