import type { Expr } from './statement.ts';
import type { Findings } from './findings.ts';
import { Refused } from './refused.ts';
import { ANYTHING, COUNTED, GENERATED, type Shape, type Slot } from './shape.ts';

/**
 * A value that is compared with another tells about it: in `customers JOIN generate_series(0, 9) n ON substr(ssn, 1, 1) =
 * n::text` each n is a digit of a number that it is not made of. So what stands in one comparison stands for each other
 * in the lineage of a result.
 */

/** Gives columns that hold nothing stored a name of their own, under which comparisons can call them. */
export function withGenerated(shape: Shape, findings: Findings): Shape {
  return shape.map((slot): Slot => {
    if (slot.kind !== 'named' && slot.kind !== 'opaque') return slot;
    for (const name of slot.from) if (!name.startsWith(GENERATED)) return slot;
    findings.generated += 1;
    return { ...slot, from: new Set([...slot.from, `${GENERATED}${findings.generated}`]) };
  });
}

/** What joins or lists comparisons and is none itself. */
const LISTS = new Set([
  'and',
  'or',
  'not',
  'nested',
  'row',
  'list',
  'condition',
  'limit',
  'window',
  'sort',
  'grouping set',
]);

/** The comparisons of which a condition is made. */
export function comparisons(expr: Expr): readonly Expr[] {
  const comparisonsFound: Expr[] = [];
  const open = [expr];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.kind === 'operation' && LISTS.has(at.name)) open.push(...at.parts);
    else comparisonsFound.push(at);
  }
  return comparisonsFound;
}

export function noteCompared(origins: ReadonlySet<string>, findings: Findings): void {
  for (const name of origins) if (!name.startsWith(GENERATED)) findings.compared.add(name);
}

/** No real statement compares this many columns with each other, and the work grows with their square. */
const MOST_TOGETHER = 200;

function tooMany(): Refused {
  return new Refused('too_large', 'The statement compares too many columns with each other.');
}

export function noteLink(origins: ReadonlySet<string>, findings: Findings): void {
  if (origins.size < 2) return;
  if (origins.size > MOST_TOGETHER) throw tooMany();
  const generates = [...origins].some((name) => name.startsWith(GENERATED));
  // A whole row beside stored columns would make each of them stand for anything; beside made-up ones it must.
  findings.links.push(generates ? origins : new Set([...origins].filter((name) => name !== ANYTHING)));
}

const ROWS: ReadonlySet<string> = new Set([COUNTED]);

/** Aggregates that give as much as there are rows, whatever they are given. */
const ADDS_UP = new Set(
  'sum total string_agg array_agg group_concat json_agg jsonb_agg json_arrayagg json_group_array xmlagg'.split(
    ' ',
  ),
);

/**
 * The lineage of a number of rows. Where rows are made up and compared with what is stored, it tells about what is stored:
 * `SELECT count(*) FROM customers, generate_series(1, 99) n WHERE n < left(ssn, 2)::int`.
 */
export function countOfRows(findings: Findings): ReadonlySet<string> {
  findings.generated += 1;
  return ROWS;
}

export function addsUp(name: string): boolean {
  return ADDS_UP.has(name);
}

/** The shapes with what each column was compared with, and without the names of generated columns. */
export function linked(shapes: readonly Shape[], findings: Findings): readonly Shape[] {
  const { links, counted, generated } = findings;
  if (links.length === 0 && generated === 0) return shapes;
  const within = new Map<string, number[]>();
  for (const [index, link] of links.entries()) {
    for (const name of link) {
      const indexes = within.get(name);
      if (indexes === undefined) within.set(name, [index]);
      else indexes.push(index);
    }
  }
  const madeUp = new Set(
    links.flatMap((link) =>
      [...link].some((name) => name.startsWith(GENERATED) && name !== COUNTED) ? [...link] : [],
    ),
  );
  const reached = (from: ReadonlySet<string>): ReadonlySet<string> => {
    const found = new Set(from);
    const followed = new Set<number>();
    const follow = (index: number): void => {
      if (followed.has(index)) return;
      followed.add(index);
      for (const other of links[index] ?? []) found.add(other);
      if (found.size > MOST_TOGETHER) throw tooMany();
    };
    for (const name of found) {
      if (name !== ANYTHING) for (const index of within.get(name) ?? []) follow(index);
      // How many generated rows there are tells what LIMIT was made of.
      if (name.startsWith(GENERATED)) for (const other of counted) found.add(other);
      if (name === COUNTED) for (const other of madeUp) found.add(other);
    }
    return new Set([...found].filter((name) => !name.startsWith(GENERATED)));
  };
  return shapes.map((shape) =>
    shape.map((slot) =>
      slot.kind === 'named' || slot.kind === 'opaque' ? { ...slot, from: reached(slot.from) } : slot,
    ),
  );
}
