import type { MaskingReport } from '../model/result.ts';
import type { Budget } from './detectors/detector.ts';
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
): View {
  const classes = (tool === undefined ? undefined : rules.tools.get(tool)?.classes) ?? rules.classes;
  return { rules, classes, unmasked, pseudonyms, budget: { phoneChecks: PHONE_CHECKS, nodes: NODES } };
}

const UNKNOWN: ClassRule = { strategy: 'redact', threshold: 50 };

/** A class that is not in the table (a skill wrote it) is redacted. */
export function ruleOf(view: View, dataClass: string): ClassRule {
  return view.classes[dataClass] ?? UNKNOWN;
}

/** What a strategy comes to for one value: `redact` where it can't do more. */
export function didTo(dataClass: string, strategy: Strategy, masked: string): Did {
  if (strategy === 'block') return 'block';
  return masked === redacted(dataClass) ? 'redact' : strategy;
}
