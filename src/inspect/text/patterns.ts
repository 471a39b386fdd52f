import { hash } from 'node:crypto';
import { RE2JS } from 're2js';
import { plain } from './fold.ts';
import type { DeclaredPattern, PatternsFile } from './schema.ts';

/** What finds a pattern; the examples stay with the loader. */
interface TextPattern {
  readonly name: string;
  readonly score: number;
  readonly reads: 'words' | 'text';
  readonly words: readonly string[];
  readonly pattern: string;
}

/** `patterns.yaml`, loaded and checked. Plain data: it is sent to the worker with each text. */
export interface TextPatterns {
  /** SHA-256 over everything the file says. Hex. */
  readonly digest: string;
  /** Whether results are looked at too. */
  readonly results: boolean;
  readonly patterns: readonly TextPattern[];
}

export interface CompiledPattern extends TextPattern {
  /** Whether it stands in a view of a text. */
  isIn(view: string): boolean;
  /** Whether it stands in what was written letter by letter. */
  isSpelledIn(letters: string): boolean;
}

export function patternsOf({ results = false, patterns }: PatternsFile): TextPatterns {
  return {
    digest: hash('sha256', JSON.stringify([results, patterns])),
    results,
    patterns: patterns.map(({ name, score, reads = 'words', words, pattern }) => ({
      name,
      score,
      reads,
      words: words.map(plain),
      pattern: plain(pattern),
    })),
  };
}

/** Without a file there are none. */
export const NO_PATTERNS: TextPatterns = patternsOf({ patterns: [] });

let last: { readonly digest: string; readonly compiled: readonly CompiledPattern[] } | null = null;

/** Compiled once for each digest: a reload is rare, and the one before is soon asked for no more. */
export function compilePatterns({ digest, patterns }: TextPatterns): readonly CompiledPattern[] {
  if (last?.digest !== digest) last = { digest, compiled: patterns.map(compilePattern) };
  return last.compiled;
}

function compilePattern(pattern: TextPattern): CompiledPattern {
  let compiled: RE2JS | undefined;
  const words = pattern.words.map((word) => word.replaceAll(' ', ''));
  // Compiling takes some 20 ms at first: a pattern that nothing calls for is never compiled.
  const whole = (): RE2JS => (compiled ??= RE2JS.compile(pattern.pattern));
  let letters: RE2JS | undefined;
  return {
    ...pattern,
    isIn: (view) => pattern.words.some((word) => view.includes(word)) && whole().test(view),
    isSpelledIn(view) {
      if (pattern.reads !== 'words' || !words.some((word) => view.includes(word))) return false;
      // What is written letter by letter has no word boundaries left. Rare, and compiling takes some milliseconds.
      letters ??= RE2JS.compile(pattern.pattern.replaceAll(/ |\\b/g, ''));
      return letters.test(view);
    },
  };
}

/** One pattern, to try its examples on, or what is wrong with it. */
export function tryPattern(declared: DeclaredPattern): CompiledPattern | string {
  const [pattern] = patternsOf({ patterns: [declared] }).patterns;
  if (pattern === undefined) throw new Error('one pattern was given');
  try {
    RE2JS.compile(pattern.pattern);
    return compilePattern(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not valid';
    return `expected a pattern in RE2 syntax (${message.replace(/^error parsing regexp: /, '')})`;
  }
}
