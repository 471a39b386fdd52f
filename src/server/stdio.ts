import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio as serveSdkStdio } from '@modelcontextprotocol/server/stdio';
import type { Gateway } from '../govern/gateway.ts';
import type { JsonObject } from '../model/json.ts';
import { defaultElicitMs } from './call-in-session.ts';
import type { Caller } from './caller.ts';
import { createInflight } from './inflight.ts';
import { announceLists, createMcpServer } from './mcp-server.ts';
import { reviewInSession } from './review-in-session.ts';
import { createReviewTurns, type ReviewTurns } from './reviewer.ts';
import { guardedTransport } from './stdio-guard.ts';

export interface StdioOptions {
  readonly gateway: Gateway;
  readonly stdin: Readable;
  /** Takes protocol messages and nothing else. */
  readonly stdout: Writable;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', fields: JsonObject, message: string) => void;
}

export interface StdioFront {
  /** Resolves when the client closed standard input (or `close` was called) and no call is running any more. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** How long a call that was cancelled by the end of the connection may take to record its outcome. */
const afterCancelMs = 2_000;

/**
 * Serves the gateway to the one client on standard input and output, in whichever era it opens. The caller is the
 * configured local user. The process is the session: one id for all its calls.
 */
export async function serveStdio({ gateway, stdin, stdout, log }: StdioOptions): Promise<StdioFront> {
  const transportSession = `stdio_${randomUUID()}`;
  const running = createInflight();

  async function localCaller(): Promise<Caller> {
    const identified = await gateway.identify({ kind: 'local' });
    if (!identified.ok) {
      await gateway.doorRefused({
        failure: identified.failure,
        detail: identified.detail,
        transport: 'stdio',
      });
      throw new Error(`not identified: ${identified.failure}`);
    }
    return {
      credential: { kind: 'local' },
      principal: identified.principal,
      transport: 'stdio',
      transportSession,
    };
  }

  const onError = (error: Error): void => log('debug', { error: error.message }, 'protocol');
  const ending = new AbortController();

  async function review(server: Server, turns: ReviewTurns): Promise<void> {
    const { signal } = ending;
    await reviewInSession({
      gateway,
      running,
      server,
      turns,
      caller: localCaller,
      elicitMs: defaultElicitMs,
      signal,
      onError,
    });
  }

  const servers = new Set<ReturnType<typeof createMcpServer>>();
  const transport = guardedTransport(new StdioServerTransport(stdin, stdout));
  const handle = serveSdkStdio(
    ({ era }) => {
      const turns = createReviewTurns();
      const ownReview = (): (() => void) => turns.enter();
      const server = createMcpServer({
        gateway,
        era,
        caller: localCaller,
        running,
        elicitMs: defaultElicitMs,
        ownReview,
      });
      // Of the 2025 era alone: a client of 2026-07-28 does not initialize, and can't be asked out of turn.
      server.oninitialized = () => {
        review(server, turns).catch(onError);
      };
      servers.add(server);
      return server;
    },
    { transport, onerror: onError },
  );
  const stopListening = gateway.onListsChanged(() => {
    for (const server of servers) {
      if (server.transport !== undefined) announceLists(server).catch(onError);
    }
  });

  const closed = transport.closed.then(async () => {
    stopListening();
    ending.abort();
    await running.idle(afterCancelMs);
    gateway.sessionEnded(transportSession, 'stdio closed');
  });
  return {
    closed,
    async close() {
      await handle.close();
      await closed;
    },
  };
}
