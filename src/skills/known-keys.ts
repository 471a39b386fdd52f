import { z } from 'zod';
import type { Json } from '../model/json.ts';

/**
 * The keys that a zod schema knows for the object at `path`, so that an unknown key can be answered with the
 * nearest known one. Of a union the branches that fit the literals in `value` speak (`kind: sqlite`).
 */
export function knownKeys(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  value: Json,
): readonly string[] {
  const keys = new Set(objectsAt(schema, path, value).flatMap((object) => Object.keys(object.shape)));
  return [...keys];
}

function objectsAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  value: Json | undefined,
): readonly z.ZodObject[] {
  const inner = unwrapped(schema);
  if (inner !== undefined) return objectsAt(inner, path, value);
  if (schema instanceof z.ZodUnion) {
    const all = schema.options.flatMap((option) => objectsAt(option, [], value));
    const fitting = all.filter((object) => fits(object, value));
    const objects =
      path.length === 0 ? fitting : schema.options.flatMap((option) => objectsAt(option, path, value));
    return objects.length > 0 || path.length > 0 ? objects : all;
  }
  const [step, ...rest] = path;
  if (step === undefined) return schema instanceof z.ZodObject ? [schema] : [];
  const below = memberOf(value, step);
  if (schema instanceof z.ZodObject) {
    const member: unknown = schema.shape[String(step)];
    return member instanceof z.core.$ZodType ? objectsAt(member, rest, below) : [];
  }
  if (schema instanceof z.ZodRecord) return objectsAt(schema.valueType, rest, below);
  if (schema instanceof z.ZodArray) return objectsAt(schema.element, rest, below);
  return [];
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  ) {
    return schema.def.innerType;
  }
  if (schema instanceof z.ZodPipe) return schema.def.in;
  if (schema instanceof z.ZodLazy) return schema.def.getter();
  return undefined;
}

/** Whether each literal that the object asks for is the one in the value. */
function fits(object: z.ZodObject, value: Json | undefined): boolean {
  return Object.entries(object.shape).every(
    ([key, member]) => !(member instanceof z.ZodLiteral) || member.safeParse(memberOf(value, key)).success,
  );
}

function memberOf(value: Json | undefined, step: PropertyKey): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === String(step))?.[1];
}
