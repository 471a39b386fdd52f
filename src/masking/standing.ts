import type { Json } from '../model/json.ts';
import { begin, follow, leadsOn, NO_PATHS, type Positions } from './paths.ts';
import type { MaskingRules } from './rules.ts';
import { graver, type Strategy } from './strategies.ts';
import type { View } from './view.ts';

/** What is known of a value from where it stands. */
export interface Standing {
  /** Classes the name stands for. Anything but null, true and false is a value of them, whatever it looks like. */
  readonly classes: readonly string[];
  /** The value may be made of anything: what can't be searched by key is redacted. */
  readonly anything: boolean;
  /** Whether a right-shaped value may keep what the strategy of its class keeps. */
  readonly mayKeep: boolean;
  /** Whether the skill declares that these bytes may leave. Not of bytes inside of an object. */
  readonly bytes: boolean;
  /** What an operator wrote for this very column; null for the strategy of its class. */
  readonly strategy: Strategy | null;
  /** The paths that lead through the value. */
  readonly paths: Positions;
  /** Those that may, if a statement took the value out of a document. */
  readonly torn: Positions;
}

export const NOWHERE: Standing = {
  classes: [],
  anything: false,
  mayKeep: false,
  bytes: false,
  strategy: null,
  paths: NO_PATHS,
  torn: NO_PATHS,
};

/** Of a value that is no row of a table: arguments, a message. */
export function rootOf(rules: MaskingRules): Standing {
  return rules.paths.length === 0 ? NOWHERE : { ...NOWHERE, paths: begin(rules.paths) };
}

/** What is known of a value under a key of an object. */
export function standingOf(key: string, through: Positions, { mayKeep }: Standing, view: View): Standing {
  const named = view.rules.classesOfName(key);
  const standing = { classes: named, anything: false, mayKeep, bytes: false, strategy: null, torn: NO_PATHS };
  if (through.length === 0) return { ...standing, paths: NO_PATHS };
  const { ending, paths } = follow(through, key);
  if (ending.length === 0) return { ...standing, paths };
  const classes = [...new Set([...ending.map(({ class: of }) => of), ...named])];
  const strategy = ending.reduce<Strategy | null>((all, one) => graver(all, one.strategy), null);
  return { ...standing, classes, strategy, paths };
}

/**
 * The paths that lead through a document. Where a skill author wrote the statement, one that has what they ask for next is
 * whole; an agent could add that to a part.
 */
export function pathsIn(document: Json, { paths, torn, mayKeep }: Standing): Positions {
  if (torn.length === 0) return paths;
  const whole = mayKeep && partsOf(document).every((part) => leadsOn(paths, Object.keys(part)));
  return whole ? paths : [...paths, ...torn];
}

function partsOf(document: Json): readonly object[] {
  const all = typeof document === 'object' && document !== null && isArray(document) ? document : [document];
  return all.filter((one) => typeof one === 'object' && one !== null);
}

/** A value that is no document where paths lead through one: it was taken out of it, and nobody can tell from where. */
export function classOfTorn({ torn }: Standing, view: View): string | null {
  return torn.find(({ rule }) => !view.unmasked.has(rule.class))?.rule.class ?? null;
}

export function leftAlone(standing: Standing): Standing {
  return { ...standing, mayKeep: false, strategy: null };
}

/** The JSON object or array that a text is, in which keys say what the values are. */
export function documentOf(text: string): Json | undefined {
  if (!/^\s{0,16}[{[]/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Whether a list holds texts or numbers, which no key says anything of. */
export function isList(document: Json): boolean {
  return (
    typeof document === 'object' &&
    document !== null &&
    isArray(document) &&
    document.some((one) => typeof one === 'string' || typeof one === 'number')
  );
}

export function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
