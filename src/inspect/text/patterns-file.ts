import { isNode, isPair, isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { LoadError, Loaded } from '../../model/load-error.ts';
import { patternsIn } from './inspect-text.ts';
import { NO_PATTERNS, patternsOf, tryPattern, type CompiledPattern, type TextPatterns } from './patterns.ts';
import { patternsFile, type DeclaredPattern, type PatternsFile } from './schema.ts';

/**
 * Loads `policies/patterns.yaml` and tries every pattern on its examples; without a file there are no patterns.
 *
 * @param file its path as the author would type it, and its content; null where there is none.
 */
export function loadPatterns(file: PatternsSource | null): Loaded<TextPatterns> {
  if (file === null) return { ok: true, value: NO_PATTERNS, warnings: [] };
  // Every edit of a skill or policy loads all rules again, and to try all examples takes half a second.
  if (before?.path === file.path && before.text === file.text) return before.loaded;
  const loaded = load(file);
  before = { ...file, loaded };
  return loaded;
}

interface PatternsSource {
  readonly path: string;
  readonly text: string;
}

let before: (PatternsSource & { readonly loaded: Loaded<TextPatterns> }) | null = null;

function load(file: PatternsSource): Loaded<TextPatterns> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): { readonly file: string; readonly line: number; readonly column: number } => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const place = (path: readonly PropertyKey[]): { readonly file: string; readonly line?: number } => {
    const offset = offsetOf(document, path);
    return offset === null ? { file: file.path } : at(offset);
  };
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return { ok: false, errors: problems.map(({ message, pos }) => ({ ...at(pos[0]), message })) };
  const value = toValue(document);
  if (value === undefined)
    return {
      ok: false,
      errors: [{ file: file.path, message: 'the aliases of the file can not be expanded' }],
    };
  const parsed = patternsFile.safeParse(value ?? { patterns: [] });
  if (!parsed.success)
    return { ok: false, errors: parsed.error.issues.flatMap((issue) => described(issue, place)) };
  const errors = checkPatterns(parsed.data, place);
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, value: patternsOf(parsed.data), warnings: [] };
}

type Place = (path: readonly PropertyKey[]) => { readonly file: string; readonly line?: number };

function checkPatterns({ patterns }: PatternsFile, place: Place): readonly LoadError[] {
  const errors: LoadError[] = [];
  for (const [index, declared] of patterns.entries()) {
    const path = ['patterns', index];
    const first = patterns.findIndex(({ name }) => name === declared.name);
    if (first !== index)
      errors.push({
        ...place([...path, 'name']),
        message: `the name ${declared.name} is taken by another pattern`,
      });
    const pattern = tryPattern(declared);
    if (typeof pattern === 'string')
      errors.push({ ...place([...path, 'pattern']), message: `${declared.name}: ${pattern}` });
    else errors.push(...checkExamples(declared, pattern, path, place));
  }
  return errors;
}

function checkExamples(
  declared: DeclaredPattern,
  pattern: CompiledPattern,
  path: readonly PropertyKey[],
  place: Place,
): readonly LoadError[] {
  const { name } = declared;
  const finds = (text: string): boolean => patternsIn([pattern], text).length > 0;
  const errors: LoadError[] = [];
  for (const [index, text] of declared.match.entries()) {
    if (finds(text)) continue;
    const suggestion = 'look at "words" too: one of them must stand in the text';
    errors.push({
      ...place([...path, 'match', index]),
      message: `${name} does not find this example`,
      suggestion,
    });
  }
  for (const [index, text] of declared.no_match.entries())
    if (finds(text))
      errors.push({
        ...place([...path, 'no_match', index]),
        message: `${name} finds this example and must not`,
      });
  return errors;
}

/** Undefined where aliases make a bomb. */
function toValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    return value ?? null;
  } catch {
    return undefined;
  }
}

const KEYS = {
  file: ['results', 'patterns'],
  pattern: ['name', 'explain', 'score', 'reads', 'words', 'pattern', 'match', 'no_match'],
};

function described(issue: z.core.$ZodIssue, place: Place): readonly LoadError[] {
  const where = issue.path.length === 0 ? 'the file' : `"${issue.path.join('.')}"`;
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? KEYS.file : KEYS.pattern;
    return issue.keys.map((key) => ({
      ...place([...issue.path, key]),
      message: `unknown key "${key}" in ${where}; expected ${known.join(', ')}`,
    }));
  }
  const message = `${where}: ${issue.message.replace(/^Invalid input: /, '')}`;
  return [{ ...place(issue.path), message }];
}

/** Where a path was written, its key where it names one; where its nearest ancestor was, if it is not in the document. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const steps = path.slice(0, length).map((step) => (typeof step === 'number' ? step : String(step)));
    const parent = length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    const name = steps.at(-1);
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === name) : undefined;
    if (isPair(pair) && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    const node = document.getIn(steps, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}
