import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/server';
import type { Gateway } from '../govern/gateway.ts';
import { REVIEW_TOOL } from '../govern/review.ts';
import { createElicitor } from './call-in-session.ts';
import { toCallRequest } from './call-request.ts';
import type { Caller } from './caller.ts';
import { declaredElicitation } from './elicitation.ts';
import type { Inflight } from './inflight.ts';
import { reviewInBackground, type ReviewTurns } from './reviewer.ts';

export interface ReviewSessionOptions {
  readonly gateway: Gateway;
  readonly running: Inflight;
  /** Of the 2025 era, with its client initialized. */
  readonly server: Server;
  readonly turns: ReviewTurns;
  /** Asked for once it is known that the client takes questions. */
  readonly caller: () => Caller | Promise<Caller>;
  readonly elicitMs: number;
  /** Aborted when the way to the client is closed, or the server shuts down. */
  readonly signal: AbortSignal;
  readonly onError: (error: Error) => void;
}

/** Asks the person behind a session for reviews, if the client takes questions, until the signal is aborted. */
export async function reviewInSession(options: ReviewSessionOptions): Promise<void> {
  const { gateway, server, signal, elicitMs, onError } = options;
  const protocolVersion = server.getNegotiatedProtocolVersion() ?? '';
  const elicitation = declaredElicitation(server.getClientCapabilities(), protocolVersion);
  if (!elicitation.form && !elicitation.url) return;
  const caller = await options.caller();
  await reviewInBackground({
    gateway,
    running: options.running,
    turns: options.turns,
    signal,
    mayReview: () => gateway.tools(caller.principal).some(({ name }) => name === REVIEW_TOOL),
    request: (input) =>
      toCallRequest(
        {
          tool: REVIEW_TOOL,
          arguments: {},
          protocolVersion,
          client: server.getClientVersion(),
          meta: undefined,
          elicitation,
          input,
        },
        caller,
      ),
    elicit: createElicitor({
      send: (request, settings) => server.request(request, settings),
      notify: (notification) => server.notification(notification),
      protocolVersion,
      timeoutMs: elicitMs,
      onError,
    }),
  });
}

/** How often a stream that is being opened is looked at. Milliseconds. */
const lookMs = 20;

/**
 * The same over the stream that a client of the 2025 era opens by GET. Only its head says whether the SDK took it, as
 * it takes one a session.
 */
export async function reviewOverStream(options: ReviewSessionOptions, res: ServerResponse): Promise<void> {
  while (!res.headersSent && !options.signal.aborted) await sleep(lookMs);
  if (res.statusCode === 200 && !options.signal.aborted) await reviewInSession(options);
}
