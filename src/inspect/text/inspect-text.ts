import type { TextInspection } from '../../model/facts.ts';
import { decodedIn, type Decoded } from './decode.ts';
import { foldText, holdsHidden, mixesScripts, spelledOut, undisguised, wordsOf } from './fold.ts';
import { compilePatterns, type CompiledPattern, type TextPatterns } from './patterns.ts';

/** The facts of a free text. Every text is understood. Linear: patterns are in RE2 syntax and the views are bounded. */
export function inspectText(patterns: TextPatterns, text: string): TextInspection {
  const decoded = decodedIn(text);
  const hits = patternsIn(compilePatterns(patterns), text, decoded);
  return {
    ok: true,
    facts: {
      score: hits.reduce((sum, { score }) => sum + score, 0),
      patterns: hits.map(({ name }) => name).sort(),
      hiddenCharacters: holdsHidden(text),
      mixedScripts: mixesScripts(text),
      decoded: [...new Set(decoded.map(({ encoding }) => encoding))].sort(),
    },
  };
}

/** The patterns that stand in a text or in what it was decoded to. */
export function patternsIn(
  patterns: readonly CompiledPattern[],
  text: string,
  decoded: readonly Decoded[] = decodedIn(text),
): readonly CompiledPattern[] {
  const found = [text, ...decoded.map((each) => each.text)].flatMap((one) => foundIn(patterns, one));
  return [...new Set(found)];
}

/** The patterns that stand in a text, in any of the ways in which it can be read. */
function foundIn(patterns: readonly CompiledPattern[], text: string): readonly CompiledPattern[] {
  const folded = foldText(text);
  const disguised = undisguised(folded);
  const views = [folded, ...(disguised === null ? [] : [disguised])].map((view) => ({
    text: view,
    words: wordsOf(view),
  }));
  const apart = spelledOut(folded);
  return patterns.filter(
    (pattern) =>
      views.some((view) => pattern.isIn(view[pattern.reads])) ||
      (apart !== null && pattern.isSpelledIn(apart)),
  );
}
