import type { Json, JsonObject } from '../model/json.ts';

/** What is done with a lone surrogate in a value, which canonical JSON can't hold (RFC 8785, section 3.2.2.2). */
export type LoneSurrogates = 'refuse' | 'replace';

/**
 * The canonical bytes of a JSON value, by RFC 8785 (JCS), with one thing less: numbers are integers within ±(2^53 − 1).
 * A fraction has a shortest form that programs disagree on, and nothing in an event needs one.
 *
 * Throws `TypeError` for a fraction, a number out of range, a value that is not JSON, and a lone surrogate: in a key
 * always, in a value unless told to put U+FFFD in its place. A property that is `undefined` is absent.
 */
export function canonicalJson(value: Json, lone: LoneSurrogates = 'refuse'): string {
  if (value === null) return 'null';
  // ECMAScript's own escapes are those of section 3.2.2.2.
  if (typeof value === 'string')
    return lone === 'replace' ? JSON.stringify(value.toWellFormed()) : canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object') throw new TypeError(`canonical JSON has no ${typeof value}`);
  return isArray(value) ? canonicalArray(value, lone) : canonicalObject(value, lone);
}

function canonicalArray(values: readonly Json[], lone: LoneSurrogates): string {
  let text = '';
  // By index, so that a hole is met, which no JSON has.
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) throw new TypeError('canonical JSON has no undefined');
    text += index === 0 ? canonicalJson(value, lone) : `,${canonicalJson(value, lone)}`;
  }
  return `[${text}]`;
}

function canonicalObject(object: JsonObject, lone: LoneSurrogates): string {
  let text = '';
  for (const key of sortedKeys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalKey(key)}:${canonicalJson(value, lone)}`;
  }
  return `{${text}}`;
}

/** In the order of UTF-16 code units, which section 3.2.3 asks for, and which both `sort()` and `>` go by. */
function sortedKeys(object: JsonObject): readonly string[] {
  const keys = Object.keys(object);
  let before = '';
  for (const key of keys) {
    if (before > key) return keys.sort();
    before = key;
  }
  return keys;
}

/** Keys of events are few and ours. To quote them afresh was half of the time of an entry. */
const quotedKeys = new Map<string, string>();
const MAX_QUOTED_KEYS = 1_000;
const MAX_QUOTED_LENGTH = 64;

function canonicalKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = canonicalString(key);
  if (quotedKeys.size < MAX_QUOTED_KEYS && key.length <= MAX_QUOTED_LENGTH) quotedKeys.set(key, quoted);
  return quoted;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}

function canonicalNumber(number: number): string {
  if (!Number.isSafeInteger(number)) {
    throw new TypeError('canonical JSON of this record has integers within ±(2^53 − 1) only');
  }
  // Minus zero is written as 0 (section 3.2.2.3), as String does.
  return String(number);
}

/** `Array.isArray` as a guard loses the readonly kind. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
