import { randomUUID } from 'node:crypto';
import type { CallIo, Gateway } from '../govern/gateway.ts';
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
export type Elicit = (ask: InputAsk, signal: AbortSignal) => Promise<PersonsAnswer>;

/** Sends a request to the client. It rejects on timeout, on an error of the client, and where the connection ends. */
type SendRequest = (
  request: { readonly method: 'elicitation/create'; readonly params: Record<string, unknown> },
  options: { readonly signal: AbortSignal; readonly timeout: number },
) => Promise<unknown>;

export interface ElicitorOptions {
  readonly send: SendRequest;
  readonly protocolVersion: string;
  readonly timeoutMs: number;
  readonly onError: (error: Error) => void;
}

const putAside: PersonsAnswer = { action: 'cancel', content: {} };

/** Asks by `elicitation/create`, as the revisions of 2025 do. */
export function createElicitor({ send, protocolVersion, timeoutMs, onError }: ElicitorOptions): Elicit {
  return async (ask, signal) => {
    if (signal.aborted) return putAside;
    const params = elicitationParams(ask, protocolVersion);
    const request = {
      method: 'elicitation/create',
      // 2025-11-25 client/elicitation: every question of URL mode has an id of its own.
      params: params.mode === 'url' ? { ...params, elicitationId: randomUUID() } : { ...params },
    } as const;
    try {
      return readAnswer(await send(request, { signal, timeout: timeoutMs })) ?? putAside;
    } catch (error) {
      onError(error instanceof Error ? error : new Error('elicitation failed'));
      return putAside;
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
  const call = (again: CallRequest): Promise<Answer> => {
    const { signal, progress } = io;
    if (progress === undefined) return gateway.call(again, { signal });
    const before = elapsed();
    return gateway.call(again, {
      signal,
      progress: ({ elapsedMs, message }) => progress({ elapsedMs: before + elapsedMs, message }),
    });
  };

  let answer = await call(request);
  for (let round = 1; answer.outcome === 'input_required' && round <= maxRounds + 1; round += 1) {
    const { ask, state } = answer;
    if (!request.origin.elicitation[ask.mode]) return answer;
    const reply =
      round > maxRounds ? putAside : await waitFor(elicit(ask, AbortSignal.any([io.signal, gone])));
    answer = await call({ ...request, input: { state, ...reply } });
  }
  return answer;

  async function waitFor(reply: Promise<PersonsAnswer>): Promise<PersonsAnswer> {
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
