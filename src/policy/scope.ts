import { entityUid, isObject } from './reads.ts';
import type { Policy } from './policy.ts';
import type { InspectKind } from '../model/facts.ts';
import type { Connection, Tool } from '../model/tool.ts';
import type { Principal } from '../model/principal.ts';

/** The groups that hold a tool's action. A policy names them as `Action::"<group>"`. */
export function actionGroups(tool: Tool): readonly string[] {
  return ['call', `skill:${tool.skill}`, tool.action.kind, ...inspectKinds(tool)];
}

/** What the tool's arguments are inspected as; policies read it as `context.<kind>`. */
export function inspectKinds(tool: Tool): readonly InspectKind[] {
  return Object.values(tool.inspect);
}

/** Whether the action in a policy's scope can be this one. */
export function actionInScope(policy: Policy, action: string, groups: readonly string[]): boolean {
  const scope: unknown = policy.json.action;
  if (!isObject(scope)) return true;
  if (scope['op'] === 'All') return true;
  const named: readonly unknown[] = Array.isArray(scope['entities']) ? scope['entities'] : [scope['entity']];
  return named.some((entity) => {
    const uid = entityUid(entity);
    if (uid === undefined) return true;
    return uid.id === action || (scope['op'] === 'in' && groups.includes(uid.id));
  });
}

/** Whether the resource in a policy's scope can be this connection. */
export function connectionInScope(policy: Policy, connection: Connection): boolean {
  return inScope(
    policy.json.resource,
    'Connection',
    connection.name,
    (uid) => uid.type === 'Environment' && uid.id === connection.environment,
  );
}

/** Whether the resource in a policy's scope can be this data class. */
export function dataClassInScope(policy: Policy, dataClass: string): boolean {
  return inScope(policy.json.resource, 'DataClass', dataClass, () => false);
}

/** Whether the principal in a policy's scope can be this one. */
export function principalInScope(policy: Policy, principal: Principal): boolean {
  const type = principalType(principal);
  return inScope(
    policy.json.principal,
    type,
    principal.id,
    (uid) => uid.type === 'Group' && principal.groups.includes(uid.id),
  );
}

export function principalType(principal: Principal): 'User' | 'Service' {
  return principal.kind === 'user' ? 'User' : 'Service';
}

/** Exact for `All`, `==`, `in`, `is` and `is … in`; true for a form that is not known, for false would hide a policy. */
function inScope(
  scope: unknown,
  type: string,
  id: string,
  holds: (uid: { readonly type: string; readonly id: string }) => boolean,
): boolean {
  if (!isObject(scope)) return true;
  const equals = (entity: unknown): boolean => {
    const uid = entityUid(entity);
    return uid === undefined || (uid.type === type && uid.id === id);
  };
  // `in` is reflexive.
  const within = (entity: unknown): boolean => {
    const uid = entityUid(entity);
    return uid === undefined || equals(entity) || holds(uid);
  };
  switch (scope['op']) {
    case '==':
      return equals(scope['entity']);
    case 'in':
      return within(scope['entity']);
    case 'is':
      return scope['entity_type'] === type && (!isObject(scope['in']) || within(scope['in']['entity']));
    default:
      return true;
  }
}
