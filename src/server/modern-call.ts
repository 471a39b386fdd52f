import type { ServerResponse } from 'node:http';
import type { Gateway, Progress } from '../govern/gateway.ts';
import { toReply, type WireReply } from './answer.ts';
import { toCallRequest } from './call-request.ts';
import type { Caller } from './caller.ts';
import { sseHeaders } from './headers.ts';
import { modernVersion, type ModernCall } from './modern-message.ts';
import { sendJson } from './reply.ts';
import { toCreatedTask } from './task-wire.ts';

export interface ModernCallOptions {
  readonly gateway: Gateway;
  /** `WWW-Authenticate` where a credential was good at the door and no longer is at the line. */
  readonly challenge: () => string;
}

/**
 * The hot path: a 2026-07-28 `tools/call`, answered on the bare response. One JSON document, or a stream of events
 * from the first progress on, where the client asked for progress. A client that goes away cancels the call
 * (basic/patterns/cancellation), down to the statement at the database.
 */
export async function answerModernCall(
  { gateway, challenge }: ModernCallOptions,
  call: ModernCall,
  caller: Caller,
  res: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  const gone = (): void => abort.abort();
  res.on('close', gone);
  const request = toCallRequest(
    {
      tool: call.name,
      arguments: call.arguments,
      protocolVersion: modernVersion,
      client: call.clientInfo,
      meta: call.meta,
      elicitation: call.elicitation,
      tasks: call.tasks,
      // A call that brings an answer to a question goes through the SDK.
      input: null,
    },
    caller,
  );
  const { progressToken } = call;
  const answer = await gateway.call(request, {
    signal: abort.signal,
    ...(progressToken === undefined
      ? {}
      : { progress: (progress: Progress) => sendProgress(res, progressToken, progress) }),
  });
  res.off('close', gone);
  if (res.destroyed || abort.signal.aborted) return;

  const reply = toReply(answer, call.name, call.elicitation);
  const body = replyBody(gateway, call.id, reply);
  if (res.headersSent) {
    res.end(`event: message\ndata: ${body}\n\n`);
  } else if (reply.kind === 'unidentified') {
    sendJson(res, 401, body, { 'www-authenticate': challenge() });
  } else {
    sendJson(res, 200, body);
  }
}

function replyBody(gateway: Gateway, id: string | number, reply: WireReply): string {
  if (reply.kind === 'error') return JSON.stringify({ jsonrpc: '2.0', id, error: reply.error });
  const result = reply.kind === 'task' ? toCreatedTask(reply.task, reply.call) : reply.result;
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    result: {
      resultType: 'complete',
      ...result,
      _meta: {
        ...result._meta,
        'io.modelcontextprotocol/serverInfo': { name: gateway.name, version: gateway.version },
      },
    },
  });
}

function sendProgress(res: ServerResponse, progressToken: string | number, progress: Progress): void {
  if (res.destroyed || res.writableEnded) return;
  if (!res.headersSent) res.writeHead(200, sseHeaders);
  const notification = {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress: progress.elapsedMs / 1000, message: progress.message },
  };
  res.write(`event: message\ndata: ${JSON.stringify(notification)}\n\n`);
}
