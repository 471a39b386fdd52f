import { isNode, isPair, isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { LoadError, Loaded } from '../model/load-error.ts';
import { DATA_CLASSES } from './data-classes.ts';
import { suggestion } from './nearest.ts';
import { declaredClasses, maskingFile, type MaskingFile } from './schema.ts';

/** Far more than a person writes. */
const LONGEST = 256 * 1024;

/** Reads `masking.yaml`: every error with its line, what was found, what was expected, and the nearest match. */
export function readMaskingFile(file: string, text: string): Loaded<MaskingFile> {
  if (text.length > LONGEST) {
    const message = `the file has ${text.length} characters; expected at most ${LONGEST}`;
    return { ok: false, errors: [{ file, message }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const place = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return { ok: false, errors: problems.map(({ message, pos }) => ({ file, ...place(pos[0]), message })) };
  const value = toValue(document);
  if (!value.ok) return { ok: false, errors: [{ file, message: value.message }] };
  const schema = maskingFile([...DATA_CLASSES, ...declaredClasses(value.value)]);
  const parsed = schema.safeParse(value.value ?? {});
  if (parsed.success) return { ok: true, value: parsed.data, warnings: [] };
  const errors = parsed.error.issues.flatMap((issue) =>
    described(issue, value.value).map(({ path, key, ...said }): LoadError => {
      const offset = offsetOf(document, path, key);
      return { file, ...(offset === null ? {} : place(offset)), ...said };
    }),
  );
  return { ok: false, errors };
}

/** Aliases are expanded; a bomb of them is an error of the yaml package. */
function toValue(
  document: Document,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 50 }) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : 'the aliases can not be expanded' };
  }
}

interface Described {
  readonly path: readonly PropertyKey[];
  /** Whether the place is the key rather than its value. */
  readonly key: boolean;
  readonly message: string;
  readonly suggestion?: string;
}

function described(issue: z.core.$ZodIssue, root: unknown): readonly Described[] {
  const { path } = issue;
  const where = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
  const found = shown(at(root, path));
  if (issue.code === 'invalid_union') {
    // A class, or a mapping with one: what was written says which was meant.
    const meant = typeof at(root, path) === 'string' ? issue.errors[0] : issue.errors.at(-1);
    return (meant ?? []).flatMap((inner) => described({ ...inner, path: [...path, ...inner.path] }, root));
  }
  if (issue.code === 'unrecognized_keys') {
    const known = KEYS[kindOf(path)];
    return issue.keys.map((name) => ({
      path: [...path, name],
      key: true,
      message: `unknown key "${name}" in ${where}; expected ${known.join(', ')}`,
      ...suggestion(name, known),
    }));
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const message = `${where} is ${found}; expected ${values.join(' or ')}`;
    return [
      { path, key: false, message, ...suggestion(String(at(root, path)), values), ...unmaskHint(found) },
    ];
  }
  if (issue.code === 'custom') {
    const { found: name, known, at: side, suggest, otherwise } = issue.params ?? {};
    const near = typeof name === 'string' && isNames(known) ? suggestion(name, known) : {};
    const expected = isNames(known) ? `; expected ${known.join(', ')}` : '';
    const last = typeof otherwise === 'string' ? { suggestion: otherwise } : {};
    const advice = typeof suggest === 'string' ? { suggestion: suggest } : { ...last, ...near };
    return [{ path, key: side === 'key', message: issue.message + expected, ...advice }];
  }
  return [
    { path, key: false, message: `${where} is ${found}; ${issue.message.replace(/^Invalid input: /, '')}` },
  ];
}

/** Someone who writes `none` wants a class shown: that is a permission, and has its place. */
function unmaskHint(found: string): { readonly suggestion?: string } {
  if (!['"none"', '"off"', 'false', 'null', '"show"'].includes(found)) return {};
  return { suggestion: 'a class is shown by a Cedar policy that permits Action::"unmask", not here' };
}

const CLASS_KEYS = ['strategy', 'threshold'];
const KEYS = {
  top: ['phone_regions', 'pseudonyms_within', 'detectors', 'paths', 'classes', 'tools'],
  class: ['description', ...CLASS_KEYS, 'columns', 'except'],
  tool: ['classes', 'columns', 'paths'],
  detector: ['name', 'class', 'pattern', 'words', 'score', 'match', 'no_match'],
  column: ['class', 'strategy'],
  toolClass: CLASS_KEYS,
};

function kindOf(path: readonly PropertyKey[]): keyof typeof KEYS {
  if (path.length === 0) return 'top';
  if (path[0] === 'classes') return 'class';
  if (path[0] === 'detectors') return 'detector';
  if (path[0] === 'paths' || path[2] === 'columns' || path[2] === 'paths') return 'column';
  return path.length === 2 ? 'tool' : 'toolClass';
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(step))?.[1];
  }
  return value;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  return JSON.stringify(value) ?? 'missing';
}

/** Where a path was written; where its nearest ancestor was, if it is not in the document. */
function offsetOf(document: Document, path: readonly PropertyKey[], key: boolean): number | null {
  const steps = path.map(String);
  const last = steps.at(-1);
  if (key && last !== undefined) {
    const parent = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === last)
      : undefined;
    if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length >= 0; length--) {
    const inside = path.slice(0, length).map((step) => (typeof step === 'number' ? step : String(step)));
    const node = length === 0 ? document.contents : document.getIn(inside, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}
