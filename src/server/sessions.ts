import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest, type Server } from '@modelcontextprotocol/server';
import type { Gateway } from '../govern/gateway.ts';
import type { Json } from '../model/json.ts';
import { defaultElicitMs } from './call-in-session.ts';
import { callerOf, ownerKey, ticketFor, type Caller } from './caller.ts';
import { header } from './headers.ts';
import type { Inflight } from './inflight.ts';
import { announceLists, createMcpServer } from './mcp-server.ts';
import { reviewOverStream } from './review-in-session.ts';
import { createReviewTurns, type ReviewTurns } from './reviewer.ts';
import { sendError } from './reply.ts';
import { idOf, rpcCode } from './rpc.ts';

export interface SessionsOptions {
  readonly gateway: Gateway;
  readonly running: Inflight;
  /** Milliseconds without a request or an open stream after which a session ends. */
  readonly idleMs: number;
  readonly maxSessions: number;
  readonly maxPerPrincipal: number;
  /** Milliseconds that a person has for an answer. */
  readonly elicitMs?: number;
  readonly onError: (error: Error) => void;
}

/** The sessions of 2025-era clients over HTTP. */
export interface Sessions {
  /** `message` is absent for GET and DELETE. */
  serve(req: IncomingMessage, res: ServerResponse, message: Json | undefined, caller: Caller): Promise<void>;
  listsChanged(): void;
  /** Asks idle reviewers nothing more. */
  stopReviewing(): void;
  closeAll(reason: string): Promise<void>;
}

interface Session {
  readonly id: string;
  /** Whose session it is: `ownerKey`. A session id is no credential. */
  readonly owner: string;
  readonly server: Server;
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly turns: ReviewTurns;
  /** Resolves when no idle reviewer is asked over the session's stream. */
  reviewing: Promise<void>;
  /** Requests and streams open now. */
  open: number;
  /** `performance.now()` at the last request. */
  lastAt: number;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { gateway, running, idleMs, maxSessions, maxPerPrincipal, onError } = options;
  const { elicitMs = defaultElicitMs } = options;
  const closing = new AbortController();
  /** In order of last use: the first is the one idle longest. */
  const sessions = new Map<string, Session>();

  const sweep = setInterval(
    () => {
      for (const session of sessions.values()) {
        if (performance.now() - session.lastAt < idleMs) break;
        if (session.open === 0) end(session, 'idle');
      }
    },
    Math.min(Math.max(idleMs / 4, 10), 60_000),
  );
  sweep.unref();

  function end(session: Session, reason: string): void {
    if (!sessions.delete(session.id)) return;
    gateway.sessionEnded(session.id, reason);
    session.server.close().catch(onError);
  }

  /** Makes room among the principal's own sessions only, so that nobody can push out another's. */
  function roomFor(owner: string): boolean {
    const own = [...sessions.values()].filter((session) => session.owner === owner);
    if (own.length < maxPerPrincipal && sessions.size < maxSessions) return true;
    const idle = own.find((session) => session.open === 0);
    if (idle === undefined) return false;
    end(idle, 'replaced');
    return true;
  }

  async function open(
    req: IncomingMessage,
    res: ServerResponse,
    message: Json,
    caller: Caller,
  ): Promise<void> {
    const owner = ownerKey(caller.principal);
    if (!roomFor(owner)) {
      sendError(res, 503, idOf(message), { code: rpcCode.internalError, message: 'Too many sessions' });
      return;
    }
    const turns = createReviewTurns();
    const server = createMcpServer({
      gateway,
      era: 'legacy',
      caller: (ctx) => callerOf(ctx.http?.authInfo),
      running,
      cancelled: (id) => endStream(transport, id),
      elicitMs,
      ownReview: () => turns.enter(),
    });
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        const lastAt = performance.now();
        const reviewing = Promise.resolve();
        sessions.set(id, { id, owner, server, transport, turns, reviewing, open: 0, lastAt });
      },
      onsessionclosed: (id) => {
        const session = id === undefined ? undefined : sessions.get(id);
        if (session !== undefined) end(session, 'deleted');
      },
    });
    Object.assign(server, { onerror: onError });
    await server.connect(transport);
    await transport.handleRequest(Object.assign(req, { auth: ticketFor(caller) }), res, message);
    if (transport.sessionId === undefined) await server.close();
  }

  /**
   * The SDK keeps the stream of a cancelled request open for a response that never comes. It is closed here, and then
   * the response that has nowhere to go makes the transport forget the request.
   */
  function endStream(transport: NodeStreamableHTTPServerTransport, id: string | number): void {
    transport.closeSSEStream(id);
    const error = { code: rpcCode.internalError, message: 'Cancelled' };
    transport.send({ jsonrpc: '2.0', id, error }).catch(onError);
  }

  async function serve(
    req: IncomingMessage,
    res: ServerResponse,
    message: Json | undefined,
    caller: Caller,
  ): Promise<void> {
    const id = header(req.headers, 'mcp-session-id');
    if (id === undefined) {
      if (message !== undefined && isInitializeRequest(message)) return open(req, res, message, caller);
      return noSession(res, message);
    }
    const session = sessions.get(id);
    // Another principal's session is answered as one that never was: an id that leaked says nothing and opens nothing.
    if (session === undefined || session.owner !== ownerKey(caller.principal))
      return unknownSession(res, message);
    if (Array.isArray(message) && session.server.getNegotiatedProtocolVersion() !== '2025-03-26') {
      return noBatches(res);
    }
    sessions.delete(id);
    sessions.set(id, session);
    session.lastAt = performance.now();
    session.open += 1;
    const gone = new AbortController();
    res.on('close', () => {
      gone.abort();
      session.open -= 1;
      session.lastAt = performance.now();
    });
    const inSession: Caller = { ...caller, transportSession: id, gone: gone.signal };
    const auth = ticketFor(inSession);
    if (req.method === 'GET') review(session, res, inSession, gone.signal);
    await session.transport.handleRequest(Object.assign(req, { auth }), res, message);
  }

  /** One stream after the other: that of a client that comes back may open before the end of the last was noticed. */
  function review(session: Session, res: ServerResponse, caller: Caller, gone: AbortSignal): void {
    const { server, turns } = session;
    const signal = AbortSignal.any([gone, closing.signal]);
    const reviewed = {
      gateway,
      running,
      server,
      turns,
      caller: () => caller,
      elicitMs,
      signal,
      onError,
    };
    session.reviewing = session.reviewing.then(() => reviewOverStream(reviewed, res)).catch(onError);
  }

  return {
    serve,
    stopReviewing: () => closing.abort(),
    listsChanged() {
      for (const { server } of sessions.values()) announceLists(server).catch(onError);
    },
    async closeAll(reason) {
      clearInterval(sweep);
      const all = [...sessions.values()];
      for (const session of all) end(session, reason);
      await Promise.all(all.map(({ transport }) => transport.close()));
    },
  };
}

function noSession(res: ServerResponse, message: Json | undefined): void {
  const error = {
    code: rpcCode.invalidRequest,
    message: 'Bad Request: no Mcp-Session-Id. Send initialize first, or a 2026-07-28 request with its _meta.',
  };
  sendError(res, 400, idOf(message ?? null), error);
}

/** 2025-11-25 basic/transports, "Session Management": 404 tells the client to start a new session. */
function unknownSession(res: ServerResponse, message: Json | undefined): void {
  sendError(res, 404, idOf(message ?? null), { code: rpcCode.invalidRequest, message: 'Session not found' });
}

function noBatches(res: ServerResponse): void {
  const error = {
    code: rpcCode.invalidRequest,
    message: 'Invalid Request: JSON-RPC batches were removed in protocol revision 2025-06-18',
  };
  sendError(res, 400, null, error);
}
