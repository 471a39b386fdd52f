import { didYouMean } from './did-you-mean.ts';
import { contextPath, entityUid, isObject, readAt, readsOf } from './reads.ts';
import { namesAt, typeAt } from './context-type.ts';
import { actionInScope } from './scope.ts';
import type { Action, Vocabulary } from './schema.ts';
import type { Policy } from './policy.ts';

/** A name that Cedar lets pass and that is wrong. */
export interface NameProblem {
  /** In UTF-16 units from the start of the policy. */
  readonly offset: number;
  readonly message: string;
  readonly suggestion?: string;
}

/**
 * Looks at what strict validation can't: names of connections (their type can't be enumerated), tools named as text
 * in `context.tool`, and `has`, which accepts any name and is then quietly false.
 */
export function checkNames(
  policy: Policy,
  vocabulary: Vocabulary,
  actions: readonly Action[],
): readonly NameProblem[] {
  const problems: NameProblem[] = [];
  const reads = readsOf([policy.json]);
  const reached = actions.filter((action) => actionInScope(policy, action.name, action.groups));

  const checkConnection = (uid: { readonly type: string; readonly id: string } | undefined): void => {
    if (uid?.type !== 'Connection' || vocabulary.connections.some(({ name }) => name === uid.id)) return;
    const names = vocabulary.connections.map(({ name }) => name);
    problems.push({
      offset: offsetOf(policy, JSON.stringify(uid.id)),
      message: `there is no connection ${JSON.stringify(uid.id)}`,
      suggestion: didYouMean(uid.id, names, (name) => `Connection::${JSON.stringify(name)}`),
    });
  };
  walk(policy.json.resource, (node) => checkConnection(entityUid(node)));
  walk(policy.json.conditions, (node) => {
    // In an expression only the long form is an entity; `{ type, id }` is a record there.
    if (isObject(node) && node['__entity'] !== undefined) checkConnection(entityUid(node));
  });

  walk(policy.json.conditions, (node) => {
    for (const found of toolsNamed(node)) {
      const names = vocabulary.tools.map(({ name }) => name);
      if (names.includes(found)) continue;
      problems.push({
        offset: offsetOf(policy, JSON.stringify(found)),
        message: `there is no tool ${JSON.stringify(found)}`,
        suggestion: didYouMean(found, names, (name) => JSON.stringify(name)),
      });
    }
  });

  for (const path of reads.presence) {
    if (reached.length === 0 || reached.some((action) => typeAt(action.context, path) !== undefined))
      continue;
    const name = path.at(-1) ?? '';
    problems.push({
      offset: offsetOf(policy, name),
      message: `no tool in the scope of this policy has context.${path.join('.')}, so \`has\` is always false`,
      suggestion: didYouMean(
        name,
        [...new Set(reached.flatMap(({ context }) => namesAt(context, path.slice(0, -1))))],
        (one) => `\`${one}\``,
      ),
    });
  }

  for (const action of reached) {
    for (const { path, why } of action.omitted) {
      const asked = reads.presence.some((one) => one.join('\0') === path.join('\0'));
      if (!asked || readAt(reads.context, path) === undefined) continue;
      problems.push({
        offset: offsetOf(policy, path.at(-1) ?? ''),
        message: `policies can't see context.${path.join('.')} of ${action.name}: ${why}`,
        suggestion: `give the property one type in the tool's schema, or leave ${action.name} out of this policy's scope`,
      });
    }
  }

  if (policy.annotations.approval !== undefined && readAt(reads.context, ['approved']) === undefined) {
    problems.push({
      offset: offsetOf(policy, '@approval'),
      message: 'this policy asks for approval and forbids the call also when it is given',
      suggestion: 'add unless { context.approved }',
    });
  }
  return problems;
}

/** Texts that `context.tool` is compared with. */
function toolsNamed(node: unknown): readonly string[] {
  if (!isObject(node)) return [];
  const comparison = node['=='] ?? node['!='];
  if (isObject(comparison)) {
    if (isToolPath(comparison['left'])) return texts(comparison['right']);
    if (isToolPath(comparison['right'])) return texts(comparison['left']);
  }
  const contains = node['contains'];
  return isObject(contains) && isToolPath(contains['right']) ? texts(contains['left']) : [];
}

function isToolPath(expression: unknown): boolean {
  const path = contextPath(expression);
  return path?.length === 1 && path[0] === 'tool';
}

function texts(expression: unknown): readonly string[] {
  if (!isObject(expression)) return [];
  if (typeof expression['Value'] === 'string') return [expression['Value']];
  return Array.isArray(expression['Set']) ? expression['Set'].flatMap(texts) : [];
}

function walk(node: unknown, visit: (node: unknown) => void): void {
  if (Array.isArray(node)) for (const member of node) walk(member, visit);
  else if (isObject(node)) {
    visit(node);
    for (const member of Object.values(node)) walk(member, visit);
  }
}

/** Cedar's JSON has no positions: the first place where the text stands, else the start. */
function offsetOf(policy: Policy, text: string): number {
  return Math.max(0, policy.text.indexOf(text));
}
