import type { z } from 'zod';
import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import { knownKeys } from './known-keys.ts';
import { didYouMean } from './nearest.ts';
import type { YamlDocument, YamlPath } from './yaml-document.ts';

type Issue = z.core.$ZodIssue;

export interface SchemaErrorsOptions {
  readonly document: YamlDocument;
  readonly schema: z.core.$ZodType;
  readonly error: z.core.$ZodError;
  /** Where in the document the value that was parsed stands. */
  readonly at?: YamlPath;
  /** Takes secrets out of a sentence that a schema wrote. */
  readonly clean?: (message: string) => string;
}

/**
 * What a schema found wrong, at the line where it was written. Values are quoted from the text of the file, never
 * from what the schema saw (which may have come out of the environment), and only where they look harmless.
 */
export function schemaErrors(options: SchemaErrorsOptions): readonly LoadError[] {
  return options.error.issues.flatMap((issue) => explain(issue, [], options));
}

function explain(
  issue: Issue,
  base: readonly PropertyKey[],
  options: SchemaErrorsOptions,
): readonly LoadError[] {
  const { document, at = [], clean = (message: string) => message } = options;
  const local = [...base, ...issue.path];
  const path = [...at, ...local.map(step)];
  const error = (message: string, key = false, more: { readonly suggestion?: string } = {}): LoadError => ({
    file: document.file,
    ...document.positionOf(path, key ? 'key' : 'value'),
    message,
    ...more,
  });
  const found = valueAt(document.value, path);
  const name = nameOf(path);
  const absent = found === undefined && path.length > 0;
  const missing = (expected: string): LoadError =>
    error(`${nameOf(path.slice(0, -1))}: "${String(path.at(-1))}" is missing; expected ${expected}`);

  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(options.schema, local, valueAt(document.value, at) ?? null);
      const expected = known.length === 0 ? 'no keys here' : `one of ${known.join(', ')}`;
      return issue.keys.map((key) => ({
        file: document.file,
        ...document.positionOf([...path, key], 'key'),
        message: `${name}: unknown key ${quoted(key)}; expected ${expected}`,
        ...didYouMean(key, known),
      }));
    }
    case 'invalid_type': {
      const expected = typeNames[issue.expected] ?? issue.expected;
      return [
        absent ? missing(expected) : error(`${name}: found ${shown(found, path)}; expected ${expected}`),
      ];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const expected = values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
      if (absent) return [missing(expected)];
      const near = typeof found === 'string' ? didYouMean(found, values) : {};
      return [error(`${name}: found ${shown(found, path)}; expected ${expected}`, false, near)];
    }
    case 'invalid_union':
      return union(issue, local, options, { found, path, absent, missing, error });
    case 'invalid_key':
      return [
        error(`${name}: the name is not valid; ${sentence(clean(issue.issues[0]?.message ?? ''))}`, true),
      ];
    case 'custom':
    case 'invalid_format':
    case 'too_big':
    case 'too_small':
    case 'not_multiple_of':
    case 'invalid_element':
      if (absent) return [missing(expectation(clean(issue.message)))];
      return [error(`${name}: found ${shown(found, path)}; ${clean(issue.message)}`)];
  }
}

interface Place {
  readonly found: Json | undefined;
  readonly path: YamlPath;
  readonly absent: boolean;
  readonly missing: (expected: string) => LoadError;
  readonly error: (message: string, key?: boolean, more?: { readonly suggestion?: string }) => LoadError;
}

function union(
  issue: Extract<Issue, { readonly code: 'invalid_union' }>,
  local: readonly PropertyKey[],
  options: SchemaErrorsOptions,
  { found, path, absent, missing, error }: Place,
): readonly LoadError[] {
  if (issue.errors.length === 0) {
    const values = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    const expected = values.length === 0 ? 'another value' : `one of ${values.join(', ')}`;
    if (absent) return [missing(expected)];
    const near = typeof found === 'string' ? didYouMean(found, values) : {};
    return [error(`${nameOf(path)}: found ${shown(found, path)}; expected ${expected}`, false, near)];
  }
  // A branch that was of the right type, and only wrong inside, is the one that was meant.
  const meant = issue.errors
    .filter((branch) => !branch.some((each) => each.path.length === 0 && each.code === 'invalid_type'))
    .sort((a, b) => a.length - b.length)[0];
  if (meant !== undefined) return meant.flatMap((each) => explain(each, local, options));
  const expected = issue.errors.flatMap((branch) =>
    branch.map((each) =>
      each.code === 'invalid_type' ? (typeNames[each.expected] ?? each.expected) : 'a value',
    ),
  );
  const either = [...new Set(expected)].join(' or ');
  return [
    absent ? missing(either) : error(`${nameOf(path)}: found ${shown(found, path)}; expected ${either}`),
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
  array: 'a list',
  null: 'nothing',
};

/** House style: our own messages begin with "expected …"; a library's are full sentences of their own. */
function sentence(message: string): string {
  return message === '' ? 'expected another value' : message;
}

function expectation(message: string): string {
  return message.startsWith('expected ') ? message.slice('expected '.length) : `a value (${message})`;
}

function step(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

/** `connections.crm.url`, or `the file` for the whole of it. */
function nameOf(path: YamlPath): string {
  if (path.length === 0) return 'the file';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`))
    .join('');
}

function valueAt(value: Json, path: YamlPath): Json | undefined {
  let at: Json | undefined = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([key]) => key === String(part))?.[1];
  }
  return at;
}

const SECRET_NAME = /pass|secret|token|key|cred|auth|url|dsn|salt|private/i;
const HARMLESS = /^[\w .,:/\\+*$-]{0,60}$/;

/** What was found, as far as it may be shown. */
function shown(value: Json | undefined, path: YamlPath): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const secret = path.some((part) => SECRET_NAME.test(String(part)));
  // A reference such as ${env:NAME} names where a secret is, and is not one.
  if (typeof value === 'string' && /^\$\{\w+:[^{}$]{1,100}\}$/.test(value)) return `"${value}"`;
  if (secret || !HARMLESS.test(String(value)) || String(value).includes('//'))
    return `a ${typeof value} (not shown)`;
  return typeof value === 'string'
    ? `"${value}"`
    : `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

function quoted(key: string): string {
  return HARMLESS.test(key) ? `"${key}"` : 'of unusual characters';
}
