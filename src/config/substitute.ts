import { resolve } from 'node:path';
import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import { didYouMean } from '../skills/nearest.ts';
import type { YamlDocument, YamlPath } from '../skills/yaml-document.ts';

export interface SubstituteOptions {
  readonly document: YamlDocument;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative `${file:…}` paths start here. */
  readonly directory: string;
  /** Throws where the file cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
}

export interface Substituted {
  readonly value: Json;
  readonly errors: readonly LoadError[];
  /** Every value that came from outside the file: nothing of it may be shown. */
  readonly secrets: readonly string[];
}

const SOURCES = ['env', 'file'] as const;
/** `$${` stands for a plain `${`. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const MAX_FILE = 64 * 1024;

/**
 * Replaces `${env:NAME}` and `${file:path}` in every string of the document. What comes in is taken as it is: a
 * reference inside it is not followed, and it stays a string, so it cannot change the structure of the file.
 */
export async function substitute(options: SubstituteOptions): Promise<Substituted> {
  const { document } = options;
  const errors: LoadError[] = [];
  const secrets = new Set<string>();

  const resolved = async (text: string, path: YamlPath): Promise<string> => {
    let result = '';
    let end = 0;
    for (const match of text.matchAll(REFERENCE)) {
      result += text.slice(end, match.index);
      end = match.index + match[0].length;
      if (match[0] === '$${') {
        result += '${';
        continue;
      }
      const looked = await lookUp(match[1], options);
      if (looked.ok) {
        result += looked.value;
        secrets.add(looked.value);
      } else {
        const { message, suggestion } = looked;
        errors.push({
          file: document.file,
          ...document.positionOf(path, 'value', match.index),
          message: `${path.join('.')}: ${message}`,
          ...(suggestion === undefined ? {} : { suggestion }),
        });
      }
    }
    return result + text.slice(end);
  };

  const walk = async (value: Json, path: YamlPath): Promise<Json> => {
    if (typeof value === 'string') return value.includes('${') ? resolved(value, path) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items: Json[] = [];
      for (const [i, item] of value.entries()) items.push(await walk(item, [...path, i]));
      return items;
    }
    const members: Record<string, Json> = {};
    for (const [key, below] of Object.entries(value)) members[key] = await walk(below, [...path, key]);
    return members;
  };

  return { value: await walk(document.value, []), errors, secrets: [...secrets] };
}

type LookedUp =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string };

async function lookUp(reference: string | undefined, options: SubstituteOptions): Promise<LookedUp> {
  const match = /^([a-z]+):(.+)$/.exec(reference ?? '');
  const source = match?.[1] ?? '';
  const name = match?.[2] ?? '';
  if (match === null) {
    return {
      ok: false,
      message: 'found ${ without a source and a name; expected ${env:NAME} or ${file:path}',
      suggestion: 'write $${ for a plain ${',
    };
  }
  if (source === 'env') return fromEnvironment(name, options.env);
  if (source === 'file') return fromFile(name, options);
  const message = `unknown source "${source}"; expected ${SOURCES.join(' or ')}`;
  return { ok: false, message, ...didYouMean(source, SOURCES) };
}

function fromEnvironment(name: string, env: SubstituteOptions['env']): LookedUp {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return { ok: true, value };
  if (value === '')
    return { ok: false, message: `the environment variable ${name} is empty; expected a value` };
  return {
    ok: false,
    message: `the environment variable ${name} is not set`,
    ...didYouMean(name, Object.keys(env)),
  };
}

async function fromFile(name: string, { directory, readFile }: SubstituteOptions): Promise<LookedUp> {
  try {
    const text = await readFile(resolve(directory, name));
    // Editors and `echo` end a file with a line break, and no secret ends with one.
    const value = text.replace(/\r?\n$/, '');
    if (value === '') return { ok: false, message: `the file ${name} is empty; expected a value` };
    if (text.length > MAX_FILE)
      return { ok: false, message: `the file ${name} is longer than ${MAX_FILE} characters` };
    return { ok: true, value };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { ok: false, message: `the file ${name} cannot be read (${code})` };
  }
}
