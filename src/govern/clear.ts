import { askOf, asksWhom, howToDecide, questionFor, waitsFor } from './ask-requester.ts';
import { decide, type Allowed, type Asked } from './decide.ts';
import { asTask, file } from './file-request.ts';
import { hear, type Heard } from './hear-requester.ts';
import { refusalOver } from './refusal-over.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { HeldCall } from '../model/approval-desk.ts';
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
  const asked = heard.visiting ? null : await askRequester(heard.approval, call, stations);
  if (asked !== null) return asked;
  const settled = await wait(heard, received, stations);
  return settle(settled, call, facts, received, stations.pageOf(settled.request.id));
}

/** Asks the requester's own human, through their client, where policy says so and the client can. */
async function askRequester(approval: Approval, call: ToolCall, stations: Stations): Promise<Held | null> {
  const { id } = approval.request;
  const question = questionFor(approval, call.arguments, call.origin.elicitation, stations.pageOf(id));
  if (question === null) return null;
  const { purpose, ask } = question;
  await stations.desk.asked(approval, purpose === 'visit' ? 'link' : 'elicitation', call.principal.id);
  const state = { purpose, approval: id, later: [] };
  return {
    ok: false,
    held: 'input_required',
    approval,
    call,
    reason: approval.request.reason,
    ask,
    state: stations.requestState.seal(state, call.principal, stations.now()),
  };
}

async function wait({ approval, visiting }: Heard, { io }: Received, stations: Stations): Promise<Approval> {
  const started = stations.now();
  const until = started + stations.approvalWaitMs;
  let current = approval;
  let expected = visiting;
  const timer = setInterval(() => {
    io.progress?.({ elapsedMs: stations.now() - started, message: waitsFor(current) });
  }, 1000);
  try {
    while (current.status === 'pending' && !io.signal.aborted) {
      const left = until - stations.now();
      if (left <= 0) break;
      current =
        (await stations.desk.changed(current.request.id, current.version, left, io.signal)) ?? current;
      if (!expected || (current.status === 'pending' && askOf(current) !== null)) continue;
      expected = false;
      io.visited?.();
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
  page: string | null,
): Cleared | Refusal | Held {
  const { id, expiresAt } = approval.request;
  switch (approval.status) {
    case 'approved': {
      const decided = decide(call, facts, received.rules, true);
      if (!decided.ok) return { ...decided, approval: id };
      // Policy that asks although it is told of an approval can never be satisfied.
      if (decided.decision.effect === 'ask')
        return refusalOver(approval, call, decided.decision.reason, 'approval_required');
      return { ok: true, decision: decided.decision, grant: approval };
    }
    case 'pending': {
      const until = new Date(expiresAt).toISOString();
      const reason =
        `${approval.request.reason} It waits for the approval of ${asksWhom(approval)} under ${id}, until ${until}.` +
        `${howToDecide(approval, page)} ` +
        'Tell the user, and make the same call with the same arguments again once it is approved.';
      return { ok: false, held: 'awaiting_approval', approval, call, reason };
    }
    case 'declined': {
      const by = approval.verdicts.find((verdict) => !verdict.approve);
      const said = by === undefined || by.comment === '' ? '' : ` They said: ${by.comment}`;
      return refusalOver(
        approval,
        call,
        `${by?.by.id ?? 'A reviewer'} declined ${id}.${said}`,
        'approval_declined',
      );
    }
    case 'revoked':
      return refusalOver(approval, call, `${id} was revoked before it was used.`, 'approval_declined');
    case 'expired':
      return refusalOver(
        approval,
        call,
        `Nobody approved ${id} in time. Call again to ask again.`,
        'approval_expired',
      );
    case 'spent':
      return refusalOver(
        approval,
        call,
        `${id} was used for a call like this one. Call again to ask again.`,
        'approval_expired',
      );
  }
}
