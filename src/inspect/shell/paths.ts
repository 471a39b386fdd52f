import { pathOf, UNKNOWN, within, type Path } from './path.ts';
import type { Field } from './field.ts';
import type { ShellState } from './shell-state.ts';

/** The paths that a word may be, one for each folder that the shell may be in. */
export function pathsOf(field: Field, { directories }: Pick<ShellState, 'directories'>): readonly Path[] {
  const path = pathOf(field);
  if (path.root !== 'relative') return [path];
  if (directories === null) return [UNKNOWN];
  return directories.map((directory) => within(pathOf(directory), path));
}
