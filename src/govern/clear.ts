import { askOf, asksWhom, formFor, waitsFor } from './ask-requester.ts';
import { mayBeTask } from './create-task.ts';
import { decide, type Allowed, type Asked } from './decide.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { DeskResult, HeldCall } from '../model/approval-desk.ts';
import type { Facts } from '../model/facts.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** An allow, and the grant it rests on where it rests on one. */
export interface Cleared {
  readonly ok: true;
  readonly decision: Allowed;
  readonly grant: Approval | null;
}

/**
 * Clears a call that policy holds: finds or files the request for exactly this act, hears what the requester's human
 * said, waits a while for reviewers, and decides again with what they said. Nothing of it is kept in memory: a call
 * that is answered `awaiting_approval` is picked up by the next one with the same arguments, on any process.
 */
export async function clear(
  call: ToolCall,
  facts: Facts,
  decision: Allowed | Asked,
  received: Received,
  stations: Stations,
): Promise<Cleared | Refusal | Held> {
  if (decision.effect === 'allow') return { ok: true, decision, grant: null };
  const held: HeldCall = { call, facts, decision, rules: received.rules.digest };
  const filed = await file(held, received, stations);
  if ('cause' in filed) return filed;

  const heard = await hear(filed, call, received, stations);
  if (!heard.ok) return heard;
  const task = await asTask(heard.approval, call, received, stations);
  if (task !== null) return task;
  const asked = await askRequester(heard.approval, call, stations);
  if (asked !== null) return asked;
  const settled = await wait(heard.approval, received, stations);
  return settle(settled, call, facts, received);
}

/** What this call waits for. The call of a task waits for what its task was made for, and files nothing anew. */
async function file(held: HeldCall, { task, io }: Received, stations: Stations): Promise<Approval | Refusal> {
  const found = await stations.desk.find(held);
  // A decline stands for as long as the request would have; what merely ran out may be asked again.
  const standing = found !== null && ['pending', 'approved', 'declined'].includes(found.status);
  if (task === null) return standing ? found : await stations.desk.request(held);
  if (found !== null && (found.status === 'approved' || found.request.id === task.stored.approval))
    return found;
  const own = await stations.desk.changed(task.stored.approval, 0, 0, io.signal);
  if (own === null) throw new Error('a task waits for an approval that is not there');
  if (own.status !== 'pending' && own.status !== 'approved') return own;
  return refusal(
    own,
    held.call,
    'What this waited for is not what policy asks for any more. Call again to ask again.',
    'approval_required',
  );
}

/** The client polls for what waits: it is told of a task at once, and the person is asked by way of that. */
async function asTask(
  approval: Approval,
  call: ToolCall,
  { task }: Received,
  stations: Stations,
): Promise<Held | null> {
  if (approval.status !== 'pending') return null;
  if (task === null && !(await mayBeTask(call, stations))) return null;
  return { ok: false, held: 'task', approval, call, reason: approval.request.reason };
}

/** Takes what came back from the client: only the protocol's own field counts, never an argument. */
async function hear(
  approval: Approval,
  call: ToolCall,
  received: Received,
  stations: Stations,
): Promise<{ readonly ok: true; readonly approval: Approval } | Refusal> {
  const { input } = received.request;
  if (input === null) return { ok: true, approval };
  const state = stations.requestState.open(input.state, call.principal, stations.now());
  if (state === null || state.approval !== approval.request.id || state.purpose === 'review')
    return refusal(
      approval,
      call,
      'The answer that came with this call belongs to another request.',
      'approval_required',
    );
  if (input.action === 'cancel')
    return refusal(approval, call, 'The question was put aside without an answer.', 'approval_required');

  const { id } = approval.request;
  let result: DeskResult;
  if (state.purpose === 'justify') {
    const why = input.content['justification'];
    if (input.action !== 'accept' || typeof why !== 'string' || why.trim() === '')
      return refusal(approval, call, 'No justification was given.', 'approval_required');
    result = await stations.desk.justify(id, call.principal, why);
  } else {
    result = await stations.desk.rule(id, call.principal, {
      approve: input.action === 'accept' && input.content['decision'] === 'approve',
      comment: '',
      grantMs: null,
      channel: 'elicitation',
      assurance: 'low',
    });
  }
  if (result.ok) return result;
  // Replayed, or overtaken by somebody else's decision: what the store says now is what counts.
  const now = await stations.desk.changed(id, 0, 0, received.io.signal);
  return { ok: true, approval: now ?? approval };
}

/** Asks the requester's own human, through their client, where policy says so and the client can. */
async function askRequester(approval: Approval, call: ToolCall, stations: Stations): Promise<Held | null> {
  const purpose = approval.status === 'pending' && call.origin.elicitation.form ? askOf(approval) : null;
  if (purpose === null) return null;
  await stations.desk.asked(approval, 'elicitation', call.principal.id);
  const state = { purpose, approval: approval.request.id, later: [] };
  return {
    ok: false,
    held: 'input_required',
    approval,
    call,
    reason: approval.request.reason,
    ask: formFor(purpose, approval, call),
    state: stations.requestState.seal(state, call.principal, stations.now()),
  };
}

async function wait(approval: Approval, { io }: Received, stations: Stations): Promise<Approval> {
  const started = stations.now();
  const until = started + stations.approvalWaitMs;
  let current = approval;
  const timer = setInterval(() => {
    io.progress?.({ elapsedMs: stations.now() - started, message: waitsFor(current) });
  }, 1000);
  try {
    while (current.status === 'pending' && !io.signal.aborted) {
      const left = until - stations.now();
      if (left <= 0) break;
      current =
        (await stations.desk.changed(current.request.id, current.version, left, io.signal)) ?? current;
    }
    return current;
  } finally {
    clearInterval(timer);
  }
}

function settle(
  approval: Approval,
  call: ToolCall,
  facts: Facts,
  received: Received,
): Cleared | Refusal | Held {
  const { id, expiresAt } = approval.request;
  switch (approval.status) {
    case 'approved': {
      const decided = decide(call, facts, received.rules, true);
      if (!decided.ok) return { ...decided, approval: id };
      // Policy that asks although it is told of an approval can never be satisfied.
      if (decided.decision.effect === 'ask')
        return refusal(approval, call, decided.decision.reason, 'approval_required');
      return { ok: true, decision: decided.decision, grant: approval };
    }
    case 'pending': {
      const until = new Date(expiresAt).toISOString();
      const reason =
        `${approval.request.reason} It waits for the approval of ${asksWhom(approval)} under ${id}, until ${until}. ` +
        'Tell the user, and make the same call with the same arguments again once it is approved.';
      return { ok: false, held: 'awaiting_approval', approval, call, reason };
    }
    case 'declined': {
      const by = approval.verdicts.find((verdict) => !verdict.approve);
      const said = by === undefined || by.comment === '' ? '' : ` They said: ${by.comment}`;
      return refusal(
        approval,
        call,
        `${by?.by.id ?? 'A reviewer'} declined ${id}.${said}`,
        'approval_declined',
      );
    }
    case 'revoked':
      return refusal(approval, call, `${id} was revoked before it was used.`, 'approval_declined');
    case 'expired':
      return refusal(
        approval,
        call,
        `Nobody approved ${id} in time. Call again to ask again.`,
        'approval_expired',
      );
    case 'spent':
      return refusal(
        approval,
        call,
        `${id} was used for a call like this one. Call again to ask again.`,
        'approval_expired',
      );
  }
}

function refusal(approval: Approval, call: ToolCall, reason: string, cause: Refusal['cause']): Refusal {
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
