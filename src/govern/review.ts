import { identify } from './identify.ts';
import { answerReview } from './answer.ts';
import { receive, type Received, type Refusal } from './received.ts';
import { INTERNAL, refuse } from './refuse.ts';
import { grantMsOf, reviewQuestion } from './review-form.ts';
import type { CallIo } from './gateway.ts';
import type { OpenedState } from './request-state.ts';
import type { Stations } from './stations.ts';
import type { Answer, InputAsk } from '../model/answer.ts';
import type { Approval } from '../model/approval.ts';
import type { DeskProblem } from '../model/approval-desk.ts';
import type { Principal } from '../model/principal.ts';
import type { CallRequest } from '../model/tool-call.ts';

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

    const heard = await hear(principal, received, stations);
    if (!heard.ok) return await refuse({ ...heard, principal, session }, received, stations);
    const { notes } = heard;
    if (heard.over) return await endReview();

    const next = await nextFor(principal, heard, received, stations);
    if (next === null) return await endReview();
    const { approval, ask } = next;
    const byLink = ask.mode === 'url';
    await stations.desk.asked(approval, byLink ? 'link' : 'review_tool', principal.id);
    const state: OpenedState = {
      purpose: byLink ? 'review_visit' : 'review',
      approval: approval.request.id,
      later: heard.later,
    };
    return {
      outcome: 'input_required',
      call: received.id,
      ask,
      state: stations.requestState.seal(state, principal, stations.now()),
    };

    async function endReview(): Promise<Answer> {
      return answerReview(await stations.desk.inbox(principal), notes, received, stations.pageOf);
    }
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

async function hear(principal: Principal, received: Received, stations: Stations): Promise<Heard | Refusal> {
  const { input } = received.request;
  if (input === null) return { ok: true, over: false, later: [], notes: [] };
  const state = stations.requestState.open(input.state, principal, stations.now());
  if (state === null || (state.purpose !== 'review' && state.purpose !== 'review_visit'))
    return {
      ok: false,
      cause: 'approval_required',
      reason: 'The answer belongs to no question of this reviewer.',
    };
  const { approval, later } = state;
  if (input.action !== 'accept') return { ok: true, over: true, later, notes: [] };
  if (state.purpose === 'review_visit') {
    const past = [...new Set([...later, approval])];
    const note = await visited(approval, past, principal, received, stations);
    return { ok: true, over: false, later: past, notes: [note] };
  }
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
  not_justified: 'its requester has not said yet why it is needed.',
  low_assurance:
    'policy wants you to sign in for this: on its page, or on the command line with a token of your identity provider.',
  grant_too_long: 'policy does not allow a grant of that length.',
};

/** Waits a while for the reviewer who follows the link, as long as nothing else is there for them to review. */
async function visited(
  id: string,
  past: readonly string[],
  principal: Principal,
  { io }: Received,
  stations: Stations,
): Promise<string> {
  const said = ({ verdicts }: Approval): boolean =>
    verdicts.some(
      ({ by }) => by.kind === principal.kind && by.issuer === principal.issuer && by.id === principal.id,
    );
  const until = stations.now() + stations.approvalWaitMs;
  const { desk, approvalWaitMs } = stations;
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  const more = desk.arrived(principal, approvalWaitMs, signal, past).then(() => over.abort());
  const found = await ticking('waiting for your decision on the page', io, stations, async () => {
    let current = await desk.changed(id, 0, 0, signal);
    while (current !== null && current.status === 'pending' && !said(current) && !signal.aborted) {
      const left = until - stations.now();
      if (left <= 0) break;
      current = await desk.changed(id, current.version, left, signal);
    }
    return current;
  });
  over.abort();
  await more;
  if (found === null || (found.status === 'pending' && !said(found)))
    return `${id} is not decided yet, and is left for later.`;
  io.visited?.();
  return `${id} is ${found.status} now.`;
}

interface Next {
  readonly approval: Approval;
  readonly ask: InputAsk;
}

/**
 * The oldest request that was not put off and that this client can be asked about. Where there is none that could be
 * asked about, it waits a while; but not where some wait that only the page can decide, for of those the answer tells.
 */
async function nextFor(
  principal: Principal,
  { later, notes }: Heard,
  { io, request }: Received,
  stations: Stations,
): Promise<Next | null> {
  const { elicitation } = request.origin;
  const open = async (): Promise<readonly Approval[]> =>
    (await stations.desk.inbox(principal)).filter((one) => !later.includes(one.request.id));
  const first = (waiting: readonly Approval[]): Next | null => {
    for (const approval of waiting) {
      const ask = reviewQuestion(
        approval,
        principal,
        notes,
        stations.now(),
        elicitation,
        stations.pageOf(approval.request.id),
      );
      if (ask !== null) return { approval, ask };
    }
    return null;
  };
  const waiting = await open();
  if (waiting.length > 0) return first(waiting);
  if (!elicitation.form && !elicitation.url) return null;
  await ticking('waiting for requests to review', io, stations, () =>
    stations.desk.arrived(principal, stations.approvalWaitMs, io.signal, later),
  );
  return io.signal.aborted ? null : first(await open());
}

/** Tells the client once a second that the work goes on. */
async function ticking<T>(
  message: string,
  io: CallIo,
  stations: Stations,
  work: () => Promise<T>,
): Promise<T> {
  const started = stations.now();
  const timer = setInterval(() => {
    io.progress?.({ elapsedMs: stations.now() - started, message });
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
