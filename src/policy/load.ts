import { createHash } from 'node:crypto';
import { readAnnotations } from './annotations.ts';
import { checkPolicies } from './check.ts';
import { createPolicySet } from './policy-set.ts';
import { RESERVED_ACTIONS, actionsOf, fullSchema, schemaText } from './schema.ts';
import { placeAt } from './source-map.ts';
import { ordinalId, splitFile } from './split.ts';
import type { SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Checked } from './check.ts';
import type { Policy } from './policy.ts';
import type { PolicySet } from './policy-set.ts';
import type { PolicyFile } from './source-map.ts';
import type { PolicySource } from './split.ts';
import type { Vocabulary } from './schema.ts';
import type { LoadError, Loaded } from '../model/load-error.ts';
import type { Connection, Tool } from '../model/tool.ts';

export interface LoadPolicies {
  /** All `*.cedar` files, in any order. Two policies of one id are an error, so no order matters. */
  readonly files: readonly PolicyFile[];
  readonly tools: readonly Tool[];
  /** Every group that may be named. Groups of a principal that are not here are as if it had them not. */
  readonly groups: readonly string[];
  readonly connections: readonly Connection[];
  readonly dataClasses: readonly string[];
  /** Environments beside those of the connections. */
  readonly environments?: readonly string[];
  /** Whether decisions are remembered: on unless a test or a benchmark says otherwise. */
  readonly memoise?: boolean;
}

/**
 * Loads and type-checks policies. Pure: the caller reads the files. Every error is found in one go, with file, line
 * and what to do; with a single error there is no policy set. No policy at all is valid, and everything is denied.
 */
export function loadPolicies(options: LoadPolicies): Loaded<PolicySet> {
  const vocabulary = vocabularyOf(options);
  const errors: LoadError[] = reservedNames(options.tools);
  if (errors.length > 0) return { ok: false, errors };

  const files = [...options.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const checked: Checked[] = [];
  for (const file of files) {
    const split = splitFile(file);
    errors.push(...split.errors);
    for (const source of split.sources) {
      const read = readPolicy(source, vocabulary.groups);
      errors.push(...read.errors, ...duplicateId(read.checked, checked));
      checked.push(read.checked);
    }
  }

  const actions = actionsOf(vocabulary);
  const schema = fullSchema(vocabulary, actions);
  const found = checkPolicies(distinct(checked), schema, vocabulary, actions);
  errors.push(...found.errors);
  if (errors.length > 0) return { ok: false, errors: errors.sort(byPlace) };

  const policies = checked.map(({ policy }) => policy);
  const warnings = [...found.warnings];
  if (policies.length === 0) {
    const file = files[0]?.path ?? 'policies';
    warnings.push({
      file,
      message: 'there is no policy, so every call is refused',
      suggestion: 'write a permit',
    });
  }
  return {
    ok: true,
    warnings,
    value: createPolicySet({
      digest: digestOf(schema, policies),
      schemaText: schemaText(vocabulary),
      policies,
      vocabulary,
      memoise: options.memoise ?? true,
    }),
  };
}

function vocabularyOf(options: LoadPolicies): Vocabulary {
  const environments = options.connections.map((connection) => connection.environment);
  return {
    tools: [...options.tools].sort((a, b) => (a.name < b.name ? -1 : 1)),
    groups: unique(options.groups),
    environments: unique([...environments, ...(options.environments ?? [])]),
    connections: options.connections,
    dataClasses: unique(options.dataClasses),
  };
}

function readPolicy(
  source: PolicySource,
  groups: readonly string[],
): { readonly checked: Checked; readonly errors: readonly LoadError[] } {
  const { effect } = source.json;
  const { annotations, problems } = readAnnotations(source.json.annotations ?? {}, effect, groups);
  const errors = problems.map(({ name, message, suggestion }) => ({
    ...placeAt(source.file, source.start + Math.max(0, source.text.indexOf(`@${name}`))),
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
  const policy = {
    id: annotations.id ?? ordinalId(source),
    place: placeAt(source.file, source.start),
    effect,
    text: source.text,
    json: source.json,
    annotations,
  };
  return { checked: { policy, source }, errors };
}

function duplicateId({ policy }: Checked, before: readonly Checked[]): readonly LoadError[] {
  const first = before.find((one) => one.policy.id === policy.id)?.policy;
  if (first === undefined) return [];
  return [
    {
      ...policy.place,
      message: `the id ${policy.id} is taken by the policy in ${first.place.file}, line ${first.place.line}`,
      suggestion: 'give one of them another @id("…")',
    },
  ];
}

function distinct(checked: readonly Checked[]): readonly Checked[] {
  return [...new Map(checked.map((one) => [one.policy.id, one])).values()];
}

/** Tools and groups of actions share one space of names in policies. */
function reservedNames(tools: readonly Tool[]): LoadError[] {
  return tools
    .filter((tool) => RESERVED_ACTIONS.includes(tool.name))
    .map((tool) => ({
      file: `skills/${tool.skill}/tools.yaml`,
      message: `a tool can't be named ${tool.name}: in policies Action::"${tool.name}" is something else`,
      suggestion: 'give the tool another name',
    }));
}

/** Over what decides: comments between policies and the file a policy is in make no difference. */
function digestOf(schema: SchemaJson<string>, policies: readonly Policy[]): string {
  const texts = policies.map(({ id, text }) => JSON.stringify([id, text])).sort();
  return createHash('sha256')
    .update(JSON.stringify([schema, texts]))
    .digest('hex');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function byPlace(a: LoadError, b: LoadError): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
