import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, RefusalCause } from '../../src/model/answer.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { CallId, CallInput, CallRequest } from '../../src/model/tool-call.ts';
import type { CallIo } from '../../src/govern/gateway.ts';

/** What reviewers said, as it reached the gateway. */
export interface Decided extends CallInput {
  readonly by: string;
}

/** The tools of a fixture gateway that ask people. */
export interface FixtureApprovals {
  readonly names: readonly string[];
  readonly decided: Decided[];
  /** Reviews that wait for a request now. */
  waiting(): number;
  /** A request appears. */
  file(approval: string): void;
  run(id: CallId, request: CallRequest, io: CallIo, answered: (value: JsonObject) => Answer): Promise<Answer>;
}

/** A review waits this long for a request. */
const reviewWaitMs = 2_000;

export const form = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      title: 'Decision',
      enum: ['approve', 'decline'],
      enumNames: ['Approve this once', 'Decline'],
    },
    comment: { type: 'string', title: 'Comment', maxLength: 100 },
  },
  required: ['decision'],
} as const satisfies JsonObject;

export function createFixtureApprovals(): FixtureApprovals {
  const pending: string[] = [];
  const decided: Decided[] = [];
  let waiting = 0;

  /** Asks as often as `rounds` says, and answers with what was said last. */
  async function ask(
    id: CallId,
    request: CallRequest,
    io: CallIo,
    answered: (value: JsonObject) => Answer,
  ): Promise<Answer> {
    const { origin, input } = request;
    io.progress?.({ elapsedMs: 5, message: 'looking at it' });
    const rounds = typeof request.arguments['rounds'] === 'number' ? request.arguments['rounds'] : 1;
    const url = request.tool === 'ask_url';
    if (!origin.elicitation[url ? 'url' : 'form'] && request.tool !== 'ask_anybody') {
      return { outcome: 'awaiting_approval', cause: null, call: id, policies: ['writes'], ...held };
    }
    if (input === null) return question(id, 1, url);
    const round = Number(/^asked-(\d+)$/.exec(input.state)?.[1] ?? 0);
    if (round === 0) return refusal(id, 'approval_required', 'The answer belongs to no question.');
    if (input.action === 'cancel') return refusal(id, 'approval_required', 'The question was put aside.');
    if (input.action === 'decline') return refusal(id, 'approval_declined', 'It was declined.');
    return round < rounds ? question(id, round + 1, url) : answered(input.content);
  }

  async function review(
    id: CallId,
    { input, origin, arguments: args }: CallRequest,
    { signal, progress }: CallIo,
    answered: (value: JsonObject) => Answer,
  ): Promise<Answer> {
    if (input !== null) {
      decided.push({ ...input, by: origin.client.name });
      if (input.action !== 'accept') return answered({ over: true });
      pending.splice(pending.indexOf(input.state), 1);
    }
    const started = performance.now();
    waiting += 1;
    while (pending.length === 0 && !signal.aborted && performance.now() - started < reviewWaitMs) {
      await sleep(10);
      progress?.({ elapsedMs: performance.now() - started, message: 'waiting for requests' });
    }
    waiting -= 1;
    const [next] = pending;
    if (next === undefined || signal.aborted || args['look'] === true)
      return answered({ left: pending.length });
    return {
      outcome: 'input_required',
      call: id,
      ask: { mode: 'form', message: `Review ${next}`, schema: form },
      state: next,
    };
  }

  return {
    names: ['ask', 'ask_url', 'ask_anybody', 'review_approvals'],
    decided,
    waiting: () => waiting,
    file: (approval) => pending.push(approval),
    run: (id, request, io, answered) =>
      request.tool === 'review_approvals'
        ? review(id, request, io, answered)
        : ask(id, request, io, answered),
  };
}

const held = { approval: 'apr_1', reason: 'A DBA is asked. Call again with the same arguments.' };

function question(call: CallId, round: number, url: boolean): Answer {
  const message = `Do this? (${round})`;
  return {
    outcome: 'input_required',
    call,
    ask: url
      ? { mode: 'url', message, url: 'https://gateway.test/console/approvals/apr_1' }
      : { mode: 'form', message, schema: form },
    state: `asked-${round}`,
  };
}

function refusal(call: CallId, cause: RefusalCause, reason: string): Answer {
  return { outcome: 'refused', cause, call, policies: ['writes'], reason, approval: 'apr_1' };
}
