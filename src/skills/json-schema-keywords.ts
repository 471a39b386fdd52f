import type { Json, JsonObject } from '../model/json.ts';

/** Keywords whose value is one schema, a list of schemas, or schemas by name. */
const SINGLE = [
  'items',
  'additionalProperties',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const NAMED = ['properties', 'patternProperties', '$defs', 'dependentSchemas'] as const;

const PLAIN = [
  '$schema',
  '$ref',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'type',
  'enum',
  'const',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'required',
  'dependentRequired',
  'contentEncoding',
  'contentMediaType',
];

/**
 * What an input schema may use of JSON Schema 2020-12. Left out: whatever changes the base of references (`$id`,
 * `$anchor`) or resolves them at run time (`$dynamicRef`).
 */
export const KEYWORDS: ReadonlySet<string> = new Set([...PLAIN, ...SINGLE, ...LISTS, ...NAMED]);

interface ChildSchema {
  readonly keyword: string;
  readonly path: readonly (string | number)[];
  readonly schema: JsonObject;
}

/** The schemas directly inside a schema. `true` and `false` are schemas too, but there is nothing in them to check. */
export function childSchemas(schema: JsonObject): readonly ChildSchema[] {
  const children: ChildSchema[] = [];
  const add = (keyword: string, path: ChildSchema['path'], value: Json | undefined): void => {
    if (value !== undefined && isObject(value)) children.push({ keyword, path, schema: value });
  };
  for (const keyword of SINGLE) add(keyword, [keyword], schema[keyword]);
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list)) for (const [i, each] of list.entries()) add(keyword, [keyword, i], each);
  }
  for (const keyword of NAMED) {
    const named = schema[keyword];
    if (named === undefined || !isObject(named)) continue;
    for (const [name, each] of Object.entries(named)) add(keyword, [keyword, name], each);
  }
  return children;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
