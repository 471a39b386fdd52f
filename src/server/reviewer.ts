import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '../govern/gateway.ts';
import type { Answer } from '../model/answer.ts';
import type { CallInput, CallRequest } from '../model/tool-call.ts';
import type { Elicit } from './call-in-session.ts';
import type { Inflight } from './inflight.ts';

/** Milliseconds between one review and the next. */
const pace = {
  /** The wait for a request is the gateway's; where it does not wait, it is asked no oftener than this. */
  againMs: 1_000,
  /** After an error: doubled with each, from `againMs` up to this. */
  errorMs: 60_000,
  /** After a reviewer closed the form, who is not to be pestered: doubled with each, up to `quietMaxMs`. */
  quietMs: 60_000,
  quietMaxMs: 900_000,
  /** How soon it is seen that policy makes a principal a reviewer. */
  lookAgainMs: 60_000,
} as const;

/** Keeps a session to one review at a time: that which the client calls for itself goes first. */
export interface ReviewTurns {
  /** The client began to review by itself. Returns the way to say that it is over. */
  enter(): () => void;
  /** Resolves when the client is not reviewing by itself. */
  free(): Promise<void>;
  /** Aborted when the client begins to review by itself. */
  taken(): AbortSignal;
}

export function createReviewTurns(): ReviewTurns {
  let own = 0;
  let taken = new AbortController();
  let waiting: (() => void)[] = [];
  return {
    enter() {
      own += 1;
      taken.abort();
      return () => {
        own -= 1;
        if (own > 0) return;
        taken = new AbortController();
        for (const resume of waiting) resume();
        waiting = [];
      };
    },
    free: () => (own === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    taken: () => taken.signal,
  };
}

export interface ReviewerOptions {
  readonly gateway: Gateway;
  readonly running: Inflight;
  readonly turns: ReviewTurns;
  /** The call of `review_approvals` that this session makes, with what the reviewer said. */
  readonly request: (input: CallInput | null) => CallRequest;
  /** Whether the principal has the tool now. */
  readonly mayReview: () => boolean;
  readonly elicit: Elicit;
  /** Aborted when the session can be asked nothing more, or the server shuts down. */
  readonly signal: AbortSignal;
}

/**
 * Asks the reviewer behind an idle session as soon as a request appears, by calling `review_approvals` in their name
 * again and again: the gateway waits inside the call. Whoever has not got the tool is never asked. Resolves when the
 * signal is aborted, or the credential is good no more. Never rejects.
 */
export async function reviewInBackground(options: ReviewerOptions): Promise<void> {
  const { turns, mayReview, signal } = options;
  let errors = 0;
  let dismissals = 0;
  let round: Round = { resume: null };
  while (!signal.aborted) {
    if (!mayReview()) {
      await nap(pace.lookAgainMs, signal);
      continue;
    }
    await untilAborted(turns.free(), signal);
    if (signal.aborted) return;
    const began = performance.now();
    const reviewed = await review(options, round);
    const { end } = reviewed;
    round = reviewed;
    errors = end === 'failed' ? errors + 1 : 0;
    dismissals = end === 'dismissed' ? dismissals + 1 : end === 'decided' ? 0 : dismissals;
    switch (end) {
      case 'unidentified':
        return;
      case 'yielded':
        break;
      case 'decided':
      case 'nothing':
        await nap(pace.againMs - (performance.now() - began), signal);
        break;
      case 'failed':
        await nap(Math.min(pace.againMs * 2 ** (errors - 1), pace.errorMs), signal);
        break;
      case 'dismissed':
        await nap(Math.min(pace.quietMs * 2 ** (dismissals - 1), pace.quietMaxMs), signal);
        break;
    }
  }
}

type ReviewEnd = 'decided' | 'dismissed' | 'nothing' | 'failed' | 'unidentified' | 'yielded';

/**
 * What is left of a review for the next one. To whom a link was given it is not given again every few seconds, as long
 * as it waits for them: `resume` brings the gateway back to where that was.
 */
interface Round {
  readonly resume: CallInput | null;
}

async function review(
  options: ReviewerOptions,
  { resume }: Round,
): Promise<Round & { readonly end: ReviewEnd }> {
  const { gateway, running, turns, request, elicit, signal } = options;
  const taken = turns.taken();
  const over = running.enter();
  try {
    // Only the wait for a request gives way to the client's own review; what a reviewer said is always brought home.
    const first = request(resume);
    const { origin } = first;
    let answer = await gateway.call(first, { signal: AbortSignal.any([signal, taken]) });
    if (taken.aborted) return { end: 'yielded', resume };
    let asked: ReviewEnd | null = null;
    let left = resume;
    while (answer.outcome === 'input_required' && origin.elicitation[answer.ask.mode]) {
      const { ask, state } = answer;
      const { answer: said, visited } = await elicit(ask, signal);
      asked = said.action === 'accept' ? 'decided' : 'dismissed';
      const input = { state, ...said };
      if (visited !== undefined) left = input;
      answer = await gateway.call(request(input), {
        signal,
        ...(visited === undefined ? {} : { visited }),
      });
    }
    const failed = endOf(answer);
    // A state that is not taken any more would not be taken the next time.
    return failed === null ? { end: asked ?? 'nothing', resume: left } : { end: failed, resume: null };
  } finally {
    over();
  }
}

/** Null for a review that ended as reviews do. */
function endOf(answer: Answer): ReviewEnd | null {
  if (answer.outcome === 'answered') return null;
  return answer.outcome === 'refused' && answer.cause === 'unidentified' ? 'unidentified' : 'failed';
}

async function nap(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  // An abort ends the nap early; that is all it means.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    void promise.then(done);
  });
}
