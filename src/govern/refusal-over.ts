import type { Refusal } from './received.ts';
import type { Approval } from '../model/approval.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** The refusal of a call over the request for approval that it rested on. */
export function refusalOver(
  approval: Approval,
  call: ToolCall,
  reason: string,
  cause: Refusal['cause'],
): Refusal {
  const { request } = approval;
  return {
    ok: false,
    cause,
    reason,
    policies: request.demands.map(({ policy }) => policy.id),
    principal: call.principal,
    session: call.session,
    approval: request.id,
  };
}
