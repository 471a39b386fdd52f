import { preparsePolicySet, preparseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import type { CheckParseAnswer, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Policy } from './policy.ts';

/**
 * Names under which parsed policies and schemas lie in Cedar's memory. Cedar has no call that frees one, so names are
 * used again and what lies under an idle one is empty: a gateway that reloads for months must not grow.
 */
export interface Slots {
  /** Parses policies. Equal sets share one slot. */
  policySet(policies: readonly Policy[]): string;
  schema(schema: SchemaJson<string>): string;
  /** Empties all. Nothing may be decided by them afterwards. */
  release(): void;
}

const EMPTY_SCHEMA: SchemaJson<string> = { '': { entityTypes: {}, actions: {} } };

const idlePolicySets: string[] = [];
const idleSchemas: string[] = [];
let made = 0;

export function openSlots(): Slots {
  const policySets = new Map<string, string>();
  const schemas = new Map<string, string>();

  return {
    policySet(policies) {
      const key = JSON.stringify(policies.map((policy) => policy.id));
      return take(policySets, key, idlePolicySets, 'policies', (name) =>
        preparsePolicySet(name, {
          staticPolicies: Object.fromEntries(policies.map((policy) => [policy.id, policy.text])),
        }),
      );
    },
    schema(schema) {
      return take(schemas, JSON.stringify(schema), idleSchemas, 'schema', (name) =>
        preparseSchema(name, schema),
      );
    },
    release() {
      for (const name of policySets.values()) {
        preparsePolicySet(name, { staticPolicies: {} });
        idlePolicySets.push(name);
      }
      for (const name of schemas.values()) {
        preparseSchema(name, EMPTY_SCHEMA);
        idleSchemas.push(name);
      }
      policySets.clear();
      schemas.clear();
    },
  };
}

function take(
  taken: Map<string, string>,
  key: string,
  idle: string[],
  kind: string,
  parse: (name: string) => CheckParseAnswer,
): string {
  const known = taken.get(key);
  if (known !== undefined) return known;
  const name = idle.pop() ?? `sallyport ${kind} ${++made}`;
  taken.set(key, name);
  const parsed = parse(name);
  // What comes here was validated.
  if (parsed.type === 'failure')
    throw new Error(
      `Cedar refuses what it validated: ${parsed.errors.map((error) => error.message).join('; ')}`,
    );
  return name;
}
