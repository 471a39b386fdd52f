import type { Json } from '../model/json.ts';
import { jsonPointer } from './masking-report.ts';
import type { MaskingRules } from './rules.ts';
import type { Span } from './settle.ts';
import { viewOf } from './view.ts';
import { rootOf } from './standing.ts';
import { walk } from './walk.ts';

/** Something that masking found, and where. Holds no value. */
export interface Finding {
  readonly class: string;
  /** JSON pointer (RFC 6901) to the text or number; keys in it are masked. Empty for the value itself. */
  readonly path: string;
  /** UTF-16 code units into the text, or into a number as JSON prints it. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 0 to 100: how sure. 100 where the name of a column or key decided. */
  readonly score: number;
}

/** Everything that `maskJson` would mask in a value, in the order it stands there. */
export function reportJson(value: Json, rules: MaskingRules): readonly Finding[] {
  const findings: Finding[] = [];
  const path: (string | number)[] = [];
  const note = ({ class: dataClass, start, end, score }: Span): void => {
    findings.push({ class: dataClass, path: jsonPointer(path, false), start, end, score });
  };
  walk(value, rootOf(rules), { view: viewOf(rules, undefined, new Set(), null), path, note });
  return findings;
}
