import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  Server,
  type CallToolResult,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { CallIo, Gateway } from '../govern/gateway.ts';
import { REVIEW_TOOL } from '../govern/review.ts';
import type { Answer } from '../model/answer.ts';
import type { CallInput, CallRequest } from '../model/tool-call.ts';
import { toReply } from './answer.ts';
import { readInput } from './call-input.ts';
import { callInSession, createElicitor } from './call-in-session.ts';
import { toCallRequest } from './call-request.ts';
import type { Caller } from './caller.ts';
import { declaredElicitation } from './elicitation.ts';
import type { Inflight } from './inflight.ts';
import { isJsonObject } from './json.ts';
import { toWireTool } from './listed-tools.ts';
import { modernVersion } from './modern-message.ts';
import { rpcCode } from './rpc.ts';
import { toInputRequiredResult } from './sdk-input-required.ts';
import { listCaching, refuseCursor } from './listing.ts';
import { serveResources } from './serve-resources.ts';
import { serveSkills, skillsExtension } from './serve-skills.ts';
import { serveTasks } from './serve-tasks.ts';
import { toCreatedTask } from './task-wire.ts';
import { declaresTasks, tasksExtension } from './tasks-declared.ts';

const extensions = { [tasksExtension]: {}, [skillsExtension]: { directoryRead: true } };

export interface McpServerOptions {
  readonly gateway: Gateway;
  /** `modern` is 2026-07-28; the extensions are of it alone. */
  readonly era: 'legacy' | 'modern';
  /** Who sent the message, identified for this message. */
  readonly caller: (ctx: ServerContext) => Caller | Promise<Caller>;
  /** Counts the calls: in a 2025-era session they outlive the HTTP request that brought them. */
  readonly running: Inflight;
  /** The call with this id was cancelled and has ended: it will have no response. */
  readonly cancelled?: (id: string | number) => void;
  /** Milliseconds that a person has for an answer, in the 2025 era: later, time is the client's. */
  readonly elicitMs: number;
  /** A client of the 2025 era began to review by itself. Returns the way to say that it is over. */
  readonly ownReview?: () => () => void;
}

/**
 * The SDK's server with the gateway behind it: everything that both eras and all transports say about MCP, except
 * the 2026-07-28 `tools/call` over HTTP, which `modern-call.ts` answers without it in a tenth of the time.
 */
export function createMcpServer(options: McpServerOptions): Server {
  const { gateway, caller, running, cancelled } = options;
  const server = new Server(
    { name: gateway.name, version: gateway.version },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true },
        ...(options.era === 'modern' ? { extensions } : {}),
      },
      instructions: gateway.instructions,
      // The SDK's own way to ask 2025-era clients answers for the gateway where nobody does: see `call-in-session.ts`.
      inputRequired: { legacyShim: false },
      cacheHints: {
        'tools/list': listCaching,
        'server/discover': listCaching,
        'resources/list': listCaching,
        'resources/templates/list': listCaching,
        // A copy that a client kept would not be what the digests of `skills/get` say, after an edit.
        'resources/read': { ttlMs: 0, cacheScope: 'private' },
      },
    },
  );

  server.setRequestHandler('tools/list', async (request, ctx) => {
    refuseCursor(request.params?.cursor);
    const { principal } = await caller(ctx);
    return { tools: gateway.tools(principal).map(toWireTool) };
  });

  server.setRequestHandler(
    'tools/call',
    async (request, ctx): Promise<CallToolResult | InputRequiredResult> => {
      const { name, arguments: args } = request.params;
      const who = await caller(ctx);
      const negotiated = server.getNegotiatedProtocolVersion() ?? '';
      const modern = negotiated >= modernVersion;
      const envelope = isJsonObject(ctx.mcpReq.envelope) ? ctx.mcpReq.envelope : undefined;
      const version = envelope?.[PROTOCOL_VERSION_META_KEY];
      const clientInfo = envelope?.[CLIENT_INFO_META_KEY];
      const capabilities = modern ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
      const call = toCallRequest(
        {
          tool: name,
          arguments: isJsonObject(args) ? args : {},
          protocolVersion: typeof version === 'string' ? version : negotiated === '' ? 'unknown' : negotiated,
          client: isJsonObject(clientInfo) ? clientInfo : server.getClientVersion(),
          meta: ctx.mcpReq._meta,
          elicitation: declaredElicitation(capabilities, negotiated),
          // Of 2026-07-28 alone: before it, the same word stood for something else.
          tasks: modern && declaresTasks(capabilities),
          input: modern ? inputOf(ctx) : null,
        },
        who,
      );
      const progress = progressSender(ctx);
      const io: CallIo = { signal: ctx.mcpReq.signal, ...(progress === undefined ? {} : { progress }) };
      const over = running.enter();
      const answer = await (modern ? gateway.call(call, io) : inSession(call, io, who, ctx)).finally(over);
      if (ctx.mcpReq.signal.aborted) cancelled?.(ctx.mcpReq.id);
      const reply = modern ? toReply(answer, name, call.origin.elicitation) : toReply(answer, name);
      switch (reply.kind) {
        case 'error':
          throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data);
        case 'input_required':
          return toInputRequiredResult(reply.result);
        case 'task':
          return { ...toCreatedTask(reply.task, reply.call), content: [] };
        case 'result':
        case 'unidentified':
          return { ...reply.result, content: [...reply.result.content] };
      }
    },
  );

  serveResources(server, gateway, caller);
  if (options.era === 'modern') {
    serveSkills(server, gateway, caller);
    serveTasks(server, gateway, caller);
  }

  async function inSession(
    request: CallRequest,
    io: CallIo,
    who: Caller,
    ctx: ServerContext,
  ): Promise<Answer> {
    const elicit = createElicitor({
      send: (question, settings) => ctx.mcpReq.send(question, settings),
      notify: (notification) => ctx.mcpReq.notify(notification),
      protocolVersion: server.getNegotiatedProtocolVersion() ?? '',
      timeoutMs: options.elicitMs,
      onError: (error) => server.onerror?.(error),
    });
    const reviewed = request.tool === REVIEW_TOOL ? options.ownReview?.() : undefined;
    try {
      return await callInSession({ gateway, request, io, elicit, gone: who.gone ?? io.signal });
    } finally {
      reviewed?.();
    }
  }

  return server;
}

/** Tells a client that what it was told of tools and resources may not be true any more. */
export async function announceLists(server: Server): Promise<void> {
  await Promise.all([server.sendToolListChanged(), server.sendResourceListChanged()]);
}

/** What the client brought back to a question, from the fields of the protocol. */
function inputOf(ctx: ServerContext): CallInput | null {
  const { inputResponses, requestState } = ctx.mcpReq;
  const read = readInput(requestState(), inputResponses);
  if (!read.ok) throw new ProtocolError(rpcCode.invalidParams, read.message);
  return read.input;
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
