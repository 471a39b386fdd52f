import type { IncomingMessage, ServerResponse } from 'node:http';
import { classifyInboundRequest } from '@modelcontextprotocol/server';
import type { DoorRefusal, Gateway } from '../govern/gateway.ts';
import type { Json } from '../model/json.ts';
import type { Credential, IdentityFailure } from '../model/principal.ts';
import type { Caller } from './caller.ts';
import { bearerOf, turnedAway, type Door } from './door.ts';
import { header } from './headers.ts';
import { faultMessage, isJsonObject, jsonFault, parseJson } from './json.ts';
import { answerModernCall } from './modern-call.ts';
import { readModernCall, versionHeader } from './modern-message.ts';
import type { ModernSdk } from './modern-sdk.ts';
import { readBody } from './read-body.ts';
import { sendError } from './reply.ts';
import { idOf, rpcCode } from './rpc.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './streams.ts';

export interface EndpointOptions {
  readonly gateway: Gateway;
  readonly door: Door;
  readonly maxBodyBytes: number;
  /** The value of `WWW-Authenticate`. */
  readonly challenge: (failure: IdentityFailure) => string;
  readonly modern: ModernSdk;
  readonly sessions: Sessions;
  readonly streams: Streams;
}

/** What a request turned out to be, so that a shutdown waits for calls and not for streams. */
export type Kind = 'exchange' | 'stream';

/** `/mcp`, from the first header to the answer. The order is the security property: read it top to bottom. */
export async function serveMcp(
  options: EndpointOptions,
  req: IncomingMessage,
  res: ServerResponse,
  became: (kind: Kind) => void,
): Promise<void> {
  const { gateway, door, modern, sessions, streams } = options;
  const method = req.method ?? '';

  const turned = turnedAway({ method, url: req.url ?? '', headers: req.headers }, door);
  if (turned !== null) {
    if (turned.failure !== null) await record(gateway, req, turned.failure, turned.message);
    const allow = turned.status === 405 ? { allow: 'POST, GET, DELETE' } : {};
    sendError(res, turned.status, null, { code: rpcCode.invalidRequest, message: turned.message }, allow);
    return;
  }

  const caller = await identify(options, req, res);
  if (caller === null) return;

  if (method !== 'POST') {
    if (method === 'GET') {
      if (!streams.hold(res, caller)) return tooManyStreams(res, null);
      became('stream');
    }
    return sessions.serve(req, res, undefined, caller);
  }

  const message = await readMessage(options, req, res);
  if (message === undefined) return;

  const call = readModernCall(req.headers, message);
  if (call !== null) {
    const challenge = (): string => options.challenge('expired');
    return answerModernCall({ gateway, challenge }, call, caller, res);
  }

  if (isLegacy(req, message)) return sessions.serve(req, res, message, caller);
  if (isJsonObject(message) && message['method'] === 'subscriptions/listen') {
    if (!streams.hold(res, caller)) return tooManyStreams(res, message);
    became('stream');
  }
  return modern.serve(req, res, message, caller);
}

function isLegacy(req: IncomingMessage, message: Json): boolean {
  const protocolVersionHeader = versionHeader(req.headers, message);
  const mcpMethodHeader = header(req.headers, 'mcp-method');
  const outcome = classifyInboundRequest({
    httpMethod: 'POST',
    body: message,
    ...(protocolVersionHeader === undefined ? {} : { protocolVersionHeader }),
    ...(mcpMethodHeader === undefined ? {} : { mcpMethodHeader }),
  });
  return outcome.kind === 'legacy';
}

async function identify(
  { gateway, challenge }: EndpointOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Caller | null> {
  const token = bearerOf(req.headers.authorization);
  const credential: Credential = token === null ? { kind: 'none' } : { kind: 'bearer', token };
  const identified = await gateway.identify(credential);
  if (!identified.ok) {
    await record(gateway, req, identified.failure, identified.detail);
    const error = { code: rpcCode.invalidRequest, message: 'Unauthorized' };
    sendError(res, 401, null, error, { 'www-authenticate': challenge(identified.failure) });
    return null;
  }
  const traceparent = header(req.headers, 'traceparent');
  const remote = req.socket.remoteAddress;
  return {
    credential,
    principal: identified.principal,
    transport: 'http',
    ...(remote === undefined ? {} : { remote }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** The message in the body, or `undefined` where the answer was already given. */
async function readMessage(
  { gateway, maxBodyBytes }: EndpointOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Json | undefined> {
  const body = await readBody(req, maxBodyBytes);
  if (!body.ok) {
    switch (body.why) {
      case 'gone':
        return undefined;
      case 'too_large': {
        const message = `Payload Too Large: at most ${maxBodyBytes} bytes`;
        await record(gateway, req, 'body_too_large', message);
        sendError(res, 413, null, { code: rpcCode.invalidRequest, message }, { connection: 'close' });
        return undefined;
      }
      case 'encoded':
        sendError(res, 415, null, {
          code: rpcCode.invalidRequest,
          message: 'Unsupported Media Type: the body may not be compressed',
        });
        return undefined;
      case 'not_utf8':
        sendError(res, 400, null, {
          code: rpcCode.parseError,
          message: 'Parse error: the body is not UTF-8',
        });
        return undefined;
    }
  }
  const parsed = parseJson(body.text);
  if (!parsed.ok) {
    sendError(res, 400, null, { code: rpcCode.parseError, message: 'Parse error: the body is not JSON' });
    return undefined;
  }
  const fault = jsonFault(parsed.value);
  if (fault !== null) {
    const error = { code: rpcCode.invalidParams, message: faultMessage(fault) };
    sendError(res, 400, idOf(parsed.value), error);
    return undefined;
  }
  return parsed.value;
}

function record(
  gateway: Gateway,
  req: IncomingMessage,
  failure: DoorRefusal['failure'],
  detail: string,
): Promise<void> {
  const remote = req.socket.remoteAddress;
  return gateway.doorRefused({
    failure,
    detail,
    transport: 'http',
    ...(remote === undefined ? {} : { remote }),
  });
}

function tooManyStreams(res: ServerResponse, message: Json): void {
  const error = { code: rpcCode.internalError, message: 'Too many open streams for this principal' };
  sendError(res, 429, idOf(message), error);
}
