import type { Json, JsonObject } from '../model/json.ts';

/**
 * The canonical bytes of a JSON value, by RFC 8785 (JCS), with one thing less: numbers are integers within ±(2^53 − 1).
 * A fraction has a shortest form that programs disagree on, and nothing in an event needs one.
 *
 * Throws `TypeError` for a fraction, a number out of range, a lone surrogate (RFC 8785, section 3.2.2.2), and a value
 * that is not JSON. A property that is `undefined` is absent.
 */
export function canonicalJson(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object') throw new TypeError(`canonical JSON has no ${typeof value}`);
  return isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value);
}

function canonicalObject(object: JsonObject): string {
  let text = '';
  // The default order of sort() is that of UTF-16 code units, which is the order section 3.2.3 asks for.
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogates');
  // ECMAScript's own escapes are those of section 3.2.2.2.
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
