import type { Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Principal } from '../model/principal.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** Turns a request of a known caller into a call: its tool exists, its arguments fit, it belongs to a session. */
export function address(
  received: Received,
  principal: Principal,
  stations: Stations,
): { readonly ok: true; readonly call: ToolCall } | Refusal {
  const { request, rules } = received;
  const session = stations.enterSession(principal, request.origin);
  const tool = rules.tools.get(request.tool);
  const validate = rules.validators.get(request.tool);
  if (tool === undefined || validate === undefined)
    return { ok: false, cause: 'unknown_tool', reason: 'There is no tool of that name.', principal, session };
  const valid = validate(request.arguments);
  if (!valid.ok)
    return {
      ok: false,
      cause: 'invalid_arguments',
      reason: `The arguments do not fit the tool's input schema: ${valid.problems.join('; ')}.`,
      principal,
      session,
    };
  const call: ToolCall = {
    id: received.id,
    session,
    principal,
    tool,
    arguments: request.arguments,
    origin: request.origin,
    receivedAt: received.at,
  };
  return { ok: true, call };
}
