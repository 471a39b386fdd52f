import { ANY, NAME, NUMBER, sameField, textOf, type Field } from './field.ts';
import type { Function as FunctionNode } from 'unbash';

/** What one shell process knows at a point of its script. Changed as the script is walked. */
export interface ShellState {
  /** The texts that a variable may hold; one that is not here has what the process inherited. */
  readonly variables: Map<string, readonly Field[]>;
  readonly functions: Map<string, readonly FunctionNode['body'][]>;
  /** Functions that are defined whatever branch was taken; another's name may still mean the program. */
  readonly sure: Set<string>;
  /** Folders it may be in, relative to where it began; null where that can't be told. */
  directories: readonly Field[] | null;
  /** `$1`, `$2`, …; null where they can't be told. */
  positional: readonly Field[] | null;
  /** A POSIX shell, which reads some of bash's grammar as something else. */
  readonly posix: boolean;
  /** Words are split at other characters than white space. */
  splitsOtherwise: boolean;
}

export const MOST_ALTERNATIVES = 16;

export function newShell(posix: boolean, directories: ShellState['directories']): ShellState {
  return {
    variables: new Map(),
    functions: new Map(),
    sure: new Set(),
    directories,
    positional: null,
    posix,
    splitsOtherwise: false,
  };
}

export function copyOf(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    functions: new Map(state.functions),
    sure: new Set(state.sure),
  };
}

/** The state after a part that may or may not have run, or ran as either of two. True where anything is new. */
export function mergeInto(state: ShellState, other: ShellState): boolean {
  let changed = false;
  for (const name of new Set([...state.variables.keys(), ...other.variables.keys()])) {
    const mine = state.variables.get(name) ?? [ANY];
    const all = union(mine, other.variables.get(name) ?? [ANY]);
    if (state.variables.has(name) && sameTexts(all, mine)) continue;
    state.variables.set(name, all);
    changed = true;
  }
  for (const name of state.sure) if (!other.sure.has(name)) state.sure.delete(name);
  for (const [name, bodies] of other.functions) {
    const known = state.functions.get(name) ?? [];
    const more = bodies.filter((body) => !known.includes(body));
    if (more.length === 0) continue;
    state.functions.set(name, [...known, ...more]);
    changed = true;
  }
  if (mergeDirectories(state, other)) changed = true;
  if (state.positional !== other.positional && state.positional !== null) {
    state.positional = null;
    changed = true;
  }
  if (other.splitsOtherwise && !state.splitsOtherwise) {
    state.splitsOtherwise = true;
    changed = true;
  }
  return changed;
}

function mergeDirectories(state: ShellState, other: ShellState): boolean {
  if (state.directories === null) return false;
  const before = state.directories.length;
  state.directories = other.directories === null ? null : union(state.directories, other.directories);
  if (state.directories !== null && state.directories.length > MOST_ALTERNATIVES) state.directories = null;
  return state.directories?.length !== before;
}

function sameTexts(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => sameField(one, other)));
}

/** Every text of either; anything at all where they are too many to be told apart. */
export function union(a: readonly Field[], b: readonly Field[]): readonly Field[] {
  const all = [...a, ...b.filter((one) => !a.some((other) => sameField(one, other)))];
  if (all.length <= MOST_ALTERNATIVES && !all.some((one) => sameField(one, ANY))) return all;
  return [summaryOf(all)];
}

/** What is true of all of many texts. */
function summaryOf(all: readonly Field[]): Field {
  const texts = all.map((field) => textOf(field));
  if (texts.every((text) => text !== undefined && /^\d+$/.test(text))) return NUMBER;
  return texts.every((text) => text !== undefined && /^\w[\w.@%+-]*$/.test(text)) ? NAME : ANY;
}

/** Forgets the texts of variables that the other state has otherwise: what a loop changes, it may change any number of times. */
export function forgetDifferences(state: ShellState, other: ShellState): void {
  for (const [name, texts] of other.variables)
    if (state.variables.get(name) !== texts) state.variables.set(name, [ANY]);
  if (state.directories !== other.directories) state.directories = null;
}
