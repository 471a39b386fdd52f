import type { LoadError } from '../model/load-error.ts';

/** The order in which a person meets errors, reading the files. */
export function byPlace(a: LoadError, b: LoadError): number {
  return compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** By code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
