import { inspectCall } from '../inspect/inspect-call.ts';
import type { Refusal } from './received.ts';
import type { Rules, Stations } from './stations.ts';
import type { Facts } from '../model/facts.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** What the call would do. What is not understood goes no further. */
export async function inspect(
  call: ToolCall,
  stations: Stations,
  { policies, patterns }: Rules,
): Promise<{ readonly ok: true; readonly facts: Facts } | Refusal> {
  const inspected = await inspectCall(
    call.tool,
    call.arguments,
    stations.inspector,
    policies.readsText(call.tool) ? patterns : null,
  );
  if (inspected.ok) return inspected;
  return {
    ok: false,
    cause: 'not_understood',
    reason: `The ${inspected.what} was not understood, and what is not understood is not run. ${inspected.notUnderstood.message}`,
    detail: inspected.notUnderstood.reason,
    principal: call.principal,
    session: call.session,
  };
}
