import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../govern/gateway.ts';
import type { JsonObject } from '../model/json.ts';
import { sendJson } from './reply.ts';

/** RFC 9728: the metadata of the protected resource. Public, so any page may read it. */
export function serveMetadata(res: ServerResponse, metadata: JsonObject): void {
  sendJson(res, 200, JSON.stringify(metadata), {
    'cache-control': 'max-age=300',
    'access-control-allow-origin': '*',
  });
}

/** Alive: the process answers. Says nothing of the rest, so that a dead database does not get the process killed. */
export function serveHealth(res: ServerResponse): void {
  sendJson(res, 200, '{"status":"ok"}');
}

/** Ready: calls can be served now. Not ready while shutting down, so that a balancer sends no more. */
export async function serveReady(res: ServerResponse, gateway: Gateway, closing: boolean): Promise<void> {
  if (closing) {
    sendJson(res, 503, '{"ready":false,"checks":{"server":"shutting down"}}');
    return;
  }
  const { ready, checks } = await gateway.ready();
  sendJson(res, ready ? 200 : 503, JSON.stringify({ ready, checks }));
}

export async function serveMetrics(res: ServerResponse, gateway: Gateway): Promise<void> {
  const { contentType, body } = await gateway.metrics();
  sendJson(res, 200, body, { 'content-type': contentType });
}

export function isRead(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}
