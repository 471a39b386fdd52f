import { askOf } from './ask-requester.ts';
import { refusalOver } from './refusal-over.ts';
import type { Received, Refusal } from './received.ts';
import type { Purpose } from './request-state.ts';
import type { Stations } from './stations.ts';
import type { Approval } from '../model/approval.ts';
import type { DeskResult } from '../model/approval-desk.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** Takes what came back from the client: only the protocol's own field counts, never an argument. */
export async function hear(
  approval: Approval,
  call: ToolCall,
  received: Received,
  stations: Stations,
): Promise<Heard | Refusal> {
  const { input } = received.request;
  if (input === null) return { ok: true, approval, visiting: false };
  const state = stations.requestState.open(input.state, call.principal, stations.now());
  if (state === null || state.approval !== approval.request.id || !OF_REQUESTER.includes(state.purpose))
    return refusalOver(
      approval,
      call,
      'The answer that came with this call belongs to another request.',
      'approval_required',
    );
  if (input.action === 'cancel')
    return refusalOver(approval, call, 'The question was put aside without an answer.', 'approval_required');

  const { id } = approval.request;
  // To follow the link is no decision: that is taken on the page, by whoever signs in there.
  if (state.purpose === 'visit' && input.action === 'accept') return { ok: true, approval, visiting: true };
  if (state.purpose === 'visit' && askOf(approval) === 'justify')
    return refusalOver(approval, call, 'No justification was given.', 'approval_required');
  let result: DeskResult;
  if (state.purpose === 'justify') {
    const why = input.content['justification'];
    if (input.action !== 'accept' || typeof why !== 'string' || why.trim() === '')
      return refusalOver(approval, call, 'No justification was given.', 'approval_required');
    result = await stations.desk.justify(id, call.principal, why);
  } else {
    result = await stations.desk.rule(id, call.principal, {
      approve:
        state.purpose === 'approve' && input.action === 'accept' && input.content['decision'] === 'approve',
      comment: '',
      grantMs: null,
      channel: 'elicitation',
      assurance: 'low',
    });
  }
  if (result.ok) return { ...result, visiting: false };
  // Replayed, or overtaken by somebody else's decision: what the store says now is what counts.
  const now = await stations.desk.changed(id, 0, 0, received.io.signal);
  return { ok: true, approval: now ?? approval, visiting: false };
}

export interface Heard {
  readonly ok: true;
  readonly approval: Approval;
  /** The person follows the link: they are not asked again while this call waits. */
  readonly visiting: boolean;
}

/** What a state may be for that this station sealed; those of reviewers answer nothing here. */
const OF_REQUESTER: readonly Purpose[] = ['justify', 'approve', 'visit'];
