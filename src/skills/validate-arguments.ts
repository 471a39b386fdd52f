import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../model/json.ts';
import { createAjv } from './ajv.ts';
import { RESERVED_NAMES } from './reserved-names.ts';

type ArgumentsCheck = { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };

export type ValidateArguments = (args: JsonObject) => ArgumentsCheck;

const MAX_DEPTH = 64;
const MAX_PROBLEMS = 10;
/** Arguments with more values than this are told their first problem only: listing all is work for the attacker. */
const MAX_VALUES_TO_LIST = 1000;

// The loader has held every schema against the meta-schema before.
const first = createAjv({ allErrors: false, checksSchemas: false });
const all = createAjv({ allErrors: true, checksSchemas: false });

/**
 * Compiles the input schema of a tool, once, at load: a few milliseconds. A call of two arguments then takes
 * under a microsecond.
 * Problems name paths and expectations and never a value, for a value may be a secret.
 * @throws Error where the schema is not valid: the loader has checked it before.
 */
export function compileArgumentsValidator(schema: JsonObject): ValidateArguments {
  const valid = compile(first, schema);
  // Only arguments that do not fit need the second one; most tools never see any.
  let lister: ReturnType<Ajv2020['compile']> | undefined;
  return (args) => {
    const measured = measure(args);
    if (!measured.ok) return { ok: false, problems: [measured.problem] };
    if (valid(args)) return { ok: true };
    const few = valid.errors;
    const list = measured.values > MAX_VALUES_TO_LIST ? undefined : (lister ??= compile(all, schema));
    const errors = list === undefined || list(args) ? few : list.errors;
    const problems = [...new Set((errors ?? []).map(sentence))].slice(0, MAX_PROBLEMS);
    return {
      ok: false,
      problems: problems.length === 0 ? ['the arguments do not fit the schema'] : problems,
    };
  };
}

function compile(ajv: Ajv2020, schema: JsonObject): ReturnType<Ajv2020['compile']> {
  const validate = ajv.compile(schema);
  // The instance lives as long as the process and would keep every schema of every reload.
  ajv.removeSchema(schema);
  return validate;
}

type Measured =
  { readonly ok: true; readonly values: number } | { readonly ok: false; readonly problem: string };

/**
 * Walks the arguments without recursion, before anything that recurses sees them. Names that Cedar or JavaScript
 * would interpret are refused at any depth: `{"__entity": …}` turns a record into a reference to an entity.
 */
function measure(args: JsonObject): Measured {
  const open: (readonly [Json, number])[] = [[args, 0]];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    values++;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH)
      return { ok: false, problem: `the arguments are nested more than ${MAX_DEPTH} deep` };
    if (Array.isArray(value)) {
      for (const item of value) open.push([item, depth + 1]);
      continue;
    }
    for (const [key, below] of Object.entries(value)) {
      if (RESERVED_NAMES.has(key))
        return { ok: false, problem: `the name ${key} is not allowed in arguments` };
      open.push([below, depth + 1]);
    }
  }
  return { ok: true, values };
}

/** In an object that the schema leaves open, the path holds names that the agent chose. */
const PLAIN_PATH = /^[\w/~-]{0,200}$/;

/** `/limit must be <= 50`: the path is made of names and indexes, the rest comes from the schema. */
function sentence(error: ErrorObject): string {
  const plain = PLAIN_PATH.test(error.instancePath);
  const where = error.instancePath === '' ? 'the arguments' : plain ? error.instancePath : 'an argument';
  const params: Readonly<Record<string, unknown>> = error.params;
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const name = params['additionalProperty'] ?? params['unevaluatedProperty'];
    return `${where} must not have ${printable(name)}`;
  }
  if (error.keyword === 'enum' && Array.isArray(params['allowedValues'])) {
    return `${where} must be one of ${JSON.stringify(params['allowedValues'])}`;
  }
  if (error.keyword === 'const') return `${where} must be ${JSON.stringify(params['allowedValue'])}`;
  return `${where} ${error.message ?? 'is not valid'}`;
}

/** A key is the agent's own word: told back only where it looks like a name. */
function printable(name: unknown): string {
  return typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,47}$/.test(name)
    ? `the property "${name}"`
    : 'properties that the schema does not name';
}
