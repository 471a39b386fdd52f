import type { Json, JsonObject } from '../model/json.ts';

/**
 * One text for one JSON value, by RFC 8785 (JCS): sorted keys, ECMAScript's own shortest form of numbers, fractions
 * among them. A lone surrogate, which JCS refuses, keeps the escape that ECMAScript gives it: arguments with two
 * different ones must not become the same text, and refusing would leave such a call without a name. A property that
 * is `undefined` is absent.
 */
export function canonicalJson(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number');
  return JSON.stringify(value);
}

function canonicalObject(object: JsonObject): string {
  // The default order of sort() is that of UTF-16 code units, as section 3.2.3 asks.
  const members = Object.keys(object)
    .sort()
    .flatMap((key) => {
      const value = object[key];
      return value === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(value)}`];
    });
  return `{${members.join(',')}}`;
}

/** `Array.isArray` as a guard loses the readonly kind. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
