/**
 * A piece of a word after expansion. `hole`: text that can't be told from the command. `name` holds no slash and no
 * white space, `number` digits alone. `glob`: a pattern for names of one component; `**` for names at any depth below.
 */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'hole'; readonly holds: 'any' | 'name' | 'number'; readonly quoted: boolean };

/** One argument, as far as it can be told. An unquoted hole may stand for several arguments, or for none. */
export type Field = readonly Segment[];

export const ANY: Field = [{ kind: 'hole', holds: 'any', quoted: true }];
export const NAME: Field = [{ kind: 'hole', holds: 'name', quoted: true }];
export const NUMBER: Field = [{ kind: 'hole', holds: 'number', quoted: true }];
/** Every file below a folder that stands before it. */
export const BELOW: Segment = { kind: 'glob', text: '**' };

/** Any file of a folder, by a name that does not begin with a dot. */
export const ANY_NAME: Segment = { kind: 'glob', text: '*' };

export function literal(text: string): Field {
  return text === '' ? [] : [{ kind: 'text', text }];
}

/** The text, where all of it is known and none of it is a pattern. */
export function textOf(field: Field): string | undefined {
  let text = '';
  for (const segment of field) {
    if (segment.kind !== 'text') return undefined;
    text += segment.text;
  }
  return text;
}

/** The known text that it begins with. */
export function prefixOf(field: Field): string {
  let text = '';
  for (const segment of field) {
    if (segment.kind !== 'text') break;
    text += segment.text;
  }
  return text;
}

/** What is left after so many characters of known text. */
export function after(field: Field, characters: number): Field {
  let left = characters;
  return field.flatMap((segment): Field => {
    if (segment.kind !== 'text' || left === 0) return [segment];
    const cut = Math.min(left, segment.text.length);
    left -= cut;
    return literal(segment.text.slice(cut));
  });
}

export function hasHole(field: Field): boolean {
  return field.some((segment) => segment.kind === 'hole');
}

/** An unquoted hole: what it becomes may be several arguments. */
export function mayBeSeveral(field: Field): boolean {
  return field.some((segment) => segment.kind === 'hole' && segment.holds !== 'number' && !segment.quoted);
}

/** As a person reads it: patterns as written, `…` for what can't be told. */
export function shownField(field: Field): string {
  return field.map((segment) => (segment.kind === 'hole' ? '…' : segment.text)).join('');
}

/** Text next to text is one text. */
export function joined(segments: readonly Segment[]): Field {
  const out: Segment[] = [];
  for (const segment of segments) {
    const last = out.at(-1);
    if (segment.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: last.text + segment.text };
    else out.push(segment);
  }
  return out;
}

export function sameField(a: Field, b: Field): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((segment, index) => sameSegment(segment, b[index]));
}

function sameSegment(a: Segment, b: Segment | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'hole') return b.kind === 'hole' && a.holds === b.holds && a.quoted === b.quoted;
  return b.kind !== 'hole' && a.text === b.text;
}

/** Text whose `*`, `?` and `[…]` are patterns. */
export function patterned(word: string): Field {
  return word
    .split(/([*?]|\[[^\]]*\])/)
    .flatMap((piece, index): Field => (index % 2 === 1 ? [{ kind: 'glob', text: piece }] : literal(piece)));
}
