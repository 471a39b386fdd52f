import type { Json } from '../../model/json.ts';

/**
 * Every string of a value, and every key below its first level, one a line: what is cut over several arguments stands
 * together again. The keys of the first level are the author's.
 */
export function textIn(value: Json): string {
  const found: string[] = [];
  // A stack of its own: arguments may be nested deeper than calls can be.
  const open: { readonly value: Json; readonly level: number }[] = [{ value, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: here, level } = next;
    if (typeof here === 'string') found.push(here);
    else if (isList(here)) for (const one of here.toReversed()) open.push({ value: one, level: level + 1 });
    else if (typeof here === 'object' && here !== null) {
      for (const [key, one] of Object.entries(here).toReversed()) {
        open.push({ value: one, level: level + 1 });
        if (level > 0) open.push({ value: key, level });
      }
    }
  }
  return found.join('\n');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
