import { createMemo } from './memo.ts';
import { Misfit } from './project.ts';
import { actionInScope, dataClassInScope, principalInScope } from './scope.ts';
import { evaluate, prepareSlice, requestKey, requestOf } from './slice.ts';
import type { Policy } from './policy.ts';
import type { Action, Vocabulary } from './schema.ts';
import type { Slots } from './slots.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Says for which data classes a principal may do what an action stands for: see them (`UNMASK`), or have their tokens turned
 * back (`REVEAL`). Whatever goes wrong, for none.
 */
export function createClassPermits(
  action: Action,
  policies: readonly Policy[],
  vocabulary: Vocabulary,
  slots: Slots,
  memoise: boolean,
): (principal: Principal, tool: Tool) => ReadonlySet<string> {
  const speaking = policies.filter((policy) => actionInScope(policy, action.name, action.groups));
  const permits = speaking.filter((policy) => policy.effect === 'permit');
  const slice = prepareSlice(action, speaking, vocabulary, slots);
  const memo = createMemo<ReadonlySet<string>>(1000, 2000);

  return (principal, tool) => {
    const mine = permits.filter((policy) => principalInScope(policy, principal));
    if (mine.length === 0) return NONE;
    const { connection } = tool;
    const request = requestOf(slice, principal, {
      tool: tool.name,
      connection: { type: 'Connection', id: connection.name },
    });
    if (request instanceof Misfit) return NONE;
    const key = `${tool.name}\n${requestKey(request)}`;
    const remembered = memoise ? memo.get(key) : undefined;
    if (remembered !== undefined) return remembered;
    const unmasked = vocabulary.dataClasses.filter((name) => {
      if (!permits.some((policy) => dataClassInScope(policy, name))) return false;
      const evaluation = evaluate(slice, request, { type: 'DataClass', name, connection });
      return evaluation.ok && evaluation.allowed;
    });
    const answer: ReadonlySet<string> = new Set(unmasked);
    memo.set(key, answer);
    return answer;
  };
}
