import type { Decision } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

/**
 * The one place where a call becomes permitted. It takes a decision to allow and nothing else, so that a call
 * without one can't be written down.
 */
export function permit(
  call: ToolCall,
  facts: Facts,
  decision: Extract<Decision, { effect: 'allow' }>,
): PermittedCall {
  const policies = decision.policies.map((policy) => policy.id);
  return Object.freeze({ call, facts, policies }) as unknown as PermittedCall;
}
