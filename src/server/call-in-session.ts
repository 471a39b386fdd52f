import { randomUUID } from 'node:crypto';
import type { CallIo, Gateway, Progress } from '../govern/gateway.ts';
import type { Answer, InputAsk } from '../model/answer.ts';
import type { CallRequest } from '../model/tool-call.ts';
import { readAnswer, type PersonsAnswer } from './call-input.ts';
import { elicitationParams } from './elicitation.ts';

/** As many as clients of 2026-07-28 go through before they give a call up. */
const maxRounds = 10;

/** How often a client that waits for its person is told that the call lives. */
const progressMs = 1_000;

/** How long a person may take to answer before the question is taken back. Milliseconds. */
export const defaultElicitMs = 600_000;

/** Puts a question to the person behind a client. Never throws: whoever does not answer has put it aside. */
export type Elicit = (ask: InputAsk, signal: AbortSignal) => Promise<Elicited>;

interface Elicited {
  readonly answer: PersonsAnswer;
  /** Of a link: tells the client that its person is done with the page. */
  readonly visited?: () => void;
}

/** Sends a request to the client. It rejects on timeout, on an error of the client, and where the connection ends. */
type SendRequest = (
  request: { readonly method: 'elicitation/create'; readonly params: Record<string, unknown> },
  options: { readonly signal: AbortSignal; readonly timeout: number },
) => Promise<unknown>;

/** Sends a notification to the client; rejects where the connection has ended. */
type SendNotification = (notification: {
  readonly method: 'notifications/elicitation/complete';
  readonly params: { readonly elicitationId: string };
}) => Promise<void>;

export interface ElicitorOptions {
  readonly send: SendRequest;
  readonly notify: SendNotification;
  readonly protocolVersion: string;
  readonly timeoutMs: number;
  readonly onError: (error: Error) => void;
}

const putAside: PersonsAnswer = { action: 'cancel', content: {} };
const nobodyAnswered: Elicited = { answer: putAside };

/** Asks by `elicitation/create`, as the revisions of 2025 do. */
export function createElicitor(options: ElicitorOptions): Elicit {
  const { send, notify, protocolVersion, timeoutMs } = options;
  const onError = (error: unknown): void =>
    options.onError(error instanceof Error ? error : new Error('elicitation failed'));
  return async (ask, signal) => {
    if (signal.aborted) return nobodyAnswered;
    const params = elicitationParams(ask, protocolVersion);
    // 2025-11-25 client/elicitation: every question of URL mode has an id of its own, for the notification that it is over.
    const elicitationId = randomUUID();
    const request = {
      method: 'elicitation/create',
      params: params.mode === 'url' ? { ...params, elicitationId } : { ...params },
    } as const;
    try {
      const answer = readAnswer(await send(request, { signal, timeout: timeoutMs })) ?? putAside;
      if (params.mode !== 'url' || answer.action !== 'accept') return { answer };
      const complete = { method: 'notifications/elicitation/complete', params: { elicitationId } } as const;
      return { answer, visited: () => void notify(complete).catch(onError) };
    } catch (error) {
      onError(error);
      return nobodyAnswered;
    }
  };
}

export interface SessionCall {
  readonly gateway: Gateway;
  readonly request: CallRequest;
  readonly io: CallIo;
  readonly elicit: Elicit;
  /** Aborted when nobody can be asked any more, though the call may still run. */
  readonly gone: AbortSignal;
}

/**
 * A call in a session of the 2025 era. Where it requires input, the person is asked while the call is held, and it is
 * made again with what they said, for at most ten rounds; after that, the question counts as put aside.
 */
export async function callInSession({ gateway, request, io, elicit, gone }: SessionCall): Promise<Answer> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);

  /** Each call of the gateway counts from its own beginning; the client is to see one count that only grows. */
  const call = (again: CallRequest, visited?: () => void): Promise<Answer> => {
    const { signal, progress } = io;
    const before = elapsed();
    return gateway.call(again, {
      signal,
      ...(visited === undefined ? {} : { visited }),
      ...(progress === undefined
        ? {}
        : {
            progress: ({ elapsedMs, message }: Progress) =>
              progress({ elapsedMs: before + elapsedMs, message }),
          }),
    });
  };

  let answer = await call(request);
  for (let round = 1; answer.outcome === 'input_required' && round <= maxRounds + 1; round += 1) {
    const { ask, state } = answer;
    if (!request.origin.elicitation[ask.mode]) return answer;
    const reply =
      round > maxRounds ? nobodyAnswered : await waitFor(elicit(ask, AbortSignal.any([io.signal, gone])));
    answer = await call({ ...request, input: { state, ...reply.answer } }, reply.visited);
  }
  return answer;

  async function waitFor(reply: Promise<Elicited>): Promise<Elicited> {
    const timer = setInterval(() => {
      io.progress?.({ elapsedMs: elapsed(), message: 'waiting for an answer to the question' });
    }, progressMs);
    try {
      return await reply;
    } finally {
      clearInterval(timer);
    }
  }
}
