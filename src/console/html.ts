import { undisguised } from '../govern/shown-to-person.ts';

/** Markup that this folder wrote. Text becomes part of it only through `html`, which escapes it. */
export class Html {
  readonly #markup: string;
  constructor(text: string) {
    this.#markup = text;
  }
  toString(): string {
    return this.#markup;
  }
}

type Piece = Html | string | number | null | readonly Piece[];

/**
 * Builds markup. What is put in is text, whoever wrote it: escaped, with nothing left in it that hides or reorders
 * what a person reads. Only other markup, and lists of it, go in as they are.
 */
export function html(literals: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(
    literals.map((literal, index) => literal + (index < pieces.length ? markup(pieces[index]) : '')).join(''),
  );
}

function markup(piece: Piece | undefined): string {
  if (piece === null || piece === undefined) return '';
  if (piece instanceof Html) return piece.toString();
  return isList(piece) ? piece.map(markup).join('') : escaped(String(piece));
}

function isList(piece: string | number | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  // Line by line: a line break is the one control character that a page may show as what it is.
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => undisguised(line).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? ''))
    .join('\n');
}
