import { mayBeTask } from './create-task.ts';
import { refusalOver } from './refusal-over.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { HeldCall } from '../model/approval-desk.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** What this call waits for. The call of a task waits for what its task was made for, and files nothing anew. */
export async function file(
  held: HeldCall,
  { task, io }: Received,
  stations: Stations,
): Promise<Approval | Refusal> {
  const found = await stations.desk.find(held);
  // A decline stands for as long as the request would have; what merely ran out may be asked again.
  const standing = found !== null && ['pending', 'approved', 'declined'].includes(found.status);
  if (task === null) {
    if (standing) return found;
    const unheard = nobodyToAsk(held);
    if (unheard !== null) return unheard;
    const filed = await stations.desk.request(held);
    return filed === 'too_many' ? notFiled(held, TOO_MANY) : filed;
  }
  if (found !== null && (found.status === 'approved' || found.request.id === task.stored.approval))
    return found;
  const own = await stations.desk.changed(task.stored.approval, 0, 0, io.signal);
  if (own === null) throw new Error('a task waits for an approval that is not there');
  if (own.status !== 'pending' && own.status !== 'approved') return own;
  return refusalOver(
    own,
    held.call,
    'What this waited for is not what policy asks for any more. Call again to ask again.',
    'approval_required',
  );
}

/** The client polls for what waits: it is told of a task at once, and the person is asked by way of that. */
export async function asTask(
  approval: Approval,
  call: ToolCall,
  { task }: Received,
  stations: Stations,
): Promise<Held | null> {
  if (approval.status !== 'pending') return null;
  if (task === null && !(await mayBeTask(call, stations))) return null;
  return { ok: false, held: 'task', approval, call, reason: approval.request.reason };
}

const TOO_MANY =
  'You have as many requests for approval pending as one may have. Nothing was asked. Wait until some are decided or ' +
  'run out, or withdraw them.';

/** A service has no person behind it who could say why, or yes. Waiting for one would end in nothing. */
function nobodyToAsk(held: HeldCall): Refusal | null {
  if (held.call.principal.kind !== 'service') return null;
  const asksIt = held.decision.demands.some(({ from, justify }) => from === 'requester' || justify);
  return asksIt ? notFiled(held, `${held.decision.reason} ${NO_PERSON}`) : null;
}

const NO_PERSON =
  'Policy asks the person behind the caller, and a service has none. Call as a person, or ask for another policy.';

function notFiled({ call, decision }: HeldCall, reason: string): Refusal {
  return {
    ok: false,
    cause: 'approval_required',
    reason,
    policies: decision.policies.map(({ id }) => id),
    principal: call.principal,
    session: call.session,
  };
}
