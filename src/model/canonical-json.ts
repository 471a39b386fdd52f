import type { Json, JsonObject } from './json.ts';

export interface CanonicalOptions {
  /**
   * `integers`: within ±(2^53 − 1), for what other programs read again: fractions have a shortest form that programs
   * disagree on. `any`: ECMAScript's shortest form of every number, as RFC 8785 has it.
   */
  readonly numbers: 'integers' | 'any';
  /**
   * What is done with a lone surrogate, which RFC 8785 refuses (section 3.2.2.2). `replace`: U+FFFD, in values; in a key
   * it is refused. `escape`: the escape that ECMAScript gives it, so that two different ones stay different.
   */
  readonly lone: 'refuse' | 'replace' | 'escape';
}

const STRICT: CanonicalOptions = { numbers: 'integers', lone: 'refuse' };

/** Text that nothing is escaped in, as most words of an entry are: 26 ns instead of the 64 that ECMAScript takes to see it. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** Above it, ECMAScript is as fast. */
const MAX_PLAIN_LENGTH = 100;

/**
 * The canonical text of a JSON value, by RFC 8785 (JCS), in which one value has one text.
 *
 * Throws `TypeError` for a number or a lone surrogate that the options don't allow, and for what is not JSON. A property
 * that is `undefined` is absent.
 */
export function canonicalJson(value: Json, options: CanonicalOptions = STRICT): string {
  const { lone, numbers } = options;
  if (value === null) return 'null';
  // ECMAScript's own escapes are those of section 3.2.2.2.
  if (typeof value === 'string') {
    if (value.length <= MAX_PLAIN_LENGTH && PLAIN.test(value)) return `"${value}"`;
    return lone === 'replace' ? JSON.stringify(value.toWellFormed()) : canonicalString(value, lone);
  }
  if (typeof value === 'number') return canonicalNumber(value, numbers);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object') throw new TypeError(`canonical JSON has no ${typeof value}`);
  return isArray(value) ? canonicalArray(value, options) : canonicalObject(value, options);
}

function canonicalArray(values: readonly Json[], options: CanonicalOptions): string {
  let text = '';
  // By index, so that a hole is met, which no JSON has.
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) throw new TypeError('canonical JSON has no undefined');
    text += index === 0 ? canonicalJson(value, options) : `,${canonicalJson(value, options)}`;
  }
  return `[${text}]`;
}

function canonicalObject(object: JsonObject, options: CanonicalOptions): string {
  let text = '';
  for (const key of sortedKeys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalKey(key, options.lone)}:${canonicalJson(value, options)}`;
  }
  return `{${text}}`;
}

/** Objects of events have fewer, and to insert takes a quarter of the time of `sort()`; of many it would be quadratic. */
const MAX_INSERTED_KEYS = 16;

/** In the order of UTF-16 code units, which section 3.2.3 asks for, and which both `sort()` and `>` go by. */
function sortedKeys(object: JsonObject): readonly string[] {
  const keys = Object.keys(object);
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    if (key >= (keys[at - 1] ?? '')) continue;
    if (keys.length > MAX_INSERTED_KEYS) return keys.sort();
    let to = at;
    for (; to > 0 && (keys[to - 1] ?? '') > key; to -= 1) keys[to] = keys[to - 1] ?? '';
    keys[to] = key;
  }
  return keys;
}

/** Keys of events are few and ours. To quote them afresh was half of the time of an entry. */
const quotedKeys = new Map<string, string>();
const MAX_QUOTED_KEYS = 1_000;
const MAX_QUOTED_LENGTH = 64;

function canonicalKey(key: string, lone: CanonicalOptions['lone']): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = canonicalString(key, lone);
  // One that is not well formed is quoted in one mode and refused in the others.
  if (key.isWellFormed() && quotedKeys.size < MAX_QUOTED_KEYS && key.length <= MAX_QUOTED_LENGTH)
    quotedKeys.set(key, quoted);
  return quoted;
}

function canonicalString(text: string, lone: CanonicalOptions['lone']): string {
  if (lone !== 'escape' && !text.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}

function canonicalNumber(number: number, numbers: CanonicalOptions['numbers']): string {
  if (numbers === 'any' ? !Number.isFinite(number) : !Number.isSafeInteger(number)) {
    throw new TypeError(
      numbers === 'any'
        ? 'JSON has no such number'
        : 'canonical JSON of this record has integers within ±(2^53 − 1) only',
    );
  }
  // Minus zero is written as 0 (section 3.2.2.3), as String does.
  return String(number);
}

/** `Array.isArray` as a guard loses the readonly kind. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
