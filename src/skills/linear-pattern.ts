import { RE2JS } from 're2js';

/** A pattern as the validator uses it. */
export interface LinearPattern {
  test(text: string): boolean;
  /** The pattern: ajv tells patterns apart by it, and would use the first for all were they the same. */
  toString(): string;
}

const MAX_PATTERN = 1000;
/** The worst pattern measured takes about 40 ms for a million characters, so this bounds one test at 3 ms. */
const MAX_SUBJECT = 64 * 1024;

/**
 * Compiles a `pattern` of an input schema. An agent chooses the text that it runs on, so it must take linear time:
 * V8's engine backtracks, and `^(a+)+$` on 40 letters stops the process. Longer texts than 64 KiB never match.
 * @throws Error with a sentence for the author where it is not in RE2 syntax.
 */
export function compilePattern(pattern: string): LinearPattern {
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw new Error(problem);
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return {
    test: (text) => text.length <= MAX_SUBJECT && compiled.test(text),
    toString: () => pattern,
  };
}

/** What is wrong with a pattern, if anything; one sentence that begins with "expected". */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN) return `expected a pattern of at most ${MAX_PATTERN} characters`;
  try {
    // The published schema is read by clients, whose engine this is: JSON Schema names ECMA-262 with the u flag.
    void new RegExp(pattern, 'u');
  } catch (error) {
    return `expected an ECMA-262 pattern (${reason(error)})`;
  }
  // re2js reads \k as the letter k.
  if (/(?:^|[^\\])(?:\\\\)*\\k/.test(pattern)) return 'expected a pattern without backreferences';
  try {
    RE2JS.compile(RE2JS.translateRegExp(pattern));
    return undefined;
  } catch (error) {
    return `expected a pattern in RE2 syntax, without lookaround or backreferences (${reason(error)})`;
  }
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : 'not valid';
  return message.replace(/^Invalid regular expression: .*: /s, '').replace(/^error parsing regexp: /, '');
}
