import { joined, literal, mayBeSeveral, textOf, type Field } from './field.ts';
import { said, SOME, type Stream } from './stream.ts';

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** A text with its backslash escapes read; undefined where one is not known or stands for half a character. */
export function unescaped(text: string): string | undefined {
  let known = true;
  const read = text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|([^]))/g,
    (_, hex: string | undefined, octal: string | undefined, letter: string | undefined) => {
      const code =
        hex === undefined
          ? octal === undefined
            ? undefined
            : Number.parseInt(octal, 8)
          : Number.parseInt(hex, 16);
      if (code !== undefined) {
        if (code === 0 || code > 0x7f) known = false;
        return String.fromCharCode(code);
      }
      const character = LETTERS[letter ?? ''];
      if (character === undefined) known = false;
      return character ?? '';
    },
  );
  return known && !read.endsWith('\\') ? read : undefined;
}

/** What `printf` prints, where format and values can be told and no more than `%s` is asked for. */
export function printed(args: readonly Field[]): Stream {
  const [format = [], ...values] = args;
  const text = textOf(format);
  if (text === undefined || args.some(mayBeSeveral)) return SOME;
  if (values.some((value) => value.some(({ kind }) => kind === 'glob'))) return SOME;
  const names = /^(?:%s\\0)+$/.test(text) ? values : undefined;
  const pieces = text.split(/%s/);
  if (pieces.some((piece) => /%(?!%)/.test(piece.replaceAll('%%', '')))) return SOME;
  const read = pieces.map((piece) => unescaped(piece.replaceAll('%%', '%')));
  if (names !== undefined) return { names, fetched: false };
  if (read.includes(undefined)) return SOME;
  const holes = pieces.length - 1;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(values.length / holes));
  if (rounds > 100) return SOME;
  const out: Field[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const [index, piece] of read.entries()) {
      out.push(literal(piece ?? ''));
      if (index < holes) out.push(values[round * holes + index] ?? []);
    }
  return said(joined(out.flat()));
}
