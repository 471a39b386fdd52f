import type { Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Facts } from '../model/facts.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** What the call would do at its backend. A statement that is not understood goes no further. */
export async function inspect(
  call: ToolCall,
  stations: Stations,
): Promise<{ readonly ok: true; readonly facts: Facts } | Refusal> {
  const { action } = call.tool;
  // An author's statement was inspected when it was loaded, and no argument can change it.
  if ('statement' in action) return { ok: true, facts: { sql: action.statement.facts } };
  const text = call.arguments[action.from];
  const inspection =
    typeof text === 'string'
      ? await stations.inspector.sql(action.dialect, text)
      : ({
          ok: false,
          notUnderstood: { reason: 'unsupported', message: 'The statement is not a string.' },
        } as const);
  if (inspection.ok) return { ok: true, facts: { sql: inspection.facts } };
  return {
    ok: false,
    cause: 'not_understood',
    reason: `The statement was not understood, and what is not understood is not run. ${inspection.notUnderstood.message}`,
    detail: inspection.notUnderstood.reason,
    principal: call.principal,
    session: call.session,
  };
}
