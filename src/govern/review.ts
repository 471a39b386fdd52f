import { identify } from './identify.ts';
import { answerReview } from './answer.ts';
import { receive, type Received, type Refusal } from './received.ts';
import { INTERNAL, refuse } from './refuse.ts';
import { grantMsOf, reviewForm } from './review-form.ts';
import type { CallIo } from './gateway.ts';
import type { OpenedState } from './request-state.ts';
import type { Stations } from './stations.ts';
import type { Answer } from '../model/answer.ts';
import type { Approval } from '../model/approval.ts';
import type { DeskProblem } from '../model/approval-desk.ts';
import type { Principal } from '../model/principal.ts';
import type { CallInput, CallRequest } from '../model/tool-call.ts';

/** The built-in tool by which reviewers are asked in their own client. */
export const REVIEW_TOOL = 'review_approvals';

/**
 * One round of reviewing: takes the reviewer's answer to the form before, then shows the oldest request they may rule
 * on, waiting a while for one to come. Decisions come only from the protocol's answer to the form; the tool has no
 * arguments that could carry one.
 */
export async function review(request: CallRequest, stations: Stations, io: CallIo): Promise<Answer> {
  const received = receive(request, stations, io);
  try {
    const caller = received.watch.lap('identify', await identify(received, stations));
    if (!caller.ok) return await refuse(caller, received, stations);
    const { principal } = caller;
    const session = stations.enterSession(principal, request.origin);
    if (!received.rules.policies.couldApprove(principal))
      return await refuse({ ...NO_REVIEWER, principal, session }, received, stations);

    const heard = await hear(request.input, principal, stations);
    if (!heard.ok) return await refuse({ ...heard, principal, session }, received, stations);
    if (heard.over) return answerReview(await stations.desk.inbox(principal), heard.notes, received);

    const next = await nextFor(principal, heard.later, received, stations);
    if (next === null || !request.origin.elicitation.form)
      return answerReview(await stations.desk.inbox(principal), heard.notes, received);
    await stations.desk.asked(next, 'review_tool', principal.id);
    const state: OpenedState = { purpose: 'review', approval: next.request.id, later: heard.later };
    return {
      outcome: 'input_required',
      call: received.id,
      ask: reviewForm(next, heard.notes, stations.now()),
      state: stations.requestState.seal(state, principal, stations.now()),
    };
  } catch (bug) {
    stations.alarm(received.id, 'review', bug);
    return await refuse(INTERNAL, received, stations);
  }
}

const NO_REVIEWER = {
  ok: false,
  cause: 'unknown_tool',
  reason: 'There is no tool of that name.',
} as const satisfies Refusal;

interface Heard {
  readonly ok: true;
  /** The reviewer closed the form: reviewing ends. */
  readonly over: boolean;
  readonly later: readonly string[];
  /** What became of the answer before, for the reviewer. */
  readonly notes: readonly string[];
}

async function hear(
  input: CallInput | null,
  principal: Principal,
  stations: Stations,
): Promise<Heard | Refusal> {
  if (input === null) return { ok: true, over: false, later: [], notes: [] };
  const state = stations.requestState.open(input.state, principal, stations.now());
  if (state === null || state.purpose !== 'review')
    return {
      ok: false,
      cause: 'approval_required',
      reason: 'The answer belongs to no question of this reviewer.',
    };
  const { approval, later } = state;
  if (input.action !== 'accept') return { ok: true, over: true, later, notes: [] };
  const { decision, comment, duration } = input.content;
  if (decision !== 'approve' && decision !== 'decline')
    return { ok: true, over: false, later: [...later, approval], notes: [`${approval} is left for later.`] };
  const ruled = await stations.desk.rule(approval, principal, {
    approve: decision === 'approve',
    comment: typeof comment === 'string' ? comment : '',
    grantMs: typeof duration === 'string' ? grantMsOf(duration) : null,
    channel: 'review_tool',
    // The answer came through the reviewer's client, which may have hooks that answer by themselves.
    assurance: 'low',
  });
  const note = ruled.ok
    ? `${approval}: ${decision === 'approve' ? 'approved' : 'declined'}.`
    : `${approval}: ${PROBLEMS[ruled.problem]}`;
  return { ok: true, over: false, later, notes: [note] };
}

export const PROBLEMS: Readonly<Record<DeskProblem, string>> = {
  not_found: 'there is no such request.',
  not_pending: 'it was decided, revoked, used or ran out meanwhile.',
  not_allowed: 'policy does not let you decide it.',
  not_a_person: 'services do not approve.',
  already_ruled: 'you have decided it already.',
  grant_too_long: 'policy does not allow a grant of that length.',
};

async function nextFor(
  principal: Principal,
  later: readonly string[],
  { io }: Received,
  stations: Stations,
): Promise<Approval | null> {
  const first = async (): Promise<Approval | null> =>
    (await stations.desk.inbox(principal)).find(({ request }) => !later.includes(request.id)) ?? null;
  const found = await first();
  if (found !== null) return found;
  const started = stations.now();
  const timer = setInterval(() => {
    io.progress?.({ elapsedMs: stations.now() - started, message: 'waiting for requests to review' });
  }, 1000);
  try {
    await stations.desk.arrived(principal, stations.approvalWaitMs, io.signal, later);
  } finally {
    clearInterval(timer);
  }
  return io.signal.aborted ? null : await first();
}
