import { ANY, joined, literal, textOf, type Field } from './field.ts';
import type { Stream } from './stream.ts';

/** What `$(…)` makes of an output: without the line ends behind it. */
export function trimmed(stream: Stream): readonly Field[] {
  return stream.texts?.map(withoutEnd) ?? [ANY];
}

function withoutEnd(text: Field): Field {
  const last = text.at(-1);
  if (last?.kind !== 'text') return text;
  const cut = last.text.replace(/\n+$/, '');
  if (cut === last.text) return text;
  return withoutEnd([...text.slice(0, -1), ...literal(cut)]);
}

/** Fields as `echo` writes them. */
export function line(fields: readonly Field[], end = '\n'): Field {
  const words = fields.flatMap((field, index) => (index === 0 ? field : [...literal(' '), ...field]));
  return joined([...words, ...literal(end)]);
}

/** The one text that a stream is, where that can be told. */
export function wholeText(stream: Stream): string | undefined {
  const [only, ...others] = stream.texts ?? [];
  return only === undefined || others.length > 0 ? undefined : textOf(only);
}
