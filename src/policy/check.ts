import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { SchemaJson, ValidationError } from '@cedar-policy/cedar-wasm/nodejs';
import { checkNames } from './check-names.ts';
import { didYouMean } from './did-you-mean.ts';
import { namesAt } from './context-type.ts';
import { nearest } from './nearest.ts';
import { actionInScope } from './scope.ts';
import { placeAt, positionOfByte } from './source-map.ts';
import { actionGroupNames } from './schema.ts';
import type { Action, Vocabulary } from './schema.ts';
import type { Policy } from './policy.ts';
import type { PolicySource } from './split.ts';
import type { LoadError } from '../model/load-error.ts';

/** A policy and where it was read. */
export interface Checked {
  readonly policy: Policy;
  readonly source: PolicySource;
}

/**
 * Type-checks policies against the schema: Cedar's strict validation, with its warnings as errors (a policy that can
 * never apply is a mistake, a name in mixed scripts a trap), and what Cedar can't see.
 */
export function checkPolicies(
  all: readonly Checked[],
  schema: SchemaJson<string>,
  vocabulary: Vocabulary,
  actions: readonly Action[],
): { readonly errors: readonly LoadError[]; readonly warnings: readonly LoadError[] } {
  const errors: LoadError[] = [];
  const warnings: LoadError[] = [];
  const answer = validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies: Object.fromEntries(all.map(({ policy }) => [policy.id, policy.text])) },
  });
  // Policies were parsed one by one and the schema is generated, so this is a bug.
  if (answer.type === 'failure')
    throw new Error(`Cedar can't validate: ${answer.errors.map((error) => error.message).join('; ')}`);

  for (const { policy, source } of all) {
    const idle = namesOnlyEmptyGroups(policy, vocabulary, actions);
    const wrong = of(answer.validationErrors, policy);
    const own = checkNames(policy, vocabulary, actions).map((problem) => ({
      ...placeAt(source.file, source.start + problem.offset),
      message: problem.message,
      ...(problem.suggestion === undefined ? {} : { suggestion: problem.suggestion }),
    }));
    if (wrong.length > 0)
      errors.push(...once(wrong.map((error) => explain(error, source, vocabulary, actions))), ...own);
    else if (own.length > 0) errors.push(...own);
    else if (idle)
      warnings.push({
        ...placeAt(source.file, source.start),
        message: `no tool is in the scope of policy ${policy.id}`,
      });
    else
      errors.push(
        ...once(
          of(answer.validationWarnings, policy).map((error) => explain(error, source, vocabulary, actions)),
        ),
      );
  }
  return { errors, warnings };
}

/** A guardrail for SQL is no mistake where no skill has a SQL tool yet. */
function namesOnlyEmptyGroups(policy: Policy, vocabulary: Vocabulary, actions: readonly Action[]): boolean {
  if (actions.some((action) => actionInScope(policy, action.name, action.groups))) return false;
  return actionGroupNames(vocabulary).some((group) => actionInScope(policy, group, []));
}

function of(errors: readonly ValidationError[], policy: Policy): readonly ValidationError[] {
  return errors.filter((error) => error.policyId === policy.id);
}

/** Cedar's error, at its line of the file, with the nearest name where Cedar only lists names. */
function explain(
  { error }: ValidationError,
  source: PolicySource,
  vocabulary: Vocabulary,
  actions: readonly Action[],
): LoadError {
  const [at] = error.sourceLocations ?? [];
  const offset = at === undefined ? 0 : positionOfByte(source.text, at.start);
  const message = withoutPolicy(error.message);
  const suggestion =
    suggest(message, vocabulary, actions) ?? (error.help === null ? undefined : withoutPolicy(error.help));
  return {
    ...placeAt(source.file, source.start + offset),
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The place says which policy it is. */
function withoutPolicy(text: string): string {
  return text.replace(/^for policy `.*?`[,:] /su, '');
}

function suggest(message: string, vocabulary: Vocabulary, actions: readonly Action[]): string | undefined {
  const enumerated = /^entity `(Group|Environment|DataClass)::"(.*)"` is of an enumerated/su.exec(message);
  if (enumerated !== null) {
    const [, type = '', found = ''] = enumerated;
    const names =
      type === 'Group'
        ? vocabulary.groups
        : type === 'Environment'
          ? vocabulary.environments
          : vocabulary.dataClasses;
    return didYouMean(found, names, (name) => `${type}::${JSON.stringify(name)}`);
  }
  const action = /^unrecognized action `Action::"(.*)"`/su.exec(message);
  if (action !== null) {
    const names = [...actions.map((one) => one.name), ...actionGroupNames(vocabulary)];
    return didYouMean(action[1] ?? '', names, (name) => `Action::${JSON.stringify(name)}`);
  }
  const attribute = /^attribute `(.*)` in context for Action::"(.*)" not found/su.exec(message);
  if (attribute !== null)
    return suggestAttribute((attribute[1] ?? '').split('.'), attribute[2] ?? '', actions);
  return undefined;
}

function suggestAttribute(
  path: readonly string[],
  actionName: string,
  actions: readonly Action[],
): string | undefined {
  const action = actions.find((one) => one.name === actionName);
  if (action === undefined) return undefined;
  const left = action.omitted.find((one) => one.path.join('.') === path.join('.'));
  if (left !== undefined) return `policies can't see context.${path.join('.')} of ${actionName}: ${left.why}`;
  const parent = namesAt(action.context, path.slice(0, -1));
  const name = path.at(-1) ?? '';
  const near = nearest(name, parent);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const elsewhere = actions.find((one) => namesAt(one.context, path.slice(0, -1)).includes(name));
  if (elsewhere !== undefined) {
    const base = ['context', ...path.slice(0, -1)].join('.');
    return `${elsewhere.name} has it and ${actionName} does not: name the action, or ask first with \`${base} has ${name}\``;
  }
  return parent.length === 0 ? undefined : `there are ${parent.map((one) => `\`${one}\``).join(', ')}`;
}

/** A policy over ten tools gives the same error ten times: say it once. */
function once(errors: readonly LoadError[]): readonly LoadError[] {
  const seen = new Map<string, LoadError>();
  for (const error of errors) {
    const key = `${error.line}:${error.column}:${error.message.replaceAll(/ for Action::".*?"/gu, '')}`;
    if (!seen.has(key)) seen.set(key, error);
  }
  return [...seen.values()];
}
