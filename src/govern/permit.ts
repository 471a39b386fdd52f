import type { Cleared } from './clear.ts';
import type { Revealed } from './reveal.ts';
import type { Facts } from '../model/facts.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

/**
 * The one place where a call becomes permitted. It takes a decision to allow and nothing else, so that a call
 * without one can't be written down.
 */
export function permit(
  call: ToolCall,
  facts: Facts,
  { decision, grant }: Cleared,
  { bound, revealed }: Revealed,
): PermittedCall {
  const policies = decision.policies.map((policy) => policy.id);
  return Object.freeze({ call, facts, bound, revealed, policies, grant }) as unknown as PermittedCall;
}
