import { maskString } from './mask-string.ts';
import type { View } from './view.ts';
import { NOWHERE } from './standing.ts';
import { walkText, type Walk } from './walk.ts';

/** Hostile results can hold any number of distinct names. */
const REMEMBERED = 2_048;
/** A name that a person gave is shorter. */
const LONGEST = 128;

/** Names in which nothing is found, by the rules that say what counts: a tool answers with the same ones at each call. */
const clean = new WeakMap<View['classes'], Set<string>>();

/** Masks the name or the type of a column. What holds nothing is remembered; what holds a value never is. */
export function maskLabel(label: string, state: Walk): string {
  const { classes, budget } = state.view;
  let known = clean.get(classes);
  if (known?.has(label) === true) return label;
  const before = budget.phoneChecks;
  if (label.length > LONGEST || maskString(label, { assumeContext: false, nested: 0 }, state.view) !== null)
    return walkText(label, NOWHERE, state);
  // What a spent budget left open is no answer for the next call.
  if (budget.phoneChecks !== before) return label;
  if (known === undefined || known.size >= REMEMBERED) {
    known = new Set();
    clean.set(classes, known);
  }
  known.add(label);
  return label;
}
