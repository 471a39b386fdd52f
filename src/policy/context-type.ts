import type { Type } from '@cedar-policy/cedar-wasm/nodejs';

/** What a policy can see of a value: the part of Cedar's types that JSON can be carried into without loss. */
export type ContextType =
  | { readonly kind: 'string' | 'long' | 'bool' | 'decimal' }
  | { readonly kind: 'entity'; readonly name: string }
  | { readonly kind: 'set'; readonly element: ContextType }
  | RecordContext;

export interface RecordContext {
  readonly kind: 'record';
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Whether a key that is not an attribute is an error; otherwise it is left out, for no policy can name it. */
  readonly closed: boolean;
}

export interface Attribute {
  readonly type: ContextType;
  readonly required: boolean;
}

export const STRING: ContextType = { kind: 'string' };
export const LONG: ContextType = { kind: 'long' };
export const BOOL: ContextType = { kind: 'bool' };
export const DECIMAL: ContextType = { kind: 'decimal' };
export const STRINGS: ContextType = { kind: 'set', element: STRING };

/** A closed record all of whose attributes are required. */
export function record(attributes: Readonly<Record<string, ContextType>>): RecordContext {
  const entries = Object.entries(attributes);
  return {
    kind: 'record',
    closed: true,
    attributes: new Map(entries.map(([name, type]) => [name, { type, required: true }])),
  };
}

/** The record with more attributes. */
export function withAttributes(
  base: RecordContext,
  more: Readonly<Record<string, Attribute>>,
): RecordContext {
  return { ...base, attributes: new Map([...base.attributes, ...Object.entries(more)]) };
}

/** The type at a path; undefined where there is none. */
export function typeAt(context: ContextType, path: readonly string[]): ContextType | undefined {
  let here: ContextType | undefined = context;
  for (const name of path) here = here?.kind === 'record' ? here.attributes.get(name)?.type : undefined;
  return here;
}

/** The names of the attributes at a path. */
export function namesAt(context: ContextType, path: readonly string[]): readonly string[] {
  const type = typeAt(context, path);
  return type?.kind === 'record' ? [...type.attributes.keys()] : [];
}

export function toCedarType(type: ContextType): Type<string> {
  switch (type.kind) {
    case 'string':
      return { type: 'String' };
    case 'long':
      return { type: 'Long' };
    case 'bool':
      return { type: 'Boolean' };
    case 'decimal':
      return { type: 'Extension', name: 'decimal' };
    case 'entity':
      return { type: 'Entity', name: type.name };
    case 'set':
      return { type: 'Set', element: toCedarType(type.element) };
    case 'record':
      return {
        type: 'Record',
        attributes: Object.fromEntries(
          [...type.attributes].map(([name, attribute]) => [
            name,
            { ...toCedarType(attribute.type), required: attribute.required },
          ]),
        ),
      };
  }
}
