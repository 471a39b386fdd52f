import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface Outgoing {
  readonly method: string;
  /** Canonical, without user name and password. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
}

/** The response is larger than the caller takes. */
export class TooLarge extends Error {}

/**
 * Sends one request over a connection of its own, to what `lookup` answers. Follows nothing and keeps nothing.
 * @throws TooLarge, or the error of the connection.
 */
export async function send(
  outgoing: Outgoing,
  lookup: LookupFunction,
  limits: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Incoming> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { body } = outgoing;
  const request = outgoing.url.startsWith('https:') ? requestHttps : requestHttp;
  const sending = request(outgoing.url, {
    method: outgoing.method,
    // Node.js frames the body of a DELETE not at all: its bytes would be the next request.
    headers: { ...outgoing.headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
    lookup,
    // No connection of somebody else, and none that outlives the address it was pinned to.
    agent: false,
    signal: limits.signal,
  });
  sending.on('response', resolve).on('error', reject);
  sending.end(body ?? undefined);
  const response = await promise;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body without an encoding is bytes');
    length += chunk.length;
    if (length > limits.maxBytes) {
      sending.destroy();
      throw new TooLarge(`the response has more than ${limits.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
