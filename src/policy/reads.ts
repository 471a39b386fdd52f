import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';

/** A place in the context that policies read. Without `whole` only the children, and whether it is there. */
export interface ReadNode {
  readonly whole: boolean;
  readonly children: ReadonlyMap<string, ReadNode>;
}

/** Everything of a request that a policy can depend on beside its action and resource. */
export interface Reads {
  readonly context: ReadNode;
  /** Whether the id of the principal matters; its type always may. */
  readonly principalId: boolean;
  /** Whether membership of any group may matter. */
  readonly allGroups: boolean;
  /** The groups membership of which matters. */
  readonly groups: ReadonlySet<string>;
  /** Paths that `has` asks for: the validator lets any name pass there, so the loader must look. */
  readonly presence: readonly (readonly string[])[];
}

interface Draft {
  whole: boolean;
  readonly children: Map<string, Draft>;
}

interface Collected {
  readonly context: Draft;
  principalId: boolean;
  allGroups: boolean;
  readonly groups: Set<string>;
  readonly presence: (readonly string[])[];
}

/**
 * Finds what policies read. The evaluator is then given nothing else, so what this misses makes a policy err, and
 * an error refuses; it can't make a decision be remembered for the wrong request.
 */
export function readsOf(policies: readonly PolicyJson[]): Reads {
  const found: Collected = {
    context: draft(),
    principalId: false,
    allGroups: false,
    groups: new Set(),
    presence: [],
  };
  for (const policy of policies) {
    scanPrincipalScope(policy.principal, found);
    for (const condition of policy.conditions) scan(condition.body, found);
  }
  return found;
}

/** The node at a path; undefined where nothing there is read. */
export function readAt(node: ReadNode, path: readonly string[]): ReadNode | undefined {
  let here: ReadNode | undefined = node;
  for (const name of path) {
    if (here === undefined || here.whole) return here;
    here = here.children.get(name);
  }
  return here;
}

/** Reading everything below. */
export const WHOLE: ReadNode = { whole: true, children: new Map() };

function scanPrincipalScope(scope: unknown, found: Collected): void {
  if (!isObject(scope)) return readEverything(found);
  switch (scope['op']) {
    case 'All':
      return;
    case 'in':
      return readMembership([scope['entity']], found);
    case 'is':
      if (isObject(scope['in'])) readMembership([scope['in']['entity']], found);
      return;
    case '==':
      found.principalId = true;
      return;
    default:
      readPrincipal(found);
  }
}

function scan(expression: unknown, found: Collected): void {
  if (!isObject(expression)) return readEverything(found);
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined || others.length > 0) return readEverything(found);
  const [operator, body] = entry;
  switch (operator) {
    case 'Value':
      return;
    case 'Var':
      if (body === 'principal') readPrincipal(found);
      else if (body !== 'action' && body !== 'resource') found.context.whole = true;
      return;
    case '.': {
      const path = contextPath(expression);
      if (path !== undefined) reach(found.context, path).whole = true;
      else scan(isObject(body) ? body['left'] : undefined, found);
      return;
    }
    case '==':
    case '!=':
      return scanEquals(body, found);
    case 'has':
      return scanHas(body, found);
    case 'in':
      return scanIn(body, found);
    case 'is':
      return scanIs(body, found);
    case 'like':
      return scan(isObject(body) ? body['left'] : undefined, found);
    case 'Record':
      return scanAll(isObject(body) ? Object.values(body) : undefined, found);
    default:
      // A list for sets and extension functions; `{ left, right }`, `{ arg }` or `{ if, then, else }` for the rest.
      return scanAll(Array.isArray(body) ? body : isObject(body) ? Object.values(body) : undefined, found);
  }
}

function scanAll(expressions: readonly unknown[] | undefined, found: Collected): void {
  if (expressions === undefined) return readEverything(found);
  for (const expression of expressions) scan(expression, found);
}

function scanEquals(body: unknown, found: Collected): void {
  if (!isObject(body)) return readEverything(found);
  // Compared with a constant, the principal is its id: what it is a member of can't matter.
  const sides = [body['left'], body['right']];
  if (sides.some(isPrincipal) && sides.some((side) => isObject(side) && side['Value'] !== undefined))
    found.principalId = true;
  else scanAll(sides, found);
}

function scanHas(body: unknown, found: Collected): void {
  if (!isObject(body)) return readEverything(found);
  const base = contextPath(body['left']);
  const attributes: unknown[] = Array.isArray(body['attr']) ? body['attr'] : [body['attr']];
  if (base === undefined || !attributes.every((name) => typeof name === 'string'))
    return scan(body['left'], found);
  const path = [...base, ...attributes];
  reach(found.context, path);
  found.presence.push(path);
}

function scanIn(body: unknown, found: Collected): void {
  if (!isObject(body)) return readEverything(found);
  const right: unknown = body['right'];
  if (isPrincipal(body['left']) && isObject(right)) {
    const set = right['Set'];
    const members: unknown[] = Array.isArray(set) ? set : [right];
    return readMembership(
      members.map((member) => (isObject(member) ? member['Value'] : undefined)),
      found,
    );
  }
  scan(body['left'], found);
  scan(right, found);
}

function scanIs(body: unknown, found: Collected): void {
  if (!isObject(body)) return readEverything(found);
  const within = body['in'];
  if (!isPrincipal(body['left'])) {
    scan(body['left'], found);
    if (within !== undefined) scan(within, found);
  } else if (within !== undefined) scanIn({ left: body['left'], right: within }, found);
}

function readMembership(entities: readonly unknown[], found: Collected): void {
  for (const entity of entities) {
    const uid = entityUid(entity);
    if (uid?.type === 'Group') found.groups.add(uid.id);
    else readPrincipal(found);
  }
}

/** `context.a.b` → `['a', 'b']`; undefined where it is not a plain chain on `context`. */
export function contextPath(expression: unknown): string[] | undefined {
  if (!isObject(expression)) return undefined;
  if (expression['Var'] === 'context') return [];
  const access = expression['.'];
  if (!isObject(access) || typeof access['attr'] !== 'string') return undefined;
  const base = contextPath(access['left']);
  return base === undefined ? undefined : [...base, access['attr']];
}

/** Both JSON forms of an entity: with and without `__entity`. */
export function entityUid(value: unknown): { readonly type: string; readonly id: string } | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value['__entity']) ? value['__entity'] : value;
  const { type, id } = inner;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPrincipal(expression: unknown): boolean {
  return isObject(expression) && expression['Var'] === 'principal';
}

/** The tree has a form that this file does not know: nothing may be left out. */
function readEverything(found: Collected): void {
  found.context.whole = true;
  readPrincipal(found);
}

function readPrincipal(found: Collected): void {
  found.principalId = true;
  found.allGroups = true;
}

function reach(from: Draft, path: readonly string[]): Draft {
  let here = from;
  for (const name of path) {
    let next = here.children.get(name);
    if (next === undefined) here.children.set(name, (next = draft()));
    here = next;
  }
  return here;
}

function draft(): Draft {
  return { whole: false, children: new Map() };
}
