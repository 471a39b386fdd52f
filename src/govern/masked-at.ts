import type { Json, JsonObject } from '../model/json.ts';

/** Of places, and of characters in their names: an agent may choose the keys, and an entry of the log is bounded. */
const MOST_PLACES = 32;
const MOST_CHARACTERS = 1_000;

/**
 * JSON pointers (RFC 6901), from `at` on, to what masking changed. Where a list or a key was changed, to the whole list or
 * object; where that would be too many, `at` itself. Names are those that masking left alone.
 */
export function maskedAt(at: string, before: Json, after: Json): readonly string[] {
  const places = changes(at, before, after);
  const characters = places.reduce((sum, { length }) => sum + length, 0);
  return places.length > MOST_PLACES || characters > MOST_CHARACTERS ? [at] : places;
}

/** Masking hands back the very same where it changed nothing, so that what is equal is not walked. */
function changes(at: string, before: Json, after: Json): readonly string[] {
  if (before === after) return [];
  if (!isObject(before) || !isObject(after)) return [at];
  const names = Object.keys(before);
  if (names.some((name) => !Object.hasOwn(after, name)) || Object.keys(after).length !== names.length)
    return [at];
  return names.flatMap((name) =>
    changes(
      `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      before[name] ?? null,
      after[name] ?? null,
    ),
  );
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
