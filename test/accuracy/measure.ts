import { reportJson } from '../../src/masking/report.ts';
import type { MaskingRules } from '../../src/masking/rules.ts';
import type { Labelled } from './corpus.ts';

export interface Score {
  readonly kind: string;
  readonly values: number;
  /** Values of which no character is left. */
  readonly found: number;
  /** Values that were also called what they are. */
  readonly named: number;
}

/** How much of what is there is found. A value counts as found where it is covered whole, whatever it is called. */
export function recallOf(corpus: readonly Labelled[], rules: MaskingRules): readonly Score[] {
  const scores = new Map<string, { values: number; found: number; named: number }>();
  for (const { text, values } of corpus) {
    const findings = reportJson(text, rules);
    for (const { kind, start, end } of values) {
      const score = scores.get(kind) ?? { values: 0, found: 0, named: 0 };
      scores.set(kind, score);
      score.values++;
      const covering = findings.filter((finding) => finding.start <= start && finding.end >= end);
      if (covering.length > 0) score.found++;
      if (covering.some((finding) => finding.class === kind.split(' ')[0])) score.named++;
    }
  }
  return [...scores].map(([kind, score]) => ({ kind, ...score }));
}

/** What is found of each class in texts that hold nothing, with the first three of them. */
export function falseFindings(
  texts: readonly string[],
  rules: MaskingRules,
): ReadonlyMap<string, { readonly count: number; readonly texts: readonly string[] }> {
  const found = new Map<string, { count: number; texts: string[] }>();
  for (const text of texts)
    for (const { class: of, start, end } of reportJson(text, rules)) {
      const entry = found.get(of) ?? { count: 0, texts: [] };
      found.set(of, entry);
      entry.count++;
      if (entry.texts.length < 3) entry.texts.push(`${text.slice(start, end)} in ${text}`);
    }
  return found;
}
