import { Refused } from './refused.ts';

/** What masking must scan hardest: a whole row, or a value that could hold anything. */
export const ANYTHING = '*';

/**
 * Begins what stands, in a lineage, for a column that holds nothing stored: of VALUES, of a number series, of a constant.
 * No name in a text can begin with it, for a text with a NUL is refused.
 */
export const GENERATED = '\0';

/** In a lineage: how many rows there are. */
export const COUNTED = `${GENERATED}rows`;

/**
 * One place in the columns of a table expression.
 * - `named`: one column and what it was computed from.
 * - `table`: all columns of a stored table, under their own names, or `suffixed` with a number where names meet; how
 *   many is not in the text.
 * - `opaque`: any number of columns made of `from`, under names that are not in the text.
 * - `lost`: columns of which the text can't tell which is which.
 */
export type Slot =
  | { readonly kind: 'named'; readonly name: string | null; readonly from: ReadonlySet<string> }
  | { readonly kind: 'table'; readonly table: string; readonly suffixed?: true }
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

/** The shape after SQLite made its names unique: a star among others may bring a name that is there already. */
export function suffixed(shape: Shape, slots = shape.length): Shape {
  if (slots < 2) return shape;
  return shape.map((slot) => (slot.kind === 'table' ? { ...slot, suffixed: true } : slot));
}

/** UNION and its kin: columns meet by position, names come from the left. */
export function combined(left: Shape, right: Shape): Shape {
  if (JSON.stringify(left, sets) === JSON.stringify(right, sets))
    return left.map((slot, index) => both(slot, right[index]));
  if (![...left, ...right].every(({ kind }) => kind === 'named')) return [{ kind: 'lost' }];
  return left.map((slot, index) => {
    const other = right[index];
    if (slot.kind !== 'named') return slot;
    return other?.kind === 'named' ? named(slot.name, [...slot.from, ...other.from]) : slot;
  });
}

/**
 * The lineage of a result.
 * - All columns named: one entry a column.
 * - A star over stored tables, and all others keep the name they are stored under: null, so that result names decide.
 * - A star beside columns of another name (`SELECT *, ssn AS x`): the entries of those alone. There are always fewer
 *   than the result has columns, for the star has some too; masking then takes each column to be any of them.
 */
function resultColumns(shape: Shape): readonly (readonly string[])[] | null {
  if (isExact(shape)) return shape.map((slot) => [...originsOf(slot)].sort());
  if (shape.every(keepsItsName)) return null;
  if (shape.some((slot) => slot.kind === 'lost' || (slot.kind === 'table' && slot.suffixed))) {
    throw new Refused(
      'unsupported',
      'Which column of the result is which can not be told behind the *: name the columns instead.',
    );
  }
  return shape.filter((slot) => !keepsItsName(slot)).map((slot) => [...originsOf(slot)].sort());
}

function isExact(shape: Shape): boolean {
  return shape.every(({ kind }) => kind === 'named');
}

function originsOf(slot: Slot): ReadonlySet<string> {
  return slot.kind === 'named' || slot.kind === 'opaque' ? slot.from : new Set();
}

export function keepsItsName(slot: Slot): boolean {
  switch (slot.kind) {
    case 'named':
      return stored(slot.from).every((name) => name === slot.name?.toLowerCase());
    case 'table':
      return slot.suffixed !== true;
    case 'opaque':
      return stored(slot.from).length === 0;
    case 'lost':
      return false;
  }
}

/** Several statements in one text: which of them answers is the driver's choice, so each column may be any of theirs. */
export function joinedResults(shapes: readonly Shape[]): readonly (readonly string[])[] | null {
  const answering = shapes.filter((shape) => shape.length > 0);
  const [first] = answering;
  if (first === undefined) return [];
  if (answering.length === 1) return resultColumns(first);
  if (!answering.every(isExact)) {
    throw new Refused('unsupported', 'Of several statements in one text only one may answer with a *.');
  }
  const width = Math.max(...answering.map((shape) => shape.length));
  return Array.from({ length: width }, (_, index) =>
    [...new Set(answering.flatMap((shape) => [...originsOf(shape[index] ?? EMPTY)]))].sort(),
  );
}

const EMPTY: Slot = named(null, []);

function sets(_key: string, value: unknown): unknown {
  return value instanceof Set ? stored(value).sort() : value;
}

/** Of two slots alike but for what they generate, one that holds what both do. */
function both(slot: Slot, other: Slot | undefined): Slot {
  const from = [...originsOf(slot), ...(other === undefined ? [] : originsOf(other))];
  return slot.kind === 'named' || slot.kind === 'opaque' ? { ...slot, from: new Set(from) } : slot;
}

function stored(from: ReadonlySet<unknown>): string[] {
  return [...from].map(String).filter((name) => !name.startsWith(GENERATED));
}
