import { listed, object, text } from './recorded-call.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { MaskingRules } from '../masking/rules.ts';
import type { Strategy } from '../masking/strategies.ts';

/** A class of values of a recorded answer that would have been seen otherwise. Holds no value. */
export interface SeenOtherwise {
  readonly class: string;
  /** The column, or a JSON pointer. Empty where an answer was withheld as a whole. */
  readonly path: string;
  readonly count: number;
  /**
   * `shown`: policy would have shown what was masked. `hidden`: the other way round. `masked`: masking would find what it
   * left alone. `less_masked`: masking would leave more of the value.
   */
  readonly change: 'shown' | 'hidden' | 'masked' | 'less_masked';
  /** What is said of it for a person: fixed words and names of strategies. */
  readonly why: string;
}

/** What the masking report of an outcome says that these classes would change, were they shown to its principal. */
export function seeAgain(outcome: JsonObject, unmasked: ReadonlySet<string>): readonly SeenOtherwise[] {
  if (text(outcome['cause']) === 'data_blocked') {
    const classes = listed(outcome['classes']);
    if (!classes.every((name) => unmasked.has(name))) return [];
    const why = 'policy shows it, so that the answer would not be withheld';
    return classes.map((name) => ({ class: name, path: '', count: 1, change: 'shown', why }));
  }
  return findingsOf(outcome).flatMap((finding): readonly SeenOtherwise[] => {
    const { class: of, path, count, did } = finding;
    if ((did === 'shown') === unmasked.has(of)) return [];
    return did === 'shown'
      ? [{ class: of, path, count, change: 'hidden', why: 'policy does not show it' }]
      : [{ class: of, path, count, change: 'shown', why: `policy shows it; it was masked (${did})` }];
  });
}

/**
 * Where a candidate would mask less than other rules do of what a report found. From a report it can't be told what
 * would not be found any more: that a name or a threshold let it be found is told by comparing the rules.
 */
export function lessMasked(
  outcome: JsonObject,
  tool: string,
  from: MaskingRules,
  to: MaskingRules,
): readonly SeenOtherwise[] {
  return findingsOf(outcome).flatMap((finding): readonly SeenOtherwise[] => {
    const { class: of, path, count, did } = finding;
    if (did === 'shown') return [];
    const before = ruleFor(from, tool, path, of);
    const after = ruleFor(to, tool, path, of);
    const said = (why: string): SeenOtherwise => ({ class: of, path, count, change: 'less_masked', why });
    if (before.named && !after.named)
      return [said('the name of the column does not stand for the class any more')];
    if (!before.named && after.threshold > before.threshold)
      return [said(`it would have to score ${after.threshold}, not ${before.threshold}, to be found`)];
    if (LEAVES[after.strategy] > LEAVES[before.strategy])
      return [said(`${after.strategy} in place of ${before.strategy}`)];
    return [];
  });
}

/** How much of a value a strategy leaves to be seen or told: nothing, which values are the same, a part of it. */
const LEAVES: Readonly<Record<Strategy, number>> = {
  block: 0,
  drop: 1,
  redact: 1,
  tokenise: 2,
  tokenise_reversibly: 2,
  format_preserving: 2,
  keep_domain: 3,
  keep_last_four: 3,
  generalise: 3,
};

interface RuleFor {
  readonly strategy: Strategy;
  readonly threshold: number;
  /** Whether the name of the column is enough to find it. */
  readonly named: boolean;
}

function ruleFor(rules: MaskingRules, tool: string, path: string, dataClass: string): RuleFor {
  const own = rules.tools.get(tool);
  const column = own?.columns.get(path.toLowerCase());
  const { strategy = 'redact', threshold = 50 } = (own?.classes ?? rules.classes)[dataClass] ?? {};
  const byName =
    path !== '' && !path.startsWith('/') && rules.classesOfName(path).some((one) => one === dataClass);
  const declared = column?.class === dataClass;
  return {
    strategy: (declared ? column.strategy : null) ?? strategy,
    threshold,
    named: declared || byName,
  };
}

interface Finding {
  readonly class: string;
  readonly path: string;
  readonly count: number;
  readonly did: string;
}

function findingsOf(outcome: JsonObject): readonly Finding[] {
  const findings = outcome['masking'];
  if (!isList(findings)) return [];
  return findings.flatMap((finding) => {
    const { class: of, path, count, did } = object(finding) ?? {};
    const [name, said] = [text(of), text(did)];
    if (name === null || said === null) return [];
    return [{ class: name, path: text(path) ?? '', count: typeof count === 'number' ? count : 0, did: said }];
  });
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
