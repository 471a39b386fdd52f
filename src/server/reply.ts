import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { errorBody, type RpcError, type RpcId } from './rpc.ts';

/** Bytes of an unread request body that are drained to keep the connection; with more, or unknown, it is closed. */
const maxDrainBytes = 65_536;

/**
 * Answers with one JSON document. A request that is answered before its body was read may have any amount still to
 * come: then the connection is closed, so that nobody holds a socket by sending to a server that has stopped listening.
 */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(mustClose(res.req) ? { connection: 'close' } : {}),
    ...headers,
  });
  res.end(body);
}

export function sendError(
  res: ServerResponse,
  status: number,
  id: RpcId,
  error: RpcError,
  headers: OutgoingHttpHeaders = {},
): void {
  sendJson(res, status, errorBody(id, error), headers);
}

function mustClose(req: IncomingMessage): boolean {
  if (req.complete) return false;
  const length = req.headers['content-length'];
  if (length === undefined) return req.headers['transfer-encoding'] !== undefined;
  return Number(length) > maxDrainBytes;
}
