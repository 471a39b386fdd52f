import { createMemo } from './memo.ts';
import { Misfit } from './project.ts';
import { UNMASK } from './schema.ts';
import { actionInScope, dataClassInScope, principalInScope } from './scope.ts';
import { evaluate, prepareSlice, requestKey, requestOf } from './slice.ts';
import type { Policy } from './policy.ts';
import type { Vocabulary } from './schema.ts';
import type { Slots } from './slots.ts';
import type { Principal } from '../model/principal.ts';
import type { Tool } from '../model/tool.ts';

const NONE: ReadonlySet<string> = new Set();

/** Says which data classes a principal may see unmasked. Whatever goes wrong, the class stays masked. */
export function createUnmask(
  policies: readonly Policy[],
  vocabulary: Vocabulary,
  slots: Slots,
  memoise: boolean,
): (principal: Principal, tool: Tool) => ReadonlySet<string> {
  const speaking = policies.filter((policy) => actionInScope(policy, UNMASK.name, UNMASK.groups));
  const permits = speaking.filter((policy) => policy.effect === 'permit');
  const slice = prepareSlice(UNMASK, speaking, vocabulary, slots);
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
