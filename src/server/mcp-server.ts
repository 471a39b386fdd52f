import {
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  Server,
  type CallToolResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Gateway } from '../govern/gateway.ts';
import { toReply } from './answer.ts';
import { toCallRequest } from './call-request.ts';
import type { Caller } from './caller.ts';
import type { Inflight } from './inflight.ts';
import { isJsonObject } from './json.ts';
import { toWireTool } from './listed-tools.ts';
import { rpcCode } from './rpc.ts';

/** How long a client may keep a list of tools: policies and skills change, and a change is announced as well. */
const toolsTtlMs = 60_000;

export interface McpServerOptions {
  readonly gateway: Gateway;
  /** Who sent the message, identified for this message. */
  readonly caller: (ctx: ServerContext) => Caller | Promise<Caller>;
  /** Counts the calls: in a 2025-era session they outlive the HTTP request that brought them. */
  readonly running: Inflight;
  /** The call with this id was cancelled and has ended: it will have no response. */
  readonly cancelled?: (id: string | number) => void;
}

/**
 * The SDK's server with the gateway behind it: everything that both eras and all transports say about MCP, except
 * the 2026-07-28 `tools/call` over HTTP, which `modern-call.ts` answers without it in a tenth of the time.
 */
export function createMcpServer({ gateway, caller, running, cancelled }: McpServerOptions): Server {
  const server = new Server(
    { name: gateway.name, version: gateway.version },
    {
      capabilities: { tools: { listChanged: true } },
      instructions: gateway.instructions,
      cacheHints: {
        'tools/list': { ttlMs: toolsTtlMs, cacheScope: 'private' },
        'server/discover': { ttlMs: toolsTtlMs, cacheScope: 'private' },
      },
    },
  );

  server.setRequestHandler('tools/list', async (request, ctx) => {
    if (request.params?.cursor !== undefined) {
      throw new ProtocolError(rpcCode.invalidParams, 'Invalid cursor: the list has one page');
    }
    const { principal } = await caller(ctx);
    return { tools: gateway.tools(principal).map(toWireTool) };
  });

  server.setRequestHandler('tools/call', async (request, ctx): Promise<CallToolResult> => {
    const { name, arguments: args } = request.params;
    const who = await caller(ctx);
    const envelope = isJsonObject(ctx.mcpReq.envelope) ? ctx.mcpReq.envelope : undefined;
    const version = envelope?.[PROTOCOL_VERSION_META_KEY];
    const clientInfo = envelope?.[CLIENT_INFO_META_KEY];
    const call = toCallRequest(
      {
        tool: name,
        arguments: isJsonObject(args) ? args : {},
        protocolVersion:
          typeof version === 'string' ? version : (server.getNegotiatedProtocolVersion() ?? 'unknown'),
        client: isJsonObject(clientInfo) ? clientInfo : server.getClientVersion(),
        meta: ctx.mcpReq._meta,
      },
      who,
    );
    const progress = progressSender(ctx);
    const over = running.enter();
    const answer = await gateway
      .call(call, { signal: ctx.mcpReq.signal, ...(progress === undefined ? {} : { progress }) })
      .finally(over);
    if (ctx.mcpReq.signal.aborted) cancelled?.(ctx.mcpReq.id);
    const reply = toReply(answer, name);
    switch (reply.kind) {
      case 'error':
        throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data);
      case 'result':
      case 'unidentified':
        return { ...reply.result, content: [...reply.result.content] };
    }
  });

  return server;
}

type SendProgress = (progress: { readonly elapsedMs: number; readonly message: string }) => void;

function progressSender(ctx: ServerContext): SendProgress | undefined {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return ({ elapsedMs, message }) => {
    // A client that went away mid-call is told nothing more; its signal has been aborted already.
    ctx.mcpReq
      .notify({
        method: 'notifications/progress',
        params: { progressToken, progress: elapsedMs / 1000, message },
      })
      .catch(() => undefined);
  };
}
