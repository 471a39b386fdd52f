import type { Json, JsonObject } from '../model/json.ts';

/** An object as `JSON.parse` makes them. Only for values that came out of `JSON.parse`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJson(
  text: string,
): { readonly ok: true; readonly value: Json } | { readonly ok: false } {
  try {
    const value: Json = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** How deep the arguments of a call may nest. */
export const maxArgumentDepth = 64;

/** Arguments are inside the message and its `params`. */
const maxMessageDepth = maxArgumentDepth + 2;

export type JsonFault = 'too_deep' | 'prototype_key';

/**
 * What is wrong with a parsed message before anything reads it: nesting that would exhaust the stack of a recursive
 * reader further in, or an own key `__proto__`, which changes the prototype of any object it is copied into.
 */
export function jsonFault(message: Json): JsonFault | null {
  return faultBelow(message, maxMessageDepth);
}

function faultBelow(value: Json | undefined, depth: number): JsonFault | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth === 0) return 'too_deep';
  if (isList(value)) {
    for (const item of value) {
      const fault = faultBelow(item, depth - 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'prototype_key';
    const fault = faultBelow(value[key], depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function faultMessage(fault: JsonFault): string {
  switch (fault) {
    case 'too_deep':
      return `Invalid params: arguments nest deeper than ${maxArgumentDepth} levels`;
    case 'prototype_key':
      return 'Invalid params: "__proto__" is not allowed as a key';
  }
}
