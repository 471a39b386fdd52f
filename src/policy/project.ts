import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import { WHOLE } from './reads.ts';
import type { ReadNode } from './reads.ts';
import type { ContextType, RecordContext } from './context-type.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** A value that its type can't carry into a policy. Names a place and an expectation, never the value. */
export class Misfit {
  readonly path: string;
  readonly problem: string;
  constructor(path: string, problem: string) {
    this.path = path;
    this.problem = problem;
  }
}

/**
 * Carries a value into Cedar's JSON, cut to what policies read. All of it must have its type; what is read must also
 * be exact, for a number that Cedar would round or refuse must not be decided on.
 *
 * @returns undefined where nothing of it is read.
 */
export function project(
  type: ContextType,
  value: Json,
  reads: ReadNode | undefined,
  path: string,
): CedarValueJson | undefined | Misfit {
  switch (type.kind) {
    case 'string':
      if (typeof value !== 'string') return new Misfit(path, 'is not a string');
      if (reads === undefined) return undefined;
      // A lone surrogate has no UTF-8 form: two different ones would become the same text.
      return value.isWellFormed() ? value : new Misfit(path, 'is not well-formed Unicode');
    case 'bool':
      if (typeof value !== 'boolean') return new Misfit(path, 'is not a boolean');
      return reads === undefined ? undefined : value;
    case 'long':
      if (typeof value !== 'number' || !Number.isInteger(value)) return new Misfit(path, 'is not an integer');
      if (reads === undefined) return undefined;
      return Number.isSafeInteger(value) ? value + 0 : new Misfit(path, 'is beyond ±(2^53 - 1)');
    case 'decimal':
      if (typeof value !== 'number') return new Misfit(path, 'is not a number');
      return reads === undefined ? undefined : decimal(value, path);
    case 'entity':
      // Only the gateway makes these, as Cedar's JSON.
      return reads === undefined ? undefined : asCedar(value);
    case 'set':
      return projectSet(type.element, value, reads, path);
    case 'record':
      return isObject(value) ? projectRecord(type, value, reads, path) : new Misfit(path, 'is not an object');
  }
}

export type Projected = CedarValueJson | undefined | Misfit;

/** As `project`, of a record. What is `ready` by its name was projected before, and is not looked at again. */
export function projectRecord(
  type: RecordContext,
  value: JsonObject,
  reads: ReadNode | undefined,
  path: string,
  ready?: ReadonlyMap<string, Projected>,
): Record<string, CedarValueJson> | undefined | Misfit {
  const projected: Record<string, CedarValueJson> = {};
  for (const [name, attribute] of type.attributes) {
    const at = path === '' ? name : `${path}.${name}`;
    // Own keys only: `constructor` is not an argument that anyone sent.
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined) {
      if (attribute.required) return new Misfit(at, 'is missing');
      continue;
    }
    const below = reads?.whole === true ? WHOLE : reads?.children.get(name);
    const part = ready?.has(name) === true ? ready.get(name) : project(attribute.type, member, below, at);
    if (part instanceof Misfit) return part;
    if (part !== undefined) projected[name] = part;
  }
  if (type.closed) {
    for (const name of Object.keys(value))
      if (!type.attributes.has(name) && value[name] !== undefined)
        return new Misfit(path, 'has a property that its schema does not name');
  }
  return reads === undefined ? undefined : projected;
}

/** The type cut to what policies read: what `project` makes is exactly of this type. */
export function narrow(type: RecordContext, reads: ReadNode): RecordContext {
  if (reads.whole) return type;
  const attributes = new Map<string, { readonly type: ContextType; readonly required: boolean }>();
  for (const [name, attribute] of type.attributes) {
    const below = reads.children.get(name);
    if (below === undefined) continue;
    const cut = attribute.type.kind === 'record' ? narrow(attribute.type, below) : attribute.type;
    attributes.set(name, { type: cut, required: attribute.required });
  }
  return { kind: 'record', attributes, closed: type.closed };
}

function projectSet(
  element: ContextType,
  value: Json,
  reads: ReadNode | undefined,
  path: string,
): CedarValueJson | undefined | Misfit {
  if (!Array.isArray(value)) return new Misfit(path, 'is not an array');
  const members: CedarValueJson[] = [];
  for (const [index, member] of value.entries()) {
    const part = project(element, member, reads === undefined ? undefined : WHOLE, `${path}[${index}]`);
    if (part instanceof Misfit) return part;
    if (part !== undefined) members.push(part);
  }
  return reads === undefined ? undefined : members;
}

/** Cedar's decimals have four fraction digits and 64 bits. */
const LARGEST_DECIMAL = 922_337_203_685_477;

function decimal(value: number, path: string): CedarValueJson | Misfit {
  if (Math.abs(value) > LARGEST_DECIMAL) return new Misfit(path, `is beyond ±${LARGEST_DECIMAL}`);
  const text = value.toFixed(4);
  if (Number(text) !== value) return new Misfit(path, 'has more than four fraction digits');
  return { __extn: { fn: 'decimal', arg: text } };
}

function asCedar(value: Json): CedarValueJson | undefined {
  if (!isObject(value)) return undefined;
  const { type, id } = value;
  return typeof type === 'string' && typeof id === 'string' ? { __entity: { type, id } } : undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
