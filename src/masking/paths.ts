import type { ToolColumn } from './rules.ts';

/** A path of `masking.yaml`, compiled: `$.profile.contact.*`. */
export interface PathRule extends ToolColumn {
  /** At least one. Lists are no steps: what is said of a place holds for each element of a list there. */
  readonly steps: readonly Step[];
}

interface Step {
  /** Lower case; null for any name. */
  readonly name: string | null;
  /** Written `..`: the name may stand at any depth from here on. */
  readonly deep: boolean;
}

/** How far a path has been followed: the next step is `steps[at]`. */
interface Position {
  readonly rule: PathRule;
  readonly at: number;
}

/** All paths that may go on below a value. */
export type Positions = readonly Position[];

/** Shared by all values that no path leads through, as most. */
export const NO_PATHS: Positions = [];

const NO_RULES: readonly PathRule[] = [];

const LONGEST = 500;
const MOST_STEPS = 32;
const STEP = /(\.\.|\.|)(?:([\p{L}_][\p{L}\p{N}_-]*)|(\*)|\[(?:(\*)|'([^']+)'|"([^"]+)")\])/uy;

/**
 * The steps of a path: names after dots or quoted in brackets, `*` for any, `..` for any depth, `[*]` for the elements of a
 * list; a `$` in front may be left out. A subset of RFC 9535 without indexes and filters. Null where it is none.
 */
export function parsePath(text: string): readonly Step[] | null {
  if (text.length > LONGEST) return null;
  const path = text.startsWith('$') ? text.slice(1) : /^[.[]/.test(text) ? text : `.${text}`;
  const steps: Step[] = [];
  for (let from = 0; from < path.length; from = STEP.lastIndex) {
    STEP.lastIndex = from;
    const [whole, dots = '', word, star, elements, single, double] = STEP.exec(path) ?? [];
    if (whole === undefined) return null;
    const name = word ?? single ?? double;
    const bracketed = (elements ?? single ?? double) !== undefined;
    if (bracketed ? dots === '.' : dots === '') return null;
    // A list is no step; every element stands where the list stands.
    if (elements !== undefined && dots === '') continue;
    if (star === undefined && name === undefined && elements === undefined) return null;
    steps.push({ name: name?.toLowerCase() ?? null, deep: dots === '..' });
  }
  return steps.length === 0 || steps.length > MOST_STEPS ? null : steps;
}

/** Where paths begin: at a row, or at a value that is no row of a table. */
export function begin(rules: readonly PathRule[]): Positions {
  return rules.length === 0 ? NO_PATHS : rules.map((rule) => ({ rule, at: 0 }));
}

/** What stands under a name: the paths that end there, and those that go on. */
export interface Below {
  readonly ending: readonly PathRule[];
  readonly paths: Positions;
}

const NOTHING: Below = { ending: NO_RULES, paths: NO_PATHS };

export function follow(paths: Positions, name: string): Below {
  if (paths.length === 0) return NOTHING;
  const lower = name.toLowerCase();
  const ending: PathRule[] = [];
  const on: Position[] = [];
  for (const { rule, at } of paths) {
    const step = rule.steps[at];
    if (step === undefined) continue;
    if (step.deep) add(on, rule, at);
    if (step.name !== null && step.name !== lower) continue;
    if (at + 1 === rule.steps.length) ending.push(rule);
    else add(on, rule, at + 1);
  }
  return { ending, paths: on };
}

/**
 * Once each: with several `..` in a path, a document as deep as the paths are long would else have as many positions as there
 * are ways to it. Those of a rule stand together.
 */
function add(on: Position[], rule: PathRule, at: number): void {
  for (let index = on.length - 1; index >= 0 && on[index]?.rule === rule; index--)
    if (on[index]?.at === at) return;
  on.push({ rule, at });
}

/**
 * Paths that may have begun above a value: a statement that takes `contact` out of a document leaves of `$.profile.contact.*`
 * the last step. Only of paths that begin with the name of a column, for with others every value might be meant.
 */
export function torn(paths: Positions): Positions {
  return paths.flatMap(({ rule, at }) =>
    at === 0 || rule.steps[0]?.name === null || rule.steps[0]?.deep === true
      ? []
      : rule.steps.slice(at).map((_, index) => ({ rule, at: at + index })),
  );
}

/** Whether a value is the document that paths lead through: it has what one of them asks for next. */
export function leadsOn(paths: Positions, names: readonly string[]): boolean {
  return paths.some(({ rule, at }) => names.some((name) => rule.steps[at]?.name === name.toLowerCase()));
}
