import { unsupported } from './refused.ts';

/** A node of a parser's tree: JSON of which nothing is taken on trust. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function tree(value: unknown, where: string): Tree {
  if (!isTree(value)) throw unsupported(where);
  return value;
}

/** A list, or the empty list where there is none. */
export function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unsupported(where);
  return value;
}

export function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw unsupported(where);
  return value;
}

/** Splits `{ "SelectStmt": { … } }` or `"UnlockTables"` into its name and content. */
export function node(value: unknown, where: string): readonly [string, unknown] {
  if (typeof value === 'string') return [value, {}];
  const of = tree(value, where);
  const keys = Object.keys(of);
  const [key] = keys;
  if (key === undefined || keys.length !== 1) throw unsupported(where);
  return [key, of[key]];
}

/**
 * Refuses a node that says anything under a key not listed: a clause that a newer grammar adds must not pass unseen.
 * Keys that hold nothing (null, false, an empty list or object) say nothing.
 */
export function only(of: Tree, known: ReadonlySet<string>, where: string): void {
  for (const key of Object.keys(of)) {
    if (!known.has(key) && !saysNothing(of[key])) throw unsupported(`${where} with ${key}`);
  }
}

export function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isTree(value) && Object.keys(value).length === 0;
}
