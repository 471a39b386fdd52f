import { numberOf, objectsOf, textOf } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** What was masked in answers, summed up. */
export function masking(): Report {
  /** The tools of calls that have no outcome yet. */
  const running = new Map<string, string>();
  const sums = new Map<string, { readonly key: readonly string[]; results: number; values: number }>();
  return {
    name: 'masking',
    about: 'a line for each tool, data class and way of masking',
    columns: [
      ['tool', 'whose results; empty where its call.intent is before the period'],
      ['class', 'data class'],
      ['did', 'what was done with it; shown: policy let the principal see it'],
      ['results', 'in how many results'],
      ['values', 'how many values'],
    ],
    add: ({ type, call, event }) => {
      if (type === 'call.intent' && call !== null) running.set(call, textOf(event, 'tool') ?? '');
      if (type !== 'call.outcome') return NONE;
      const tool = running.get(call ?? '') ?? '';
      running.delete(call ?? '');
      const seen = new Set<string>();
      for (const found of objectsOf(event['masking'])) {
        const key = [tool, textOf(found, 'class') ?? '', textOf(found, 'did') ?? ''];
        const id = JSON.stringify(key);
        const sum = sums.get(id) ?? { key, results: 0, values: 0 };
        sum.values += numberOf(found, 'count') ?? 0;
        if (!seen.has(id)) sum.results += 1;
        seen.add(id);
        sums.set(id, sum);
      }
      return NONE;
    },
    end: () =>
      [...sums]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { key, results, values }]) => [...key, results, values]),
  };
}
