import { BOOL, DECIMAL, LONG, STRING } from './context-type.ts';
import type { Attribute, ContextType, RecordContext } from './context-type.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** An argument that a policy can't see, and why. */
export interface Omitted {
  /** From the context: `['input', 'note']`. */
  readonly path: readonly string[];
  readonly why: string;
}

export interface InputType {
  readonly type: RecordContext;
  readonly omitted: readonly Omitted[];
}

type Expressed =
  | { readonly ok: true; readonly type: ContextType; readonly omitted: readonly Omitted[] }
  | { readonly ok: false; readonly why: string };

/** Keys that Cedar's JSON form gives a meaning of its own, or that JavaScript does. */
const RESERVED = new Set(['__entity', '__extn', '__expr', '__proto__']);

/**
 * What policies can see of a tool's arguments. Every keyword of JSON Schema is a conjunct, so a `type` holds whatever
 * stands beside it (`anyOf`, `$ref`, `if`); without one type of its own, a property is left out rather than guessed.
 */
export function inputType(schema: JsonObject): InputType {
  return recordType(schema, ['input']);
}

function recordType(schema: JsonObject, path: readonly string[]): InputType {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const attributes = new Map<string, Attribute>();
  const omitted: Omitted[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const at = [...path, name];
    const expressed: Expressed = RESERVED.has(name)
      ? { ok: false, why: `${name} has a meaning of its own in Cedar's JSON` }
      : express(property, at);
    if (expressed.ok) {
      attributes.set(name, { type: expressed.type, required: required.has(name) });
      omitted.push(...expressed.omitted);
    } else omitted.push({ path: at, why: expressed.why });
  }
  const closed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined;
  return { type: { kind: 'record', attributes, closed }, omitted };
}

function express(schema: Json, path: readonly string[]): Expressed {
  if (!isObject(schema)) return { ok: false, why: 'its schema names no type' };
  switch (jsonType(schema)) {
    case 'string':
      return plain(STRING);
    case 'integer':
      return plain(LONG);
    case 'number':
      return plain(DECIMAL);
    case 'boolean':
      return plain(BOOL);
    case 'array':
      return expressArray(schema, path);
    case 'object': {
      if (!isObject(schema['properties'])) return { ok: false, why: 'it is an object without `properties`' };
      const { type, omitted } = recordType(schema, path);
      return { ok: true, type, omitted };
    }
    case 'several':
      return { ok: false, why: 'it may have several types (Cedar has no null and no unions)' };
    case 'none':
      return { ok: false, why: 'its schema names no type' };
  }
}

function expressArray(schema: JsonObject, path: readonly string[]): Expressed {
  if (schema['prefixItems'] !== undefined)
    return { ok: false, why: 'it is a tuple, and Cedar has only sets of one type' };
  const element = express(schema['items'] ?? null, path);
  if (!element.ok) return { ok: false, why: 'it is an array whose `items` have no single type' };
  if (element.type.kind === 'record' || element.type.kind === 'set')
    return { ok: false, why: 'it is an array of objects or arrays' };
  return plain({ kind: 'set', element: element.type });
}

type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'several' | 'none';

function jsonType(schema: JsonObject): JsonType {
  const named = schema['type'];
  if (Array.isArray(named)) return named.length === 1 ? asType(named[0]) : 'several';
  if (named !== undefined) return asType(named);
  if (schema['const'] !== undefined) return typeOfValues([schema['const']]);
  const values = schema['enum'];
  return Array.isArray(values) ? typeOfValues(values) : 'none';
}

const JSON_TYPES: readonly JsonType[] = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

function asType(name: Json | undefined): JsonType {
  return JSON_TYPES.find((type) => type === name) ?? 'several';
}

function typeOfValues(values: readonly Json[]): JsonType {
  if (values.length === 0) return 'none';
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => Number.isSafeInteger(value))) return 'integer';
  return 'several';
}

function plain(type: ContextType): Expressed {
  return { ok: true, type, omitted: [] };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
