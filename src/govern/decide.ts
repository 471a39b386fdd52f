import type { Refusal } from './received.ts';
import type { Rules } from './stations.ts';
import type { Decision } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import type { ToolCall } from '../model/tool-call.ts';

export type Allowed = Extract<Decision, { effect: 'allow' }>;
export type Asked = Extract<Decision, { effect: 'ask' }>;

/**
 * What policy says of the call, under the rules it began with. With a live grant at hand it is asked again as
 * `approved`: an approval lifts what waits for one and nothing else.
 */
export function decide(
  call: ToolCall,
  facts: Facts,
  rules: Rules,
  approved: boolean,
): { readonly ok: true; readonly decision: Allowed | Asked } | Refusal {
  const decision = rules.policies.decide({
    principal: call.principal,
    tool: call.tool,
    input: call.arguments,
    facts,
    approved,
    client: call.origin.client.name,
    session: call.session,
  });
  if (decision.effect !== 'refuse') return { ok: true, decision };
  return {
    ok: false,
    cause: decision.because,
    reason: decision.reason,
    policies: decision.policies.map((policy) => policy.id),
    principal: call.principal,
    session: call.session,
  };
}

/** Ids of the policies that hold a call. */
export function holding(decision: Allowed | Asked): readonly string[] {
  return decision.effect === 'ask' ? decision.policies.map(({ id }) => id) : [];
}
