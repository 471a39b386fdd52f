import type { Refusal } from './received.ts';
import type { Rules } from './stations.ts';
import type { Decision } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import type { ToolCall } from '../model/tool-call.ts';

type Allowed = Extract<Decision, { effect: 'allow' }>;

/** What policy says of the call, under the rules it began with. */
export function decide(
  call: ToolCall,
  facts: Facts,
  rules: Rules,
): { readonly ok: true; readonly decision: Allowed } | Refusal {
  const decision = rules.policies.decide({
    principal: call.principal,
    tool: call.tool,
    input: call.arguments,
    facts,
    approved: false,
    client: call.origin.client.name,
    session: call.session,
  });
  const known = { principal: call.principal, session: call.session };
  switch (decision.effect) {
    case 'allow':
      return { ok: true, decision };
    case 'refuse':
      return {
        ok: false,
        cause: decision.because,
        reason: decision.reason,
        policies: decision.policies.map((policy) => policy.id),
        ...known,
      };
    case 'ask': {
      const from = decision.demands.map((demand) => demand.from).join(', ');
      return {
        ok: false,
        cause: 'approval_required',
        reason: `${decision.reason} It needs the approval of ${from}, and this gateway has no way to ask for it yet.`,
        policies: decision.policies.map((policy) => policy.id),
        ...known,
      };
    }
  }
}
