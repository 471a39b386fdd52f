import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Gateway } from '../govern/gateway.ts';
import type { Json } from '../model/json.ts';
import { callerOf, ticketFor, type Caller } from './caller.ts';
import type { Inflight } from './inflight.ts';
import { defaultElicitMs } from './call-in-session.ts';
import { createMcpServer } from './mcp-server.ts';
import { versionHeader } from './modern-message.ts';

export interface ModernSdk {
  serve(req: IncomingMessage, res: ServerResponse, message: Json, caller: Caller): Promise<void>;
  listsChanged(): void;
  /** Ends the streams of `subscriptions/listen`, each with the result that says so. */
  close(): Promise<void>;
}

export interface ModernSdkOptions {
  readonly gateway: Gateway;
  readonly running: Inflight;
  readonly maxSubscriptions: number;
  readonly onError: (error: Error) => void;
}

/** All of 2026-07-28 over HTTP through the SDK: what `modern-call.ts` does not answer itself. */
export function createModernSdk({
  gateway,
  running,
  maxSubscriptions,
  onError,
}: ModernSdkOptions): ModernSdk {
  const handler = createMcpHandler(
    () =>
      createMcpServer({
        gateway,
        era: 'modern',
        caller: (ctx) => callerOf(ctx.http?.authInfo),
        running,
        elicitMs: defaultElicitMs,
      }),
    { legacy: 'reject', maxSubscriptions, onerror: onError },
  );
  const serve = toNodeHandler(handler, { onerror: onError });
  return {
    async serve(req, res, message, caller) {
      const version = versionHeader(req.headers, message);
      await serve(
        {
          method: req.method ?? 'POST',
          url: req.url ?? '/',
          headers: { ...req.headers, 'mcp-protocol-version': version },
          auth: ticketFor(caller),
          // The body was read: the message stands for it.
          [Symbol.asyncIterator]: () => req[Symbol.asyncIterator](),
        },
        res,
        message,
      );
    },
    listsChanged() {
      handler.notify.toolsChanged();
      handler.notify.resourcesChanged();
    },
    close: () => handler.close(),
  };
}
