import type { JsonObject } from '../model/json.ts';
import { isObject } from './json-schema-keywords.ts';
import { didYouMean } from './nearest.ts';
import type { DeclaredTool } from './schema.ts';

/** A token of the longest value that has one. */
const LONGEST_TOKEN = 520;

const REFUSING = ['format', 'pattern', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'not', '$ref'];

/** What keeps tokens from being turned back in an argument. */
export function revealProblem(
  argument: string,
  dataClass: string,
  { sql, inspect = {} }: DeclaredTool,
  input: JsonObject,
  dataClasses: readonly string[],
): { readonly message: string; readonly at?: 'key'; readonly suggestion?: string } | undefined {
  const properties = isObject(input['properties']) ? input['properties'] : {};
  const property = Object.hasOwn(properties, argument) ? properties[argument] : undefined;
  if (property === undefined) {
    const names = Object.keys(properties);
    const message = `there is no argument "${argument}"; expected one of ${names.join(', ') || '(none)'}`;
    return { at: 'key', message, ...didYouMean(argument, names) };
  }
  if (!dataClasses.includes(dataClass)) {
    const message = `unknown data class "${dataClass}"; expected one of ${dataClasses.join(', ')}`;
    return { message, ...didYouMean(dataClass, dataClasses) };
  }
  // A statement or a command is inspected with the token in it, and would run with something else.
  if (typeof sql !== 'string')
    return {
      at: 'key',
      message: 'the agent writes the statement; tokens are turned back only for a fixed one',
    };
  if (Object.hasOwn(inspect, argument))
    return {
      at: 'key',
      message: `"${argument}" is inspected, and would run with another text than was inspected`,
    };
  if (!isObject(property) || property['type'] !== 'string')
    return { at: 'key', message: `"${argument}" is not of type string` };
  const refusing = REFUSING.find((keyword) => Object.hasOwn(property, keyword));
  if (refusing !== undefined)
    return {
      at: 'key',
      message: `"${argument}" has ${refusing}, which a token may not fit`,
      suggestion: 'describe what is expected, and let the statement find nothing for anything else',
    };
  const longest = property['maxLength'];
  if (typeof longest === 'number' && longest < LONGEST_TOKEN)
    return {
      at: 'key',
      message: `"${argument}" has at most ${longest} characters; a token may have ${LONGEST_TOKEN}`,
    };
  return undefined;
}
