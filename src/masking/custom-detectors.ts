import { RE2JS, RE2JSException } from 're2js';
import { contextWords, hasContext } from './detectors/context.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { fold } from './fold.ts';

/** A detector that an operator wrote in `masking.yaml`. */
export interface CustomDetector {
  readonly find: (text: string, aid: Aid) => readonly Candidate[];
}

/** As written: RE2 syntax, so that no pattern is slow on any text. */
export interface CustomDetectorSaid {
  readonly class: string;
  readonly pattern: string;
  readonly words?: readonly string[] | undefined;
  readonly score: number;
  readonly match: readonly string[];
  readonly no_match?: readonly string[] | undefined;
}

/** How much a word beside a finding adds to its score, and the most it comes to. */
const RAISE = 40;
const MOST = 95;

export function compileCustom(said: CustomDetectorSaid): CustomDetector {
  const pattern = RE2JS.compile(said.pattern);
  const words =
    said.words === undefined || said.words.length === 0 ? null : contextWords(...said.words.map(literal));
  return {
    find(text, aid) {
      const folded = fold(text);
      const matcher = pattern.matcher(folded.text);
      const found: Candidate[] = [];
      while (matcher.find()) {
        const start = matcher.start();
        const end = matcher.end();
        if (end === start) continue;
        const raised = words !== null && hasContext(folded.text, start, end, words, aid);
        const score = raised ? Math.min(MOST, said.score + RAISE) : said.score;
        found.push({
          class: said.class,
          start: folded.origin[start] ?? 0,
          end: folded.origin[end] ?? text.length,
          score,
        });
      }
      return found;
    },
  };
}

/**
 * What is wrong with a detector as written; null where nothing is. Its examples are tried as they would be in a text: each
 * of `match` has to count by `threshold`, each of `no_match` not.
 */
export function problemOf(said: CustomDetectorSaid, threshold: number): string | null {
  let detector: CustomDetector;
  try {
    detector = compileCustom(said);
  } catch (error) {
    return error instanceof RE2JSException
      ? `the pattern is no RE2 pattern: ${error.message}`
      : 'the pattern can not be read';
  }
  const counts = (text: string): boolean =>
    detector.find(text, NO_AID).some(({ score }) => score >= threshold);
  const missed = said.match.find((text) => !counts(text));
  if (missed !== undefined) return `"${missed}" of match is not found`;
  const taken = said.no_match?.find(counts);
  return taken === undefined ? null : `"${taken}" of no_match is found`;
}

const NO_AID: Aid = { assumeContext: false, phoneRegions: [], budget: { phoneChecks: 0, nodes: 0 } };

function literal(word: string): string {
  return word.toLowerCase().replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
