import type { Json } from '../model/json.ts';

/**
 * The settings of a file as they are written there, by their paths: a reference such as `${env:CRM_URL}` by its name, and
 * null where a secret stands in the file itself. What goes on record of a configuration: no value of a secret is in it, nor
 * anything that was made from one.
 */
export type WrittenSettings = ReadonlyMap<string, string | null>;

/** `document` before any reference in it was followed. */
export function writtenSettings(document: Json): WrittenSettings {
  const settings = new Map<string, string | null>();
  walk(document, '', settings);
  return settings;
}

/** Names of settings whose value, where it is no reference, is a secret. */
const SECRET_NAME = /secret|password|passphrase|token|credential|api_?key/i;

function walk(value: Json, path: string, settings: Map<string, string | null>): void {
  if (typeof value === 'object' && value !== null && !isList(value)) {
    for (const [key, below] of Object.entries(value))
      walk(below, path === '' ? key : `${path}.${key}`, settings);
    return;
  }
  if (isList(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    for (const [at, item] of value.entries()) walk(item, `${path}.${at}`, settings);
    return;
  }
  const name = path.slice(path.lastIndexOf('.') + 1);
  const texts = isList(value) ? value : [value];
  settings.set(path, texts.some((text) => isSecret(name, text)) ? null : JSON.stringify(value));
}

/** One whole reference names a secret and holds none. */
const REFERENCE = /^\$\{(?:env|file):[^{}]*\}$/;

function isSecret(name: string, value: Json): boolean {
  if (typeof value !== 'string' || REFERENCE.test(value)) return false;
  // A URL with somebody in it, or with a query, where keys are passed as well.
  return SECRET_NAME.test(name) || (value.includes('://') && /[@?]/.test(value));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
