import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Gateway } from '../govern/gateway.ts';
import type { JsonObject } from '../model/json.ts';
import type { IdentityFailure } from '../model/principal.ts';
import { hostAllowed, type Door } from './door.ts';
import { createInflight } from './inflight.ts';
import { serveMcp, type EndpointOptions } from './mcp-endpoint.ts';
import { createModernSdk } from './modern-sdk.ts';
import { isRead, serveHealth, serveMetadata, serveMetrics, serveReady } from './operations.ts';
import { serveRecordLog, type RecordLog } from './record-log.ts';
import { sendError, sendJson } from './reply.ts';
import { rpcCode } from './rpc.ts';
import { createSessions } from './sessions.ts';
import { createStreams } from './streams.ts';

export interface HttpOptions {
  readonly gateway: Gateway;
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** As clients reach it: `https://mcp.example.com`. Its host and origin are allowed. */
  readonly publicUrl: string;
  /** Further host names, with or without a port; loopback names are allowed when listening on loopback. */
  readonly allowedHosts: readonly string[];
  /** Further origins: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  /** The RFC 9728 document. */
  readonly metadata: JsonObject;
  /** The value of `WWW-Authenticate` for a caller who was not identified. */
  readonly challenge: (failure: IdentityFailure) => string;
  /** Milliseconds after which an unused 2025-era session ends. */
  readonly sessionIdleMs: number;
  /** Milliseconds that a person has to answer a question in a 2025-era session; ten minutes where it is not given. */
  readonly elicitMs?: number;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', fields: JsonObject, message: string) => void;
  /** Serves `/console` and what is below it, once the Host was found to be ours. False: there is no such page. */
  readonly extra?: (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;
  /** Serves `/log/`. Null: there is none. */
  readonly recordLog?: RecordLog | null;
}

export interface HttpFront {
  /** Where it listens: `http://127.0.0.1:8400`. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops accepting, gives running calls `graceMs` to be answered, ends the streams, and cancels what still runs.
   * Resolves when no call is running, or two seconds after the last was cancelled.
   */
  close(graceMs: number): Promise<void>;
}

/** Bounds that nobody has needed to change. Times in milliseconds. */
const limits = {
  /** A client gets this long to send its headers, and its whole request: slow senders hold a socket no longer. */
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 60_000,
  headerBytes: 16_384,
  connections: 10_000,
  sessions: 10_000,
  sessionsPerPrincipal: 128,
  streamsPerPrincipal: 32,
  subscriptions: 4_096,
  afterCancelMs: 2_000,
} as const;

/** Serves the gateway over HTTP. Rejects if the address can't be listened on. */
export async function startHttp(options: HttpOptions): Promise<HttpFront> {
  const { gateway, log } = options;
  const onError = (error: Error): void => log('debug', { error: error.message }, 'protocol');
  const running = createInflight();
  const modern = createModernSdk({ gateway, running, maxSubscriptions: limits.subscriptions, onError });
  const sessions = createSessions({
    gateway,
    running,
    idleMs: options.sessionIdleMs,
    maxSessions: limits.sessions,
    maxPerPrincipal: limits.sessionsPerPrincipal,
    ...(options.elicitMs === undefined ? {} : { elicitMs: options.elicitMs }),
    onError,
  });
  const stopListening = gateway.onListsChanged(() => {
    modern.listsChanged();
    sessions.listsChanged();
  });

  let closing = false;
  let endpoint: EndpointOptions | undefined;

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: limits.headerBytes,
    },
    (req, res) => {
      const over = running.enter();
      route(req, res, over)
        .catch((error: unknown) => {
          log('error', { error: whereabouts(error) }, 'request failed');
          if (res.headersSent) res.destroy();
          else sendError(res, 500, null, { code: rpcCode.internalError, message: 'Internal error' });
        })
        .finally(over);
    },
  );
  server.maxConnections = limits.connections;

  async function route(req: IncomingMessage, res: ServerResponse, over: () => void): Promise<void> {
    const [path = ''] = (req.url ?? '').split('?', 1);
    res.setHeader('x-content-type-options', 'nosniff');
    if (closing) res.setHeader('connection', 'close');
    if (endpoint === undefined) throw new Error('a request came before the server listened');
    if (path === '/mcp') {
      if (closing) return shuttingDown(res);
      return serveMcp(endpoint, req, res, (kind) => {
        if (kind === 'stream') over();
      });
    }
    if (options.extra !== undefined && (path === '/console' || path.startsWith('/console/'))) {
      if (closing) return shuttingDown(res);
      if (!hostAllowed(req.headers.host, endpoint.door)) {
        return sendJson(res, 403, '{"error":"host_not_allowed"}');
      }
      if (await options.extra(req, res)) return;
    }
    if (!isRead(req))
      return isOurs(path)
        ? sendJson(res, 405, '{"error":"method_not_allowed"}', { allow: 'GET, HEAD' })
        : sendJson(res, 404, '{"error":"not_found"}');
    // Probes come by address, not by name; they learn only whether the process serves.
    if (path === '/healthz') return serveHealth(res);
    if (path === '/readyz') return serveReady(res, gateway, closing);
    if (!hostAllowed(req.headers.host, endpoint.door)) {
      return sendJson(res, 403, '{"error":"host_not_allowed"}');
    }
    const { recordLog, challenge } = options;
    if (recordLog && path.startsWith('/log/'))
      return serveRecordLog({ gateway, recordLog, challenge }, req, res, path);
    if (path === '/metrics') return serveMetrics(res, gateway);
    if (metadataPaths.includes(path)) return serveMetadata(res, options.metadata);
    return sendJson(res, 404, '{"error":"not_found"}');
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { port } = address;
  endpoint = {
    gateway,
    door: doorOf(options, port),
    maxBodyBytes: options.maxBodyBytes,
    challenge: options.challenge,
    modern,
    sessions,
    streams: createStreams(limits.streamsPerPrincipal),
  };

  return {
    url: `http://${options.listen.host.includes(':') ? `[${options.listen.host}]` : options.listen.host}:${port}`,
    port,
    async close(graceMs) {
      if (closing) return;
      closing = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      stopListening();
      sessions.stopReviewing();
      await running.idle(graceMs);
      await modern.close();
      await sessions.closeAll('shutdown');
      server.closeAllConnections();
      // A cancelled call still has its outcome to record.
      await running.idle(limits.afterCancelMs);
      await closed;
    },
  };
}

/** RFC 9728 §3.1: the well-known part goes before the path of the resource; some clients try the root alone. */
const metadataPaths = ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'];

/** Name and place of a bug. Its message may quote what a request held, so it stays out of the log. */
function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return 'not an Error';
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [error.name, ...frames.slice(0, 5).map((frame) => frame.trim())].join(' ');
}

function shuttingDown(res: ServerResponse): void {
  const error = { code: rpcCode.internalError, message: 'Shutting down' };
  sendError(res, 503, null, error, { connection: 'close', 'retry-after': '1' });
}

function isOurs(path: string): boolean {
  return ['/healthz', '/readyz', '/metrics', ...metadataPaths].includes(path);
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

function doorOf(options: HttpOptions, port: number): Door {
  const publicUrl = new URL(options.publicUrl);
  const loopback = ['localhost', '127.0.0.1', '::1'].includes(options.listen.host) ? loopbackNames : [];
  return {
    hosts: new Set([publicUrl.host, ...loopback, ...options.allowedHosts].map((host) => host.toLowerCase())),
    origins: new Set([
      publicUrl.origin,
      ...loopback.map((name) => `http://${name}:${port}`),
      ...options.allowedOrigins,
    ]),
  };
}
