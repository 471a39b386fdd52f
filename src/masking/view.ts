import type { MaskingReport } from '../model/result.ts';
import type { CustomDetector } from './custom-detectors.ts';
import type { Budget } from './detectors/detector.ts';
import { literalDetector, type RevealedValue } from './revealed-values.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { ClassRule, MaskingRules } from './rules.ts';
import { redacted, type Strategy } from './strategies.ts';

/** What masking does with a finding: a strategy, or nothing because policy shows the class. */
export type Did = MaskingReport['findings'][number]['did'];

/** The rules as one call sees them. */
export interface View {
  readonly rules: MaskingRules;
  readonly classes: Readonly<Record<string, ClassRule>>;
  readonly unmasked: ReadonlySet<string>;
  /** Null where none may be given: a value is then redacted. */
  readonly pseudonyms: Pseudonyms | null;
  readonly budget: Budget;
  /** Detectors of the rules, and of what this call was given in place of tokens. */
  readonly detectors: readonly CustomDetector[];
  /** Whether there are values to be found that may be shorter than any of a class. */
  readonly literal: boolean;
}

/** Each costs 30–45 µs: 2,000 are under a tenth of a second. */
const PHONE_CHECKS = 2_000;

/** A result of 10 MB holds about a million values. */
const NODES = 4_000_000;

export function viewOf(
  rules: MaskingRules,
  tool: string | undefined,
  unmasked: ReadonlySet<string>,
  pseudonyms: Pseudonyms | null,
  revealed: readonly RevealedValue[] = NONE,
): View {
  const classes = (tool === undefined ? undefined : rules.tools.get(tool)?.classes) ?? rules.classes;
  const budget = { phoneChecks: PHONE_CHECKS, nodes: NODES };
  const literal = revealed.length > 0;
  const detectors = literal ? [...rules.detectors, ...revealed.map(literalDetector)] : rules.detectors;
  return { rules, classes, unmasked, pseudonyms, budget, detectors, literal };
}

const NONE: readonly RevealedValue[] = [];

const UNKNOWN: ClassRule = { strategy: 'redact', threshold: 50 };

/** A class that is not in the table (a skill wrote it) is redacted. */
export function ruleOf(view: View, dataClass: string): ClassRule {
  return view.classes[dataClass] ?? UNKNOWN;
}

const blocking = new WeakMap<View['classes'], boolean>();

/** Whether there is a class of which one value blocks the result. */
export function anyBlocks(classes: View['classes']): boolean {
  const known = blocking.get(classes);
  if (known !== undefined) return known;
  const blocks = Object.values(classes).some(({ strategy }) => strategy === 'block');
  blocking.set(classes, blocks);
  return blocks;
}

/** What a strategy comes to for one value: `redact` where it can't do more. */
export function didTo(dataClass: string, strategy: Strategy, masked: string): Did {
  if (strategy === 'block') return 'block';
  return masked === redacted(dataClass) ? 'redact' : strategy;
}
