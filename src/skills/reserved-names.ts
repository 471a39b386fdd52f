/** Names that Cedar's JSON or JavaScript would interpret instead of carrying. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', '__entity', '__extn', '__expr']);

/** Whether a name can be an argument: a Cedar attribute, a `:name` in SQL, and no member of every JS object. */
export function isArgumentName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED_NAMES.has(name) && !(name in {});
}
