import type { JsonObject } from '../model/json.ts';
import { isObject } from './json-schema-keywords.ts';
import { didYouMean } from './nearest.ts';

interface Problem {
  readonly message: string;
  readonly suggestion?: string;
}

/** Why an argument is not a text in every call; undefined where it is. */
export function requiredStringProblem(input: JsonObject, argument: string): Problem | undefined {
  const properties = isObject(input['properties']) ? input['properties'] : {};
  const names = Object.keys(properties);
  const property = Object.hasOwn(properties, argument) ? properties[argument] : undefined;
  if (property === undefined) {
    const message = `"${argument}" is not a property of input; expected one of ${names.join(', ') || '(none)'}`;
    return { message, ...didYouMean(argument, names) };
  }
  if (!isObject(property) || property['type'] !== 'string')
    return { message: `the property "${argument}" of input is not a string; expected type: string` };
  const required = Array.isArray(input['required']) && input['required'].includes(argument);
  if (required) return undefined;
  return {
    message: `the property "${argument}" is not required`,
    suggestion: `required: [${argument}]`,
  };
}
