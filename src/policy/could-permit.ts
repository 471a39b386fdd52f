import { record } from './context-type.ts';
import { createMemo } from './memo.ts';
import { Misfit } from './project.ts';
import { readsOf } from './reads.ts';
import { principalInScope } from './scope.ts';
import { evaluate, prepareSlice, requestOf } from './slice.ts';
import { SQL, sqlContext } from './sql-context.ts';
import type { Policy } from './policy.ts';
import type { Action, Vocabulary } from './schema.ts';
import type { Slots } from './slots.ts';
import type { RecordContext } from './context-type.ts';
import type { JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';

/** What the policies that see the same in every call of a tool come to. */
type Settled = 'forbidden' | 'permitted' | 'open' | 'not_decided';

/**
 * Says whether any call of a tool could be permitted. Policies that read nothing but what is the same in every call (the
 * principal, the connection, the facts of a statement that its author fixed) are evaluated; one that reads anything else
 * could go either way. So it is false only where `decide` would refuse whatever is asked.
 *
 * @param speaking the policies that can speak about the tool.
 */
export function prepareCouldPermit(
  tool: Tool,
  action: Action,
  speaking: readonly Policy[],
  vocabulary: Vocabulary,
  slots: Slots,
  memoise: boolean,
): (principal: Principal) => boolean {
  const permits = speaking.filter((policy) => policy.effect === 'permit');
  const { type, context } = sameInEveryCall(tool);
  const settled = speaking.filter(
    // A forbid that an approval may lift hides nothing.
    (policy) => policy.annotations.approval === undefined && readsOnly(policy, type),
  );
  const open = permits.filter((policy) => !settled.includes(policy));
  const slice = prepareSlice({ ...action, context: type }, settled, vocabulary, slots);
  const memo = createMemo<Settled>(1000, 2000);

  function settle(principal: Principal): Settled {
    const request = requestOf(slice, principal, context);
    if (request instanceof Misfit) return 'not_decided';
    // The context is the same every time.
    const key = JSON.stringify([request.principal, request.groups]);
    const remembered = memoise ? memo.get(key) : undefined;
    if (remembered !== undefined) return remembered;
    const evaluation = evaluate(slice, request, { type: 'Connection', connection: tool.connection });
    if (!evaluation.ok) return 'not_decided';
    const { allowed, determining } = evaluation;
    const answer = allowed ? 'permitted' : determining.length > 0 ? 'forbidden' : 'open';
    memo.set(key, answer);
    return answer;
  }

  return (principal) => {
    const inScope = (policy: Policy): boolean => principalInScope(policy, principal);
    if (!permits.some(inScope)) return false;
    switch (settle(principal)) {
      case 'permitted':
      case 'not_decided':
        return true;
      case 'forbidden':
        return false;
      case 'open':
        return open.some(inScope);
    }
  };
}

function sameInEveryCall(tool: Tool): { readonly type: RecordContext; readonly context: JsonObject } {
  return 'statement' in tool.action
    ? { type: record({ sql: SQL }), context: { sql: sqlContext(tool.action.statement.facts) } }
    : { type: record({}), context: {} };
}

function readsOnly(policy: Policy, type: RecordContext): boolean {
  const { context } = readsOf([policy.json]);
  return !context.whole && [...context.children.keys()].every((name) => type.attributes.has(name));
}
