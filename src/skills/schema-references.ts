import type { Json, JsonObject } from '../model/json.ts';
import { childSchemas, isObject } from './json-schema-keywords.ts';
import { didYouMean } from './nearest.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** Schemas after every reference is written out: references to references multiply. */
const MAX_EXPANDED = 5000;
const POINTER = /^#\/\$defs\/[^/]+$/;

/**
 * Follows each `$ref`. It must name one of the schema's own `$defs`, and never lead back to itself: Cedar has no
 * recursive types, and a validator that recurses as deep as an attacker likes ends the process.
 */
export function followReferences(root: JsonObject): readonly SchemaProblem[] {
  const definitions = isObject(root['$defs']) ? root['$defs'] : {};
  const problems: SchemaProblem[] = [];
  const reported = new Set<JsonObject>();
  let expanded = 0;

  const problem = (
    schema: JsonObject,
    path: SchemaProblem['path'],
    message: string,
    suggestion = {},
  ): void => {
    if (!reported.has(schema)) {
      problems.push({ path: [...path, '$ref'], at: 'value', message, severity: 'error', ...suggestion });
    }
    reported.add(schema);
  };

  const visit = (schema: JsonObject, path: SchemaProblem['path'], inside: readonly string[]): void => {
    if (++expanded > MAX_EXPANDED) return;
    const ref: Json | undefined = schema['$ref'];
    if (typeof ref === 'string') {
      const name = ref.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
      const target = definitions[name];
      if (!POINTER.test(ref))
        problem(schema, path, 'expected a reference of the form #/$defs/name, inside this schema');
      else if (!Object.hasOwn(definitions, name) || target === undefined) {
        problem(schema, path, `"${name}" is not among the $defs`, didYouMean(name, Object.keys(definitions)));
      } else if (inside.includes(name))
        problem(schema, path, `"${name}" refers to itself; arguments cannot be recursive`);
      else if (isObject(target)) visit(target, ['$defs', name], [...inside, name]);
    }
    for (const child of childSchemas(schema)) {
      // A definition matters where it is used, and is checked once more here for those that are not.
      if (child.keyword !== '$defs') visit(child.schema, [...path, ...child.path], inside);
      else visit(child.schema, [...path, ...child.path], [String(child.path[1])]);
    }
  };

  visit(root, [], []);
  if (expanded > MAX_EXPANDED) {
    const message = `the schema has more than ${MAX_EXPANDED} parts when its references are written out`;
    problems.push({ path: [], at: 'value', message, severity: 'error' });
  }
  return problems;
}
