import type { Json, JsonObject } from '../model/json.ts';
import { createAjv, FORMATS } from './ajv.ts';
import { childSchemas, isObject, KEYWORDS } from './json-schema-keywords.ts';
import { patternProblem } from './linear-pattern.ts';
import { didYouMean } from './nearest.ts';
import { isArgumentName, RESERVED_NAMES } from './reserved-names.ts';
import type { SchemaProblem } from './schema-problem.ts';
import { followReferences } from './schema-references.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** `uniqueItems` compares each item with each: 1,000 items are half a million comparisons, about 20 ms. */
const MAX_UNIQUE_ITEMS = 1000;

const ajv = createAjv({ allErrors: true, checksSchemas: true });

/**
 * Everything that is wrong with the input schema of a tool. It must be JSON Schema 2020-12 of `type: object`, refer
 * to nothing outside itself, and cost linear time on arguments that an attacker chose.
 */
export function checkInputSchema(schema: JsonObject): readonly SchemaProblem[] {
  const structural = [...againstMetaSchema(schema)];
  if (structural.length > 0) return structural;
  const problems = [...checkRoot(schema), ...checkBelow(schema, []), ...followReferences(schema)];
  if (problems.some((problem) => problem.severity === 'error')) return problems;
  return [...problems, ...compiles(schema)];
}

/** The schema with every object closed that does not say otherwise: an argument nobody named is not decided on. */
export function closeObjects(schema: JsonObject): JsonObject {
  const closed: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties' && isObject(value)) {
      closed[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, below]) => [name, isObject(below) ? closeObjects(below) : below]),
      );
    } else if (keyword === 'items' && isObject(value)) closed[keyword] = closeObjects(value);
    else closed[keyword] = value;
  }
  return isOpenObject(schema) ? { ...closed, additionalProperties: false } : closed;
}

/** Left alone where another keyword adds properties: `false` would refuse what that keyword names. */
function isOpenObject(schema: JsonObject): boolean {
  const decides = [
    'additionalProperties',
    'unevaluatedProperties',
    'patternProperties',
    '$ref',
    'allOf',
    'anyOf',
  ];
  const object = schema['type'] === 'object' || 'properties' in schema;
  return object && ![...decides, 'oneOf', 'if'].some((keyword) => keyword in schema);
}

function error(path: SchemaProblem['path'], message: string, at: 'key' | 'value' = 'value'): SchemaProblem {
  return { path, at, message, severity: 'error' };
}

function againstMetaSchema(schema: JsonObject): readonly SchemaProblem[] {
  const dialect = schema['$schema'];
  if (dialect !== undefined && dialect !== DIALECT) {
    return [error(['$schema'], `expected ${DIALECT}, or no $schema at all`)];
  }
  if (ajv.validateSchema(schema) === true) return [];
  const problems = new Map<string, SchemaProblem>();
  for (const { instancePath, message, params } of ajv.errors ?? []) {
    if (problems.has(instancePath)) continue;
    const path = instancePath.split('/').slice(1).map(unescapePointer);
    const allowed: unknown = params['allowedValues'];
    const expected = Array.isArray(allowed)
      ? `must be one of ${allowed.join(', ')}`
      : (message ?? 'is not valid');
    problems.set(instancePath, error(path, `not a valid JSON Schema: this ${expected}`));
  }
  return [...problems.values()];
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function* checkRoot(schema: JsonObject): Generator<SchemaProblem> {
  if (schema['type'] === undefined) yield error([], '"type" is missing; expected type: object');
  else if (schema['type'] !== 'object')
    yield error(['type'], 'expected type: object, for arguments are named');
  const additional = schema['additionalProperties'];
  if (additional !== undefined && additional !== false) {
    yield error(
      ['additionalProperties'],
      'expected false: policies decide on the arguments that the schema names',
    );
  }
  if (isObject(schema['properties'])) {
    for (const name of Object.keys(schema['properties'])) {
      if (isArgumentName(name)) continue;
      const expected =
        'a letter or _, then letters, digits and _, and no name that Cedar or JavaScript reserves';
      yield error(
        ['properties', name],
        `the argument name is not usable in policies and SQL; expected ${expected}`,
        'key',
      );
    }
  }
}

function* checkBelow(schema: JsonObject, path: SchemaProblem['path']): Generator<SchemaProblem> {
  for (const keyword of Object.keys(schema)) {
    if (KEYWORDS.has(keyword)) continue;
    const message = `unknown keyword "${keyword}"; expected one of JSON Schema 2020-12 that stay inside the schema`;
    yield { ...error([...path, keyword], message, 'key'), ...didYouMean(keyword, KEYWORDS) };
  }
  const { format, pattern, patternProperties, properties, required } = schema;
  if (typeof format === 'string' && !FORMATS.some((known) => known === format)) {
    const message = `unknown format; expected one of ${FORMATS.join(', ')}`;
    yield { ...error([...path, 'format'], message), ...didYouMean(format, FORMATS) };
  }
  if (typeof pattern === 'string') yield* checkPattern(pattern, [...path, 'pattern'], 'value');
  for (const key of isObject(patternProperties) ? Object.keys(patternProperties) : []) {
    yield* checkPattern(key, [...path, 'patternProperties', key], 'key');
  }
  if (schema['uniqueItems'] === true && !(Number(schema['maxItems'] ?? Infinity) <= MAX_UNIQUE_ITEMS)) {
    yield error(
      [...path, 'uniqueItems'],
      `uniqueItems needs maxItems of at most ${MAX_UNIQUE_ITEMS} beside it`,
      'key',
    );
  }
  const named = isObject(properties) ? Object.keys(properties) : [];
  for (const name of named.filter((each) => path.length > 0 && RESERVED_NAMES.has(each))) {
    yield error([...path, 'properties', name], 'this name is reserved', 'key');
  }
  for (const [index, name] of (Array.isArray(required) ? required : []).entries()) {
    if (typeof name !== 'string' || named.includes(name) || !isOpenObject({ ...schema, type: 'object' }))
      continue;
    const message = `"${name}" is required but is not among the properties`;
    yield { ...error([...path, 'required', index], message), ...didYouMean(name, named) };
  }
  const additional = schema['additionalProperties'];
  if (path.length > 0 && additional !== undefined && additional !== false) {
    const message = 'policies cannot see members that the schema does not name; expected false';
    yield { ...error([...path, 'additionalProperties'], message), severity: 'warning' };
  }
  for (const child of childSchemas(schema)) yield* checkBelow(child.schema, [...path, ...child.path]);
}

function* checkPattern(
  pattern: string,
  path: SchemaProblem['path'],
  at: 'key' | 'value',
): Generator<SchemaProblem> {
  const problem = patternProblem(pattern);
  if (problem !== undefined) yield error(path, `the pattern is not usable: ${problem}`, at);
}

/** What ajv's strict mode still finds: keywords without a type, formats on numbers, overlapping patterns. */
function compiles(schema: JsonObject): readonly SchemaProblem[] {
  try {
    ajv.compile(schema);
    return [];
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : 'it does not compile';
    return [error([], `not a valid JSON Schema: ${message.replace(/^strict mode: /, '')}`)];
  } finally {
    ajv.removeSchema(schema);
  }
}
