import { typeAt } from './context-type.ts';
import type { ContextType, RecordContext } from './context-type.ts';
import { readsOf } from './reads.ts';
import { principalInScope } from './scope.ts';
import type { ReadNode } from './reads.ts';
import type { Slice } from './slice.ts';
import type { Principal } from '../model/principal.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** A place in the context, as names from the outside in. */
export type Path = readonly string[];

/** A context of which not everything is known, with something of the right type wherever it is not. */
export interface Completed {
  readonly context: JsonObject;
  readonly notKnown: readonly Path[];
}

/**
 * Puts a value of the right type wherever one is not known or missing, so that what no policy reads can't make the
 * request a misfit. What is put in is never decided on: `hiddenFrom` says whether anything would be read.
 */
export function complete(type: RecordContext, context: JsonObject, notKnown: readonly Path[]): Completed {
  const missing = missingIn(type, context);
  const all = [...notKnown, ...missing];
  return { context: all.reduce((whole, path) => withStandIn(type, whole, path), context), notKnown: all };
}

/** The places, of those that are not known, that policies which can speak of this principal read a value of or below. */
export function hiddenFrom(
  { policies, reads }: Slice,
  principal: Principal,
  notKnown: readonly Path[],
): readonly Path[] {
  const hidden = notKnown.filter((path) => readsValue(reads.context, path));
  if (hidden.length === 0) return hidden;
  // Cedar looks at no condition of a policy that is not about the caller.
  const about = policies.filter((policy) => principalInScope(policy, principal));
  const { context } = readsOf(about.map(({ json }) => json));
  return hidden.filter((path) => readsValue(context, path));
}

/** To ask whether something is there is no reading of it: what is not known is there all the same. */
function readsValue(node: ReadNode, path: Path): boolean {
  let here: ReadNode | undefined = node;
  for (const name of path) {
    if (here.whole) return true;
    here = here.children.get(name);
    if (here === undefined) return false;
  }
  return here.whole || here.children.size > 0;
}

/** Facts may be missing: of earlier records, and of those whose rules did not read them. Arguments may not. */
function missingIn(type: RecordContext, context: JsonObject): readonly Path[] {
  return [...type.attributes].flatMap(([name, attribute]): readonly Path[] => {
    const value = ownValue(context, name);
    if (value === undefined) return attribute.required ? [[name]] : [];
    if (name === 'input' || attribute.type.kind !== 'record' || !isObject(value)) return [];
    return missingIn(attribute.type, value).map((path) => [name, ...path]);
  });
}

function withStandIn(type: RecordContext, context: JsonObject, path: Path): JsonObject {
  const of = typeAt(type, path);
  // Cedar has no type for it, so that no policy reads it and nothing is asked of its value.
  if (of === undefined) return context;
  return put(context, path, standInFor(of));
}

function put(object: JsonObject, [name = '', ...rest]: Path, value: Json): JsonObject {
  const inner = ownValue(object, name);
  const below = rest.length === 0 ? value : put(isObject(inner) ? inner : {}, rest, value);
  return { ...object, [name]: below };
}

function standInFor(type: ContextType): Json {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'long':
    case 'decimal':
      return 0;
    case 'entity':
      return null;
    case 'set':
      return [];
    case 'record':
      return Object.fromEntries(
        [...type.attributes].flatMap(([name, attribute]): readonly [string, Json][] =>
          attribute.required ? [[name, standInFor(attribute.type)]] : [],
        ),
      );
  }
}

function ownValue(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
