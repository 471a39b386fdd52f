import { reportJson } from '../../src/masking/report.ts';
import type { MaskingRules } from '../../src/masking/rules.ts';
import type { Labelled } from './corpus.ts';
import { recallOf } from './measure.ts';
import type { Corpus } from './published.ts';

export interface Share {
  readonly part: number;
  readonly whole: number;
}

/** What is found of one class in one published corpus. */
export interface PublishedScore {
  readonly corpus: string;
  readonly class: string;
  /** Values found in texts as they were published. */
  readonly published: Share;
  /** Values found beside the word that a person writes in front. */
  readonly worded: Share;
  /** Look-alikes that were taken for a value of the class. */
  readonly taken: Share;
  /** Texts with a value beside its word that was not found. */
  readonly missed: readonly string[];
}

export function scorePublished(corpora: readonly Corpus[], rules: MaskingRules): readonly PublishedScore[] {
  return corpora.flatMap(({ name, kinds }) =>
    [...Map.groupBy(kinds, ({ kind }) => kind.split(' ')[0] ?? kind)].map(([of, all]) => {
      const lookAlikes = all.flatMap((one) => one.lookAlikes);
      const taken = lookAlikes.filter((text) =>
        reportJson(text, rules).some((finding) => finding.class === of),
      );
      const worded = all.flatMap((one) => one.worded);
      return {
        corpus: name,
        class: of,
        published: shareOf(
          all.flatMap((one) => one.published),
          rules,
        ),
        worded: shareOf(worded, rules),
        taken: { part: taken.length, whole: lookAlikes.length },
        missed: worded
          .filter((one) => shareOf([one], rules).part < one.values.length)
          .map(({ text }) => text),
      };
    }),
  );
}

function shareOf(texts: readonly Labelled[], rules: MaskingRules): Share {
  const scores = recallOf(texts, rules);
  return {
    part: scores.reduce((all, { found }) => all + found, 0),
    whole: scores.reduce((all, { values }) => all + values, 0),
  };
}
