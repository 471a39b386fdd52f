import { Refused } from './refused.ts';

/** What masking must scan hardest: a whole row, or a value that could hold anything. */
export const ANYTHING = '*';

/**
 * One place in the columns of a table expression.
 * - `named`: one column and what it was computed from.
 * - `table`: all columns of a stored table, under their own names; how many is not in the text.
 * - `opaque`: any number of columns made of `from`, under names that are not in the text.
 * - `lost`: columns of which the text can't tell which is which.
 */
export type Slot =
  | { readonly kind: 'named'; readonly name: string | null; readonly from: ReadonlySet<string> }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'opaque'; readonly from: ReadonlySet<string> }
  | { readonly kind: 'lost' };

export type Shape = readonly Slot[];

/** `SELECT *` over `SELECT *` can double the columns at every level; no real statement comes near this. */
const MOST_COLUMNS = 2_000;

export function limited(shape: Shape): Shape {
  if (shape.length > MOST_COLUMNS) throw new Refused('too_large', 'The statement makes too many columns.');
  return shape;
}

export function named(name: string | null, from: Iterable<string>): Slot {
  return { kind: 'named', name, from: new Set(from) };
}

/** The shape under new column names: `AS t(a, b)`. `exact` where the list names every column. */
export function renamed(shape: Shape, columns: readonly string[]): Shape {
  if (columns.length === 0) return shape;
  return columns
    .map((name, index): Slot => {
      const before = shape.slice(0, index + 1);
      const slot = shape[index];
      // Behind a star the position is not in the text, so the name could stand for any column.
      if (slot?.kind === 'named' && before.every(({ kind }) => kind === 'named'))
        return named(name, slot.from);
      return shape.every(({ kind }) => kind === 'named') ? named(name, []) : { kind: 'lost' };
    })
    .concat(shape.slice(columns.length));
}

/** UNION and its kin: columns meet by position, names come from the left. */
export function combined(left: Shape, right: Shape): Shape {
  if (JSON.stringify(left, sets) === JSON.stringify(right, sets)) return left;
  if (![...left, ...right].every(({ kind }) => kind === 'named')) return [{ kind: 'lost' }];
  return left.map((slot, index) => {
    const other = right[index];
    if (slot.kind !== 'named') return slot;
    return other?.kind === 'named' ? named(slot.name, [...slot.from, ...other.from]) : slot;
  });
}

/**
 * The lineage of a result, or null where its width is not in the text but every column keeps the name it is stored
 * under, so that result names decide. Where a star stands beside renamed columns neither holds, and the statement is
 * refused with what to write instead: else `SELECT *, ssn AS x` would hide the name that masking goes by.
 */
export function resultColumns(shape: Shape): readonly (readonly string[])[] | null {
  const columns: (readonly string[])[] = [];
  let open = false;
  for (const slot of shape) {
    if (slot.kind === 'named') columns.push([...slot.from].sort());
    else open = true;
  }
  if (!open) return columns;
  if (shape.every(keepsItsName)) return null;
  throw new Refused(
    'unsupported',
    'Beside a * that stands for the columns of a table, no column may be renamed or computed under another name: name the columns instead of the *.',
  );
}

export function keepsItsName(slot: Slot): boolean {
  switch (slot.kind) {
    case 'named':
      return [...slot.from].every((name) => name === slot.name?.toLowerCase());
    case 'table':
      return true;
    case 'opaque':
      return slot.from.size === 0;
    case 'lost':
      return false;
  }
}

/** Several statements in one text: which of them answers is the driver's choice, so each column may be any of theirs. */
export function joinedResults(
  results: readonly (readonly (readonly string[])[] | null)[],
): readonly (readonly string[])[] | null {
  const answering = results.filter((result) => result === null || result.length > 0);
  const known = answering.filter((result) => result !== null);
  if (known.length === answering.length) {
    const width = Math.max(0, ...known.map((result) => result.length));
    return Array.from({ length: width }, (_, index) =>
      [...new Set(known.flatMap((result) => result[index] ?? []))].sort(),
    );
  }
  if (answering.length === 1) return null;
  throw new Refused('unsupported', 'Several statements in one text must name their columns instead of a *.');
}

function sets(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value].map(String).sort() : value;
}
