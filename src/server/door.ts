import type { IncomingHttpHeaders } from 'node:http';
import type { DoorRefusal } from '../govern/gateway.ts';

/** Whose requests are let up to the question of identity. */
export interface Door {
  /** Host names, lower case, with or without a port; without one, any port fits. IPv6 in brackets. */
  readonly hosts: ReadonlySet<string>;
  /** Origins as browsers send them: `https://app.example.com`, with a port where it is not the scheme's. */
  readonly origins: ReadonlySet<string>;
}

export interface DoorRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface TurnedAway {
  readonly status: 400 | 403 | 405 | 406 | 415;
  readonly message: string;
  /** Set where the refusal goes on record: an attack, or a client that leaks its token. */
  readonly failure: DoorRefusal['failure'] | null;
}

/**
 * What can be told from the head of a request, in the order in which it is told: nothing of the body is read, and
 * identity is not asked, for a page in somebody's browser or a token that is already in a proxy's log.
 */
export function turnedAway(request: DoorRequest, door: Door): TurnedAway | null {
  if (!hostAllowed(request.headers.host, door)) {
    return { status: 403, failure: 'host_not_allowed', message: 'Forbidden: this Host is not served here' };
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !door.origins.has(origin)) {
    return { status: 403, failure: 'origin_not_allowed', message: 'Forbidden: this Origin is not allowed' };
  }
  if (tokenInQuery(request.url)) {
    return {
      status: 400,
      failure: 'token_in_query',
      message:
        'Bad Request: credentials go in the Authorization header, never in the URL. Treat this one as leaked.',
    };
  }
  switch (request.method) {
    case 'POST':
      return badMediaType(request.headers);
    case 'GET':
      return accepts(request.headers.accept, 'text/event-stream')
        ? null
        : { status: 406, failure: null, message: 'Not Acceptable: accept text/event-stream' };
    case 'DELETE':
      return null;
    default:
      return { status: 405, failure: null, message: 'Method not allowed' };
  }
}

/** DNS rebinding makes a browser send the attacker's name to our address: only names that are ours pass. */
export function hostAllowed(host: string | undefined, door: Door): boolean {
  if (host === undefined) return false;
  const lower = host.toLowerCase();
  if (door.hosts.has(lower)) return true;
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):[0-9]{1,5}$/.exec(lower);
  return match?.[1] !== undefined && door.hosts.has(match[1]);
}

function badMediaType(headers: IncomingHttpHeaders): TurnedAway | null {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return {
      status: 415,
      failure: null,
      message: 'Unsupported Media Type: Content-Type must be application/json',
    };
  }
  const accept = headers.accept;
  if (accepts(accept, 'application/json') && accepts(accept, 'text/event-stream')) return null;
  return {
    status: 406,
    failure: null,
    message: 'Not Acceptable: accept both application/json and text/event-stream',
  };
}

function accepts(accept: string | undefined, type: string): boolean {
  // RFC 9110 §12.5.1: no Accept header means that anything is accepted.
  return accept === undefined || accept.includes(type) || accept.includes('*/*');
}

/** RFC 6750 §2.3 allows `access_token` in the URL; OAuth 2.1 and MCP forbid it. The rest are what people try. */
const tokenParameters = new Set([
  'access_token',
  'token',
  'id_token',
  'jwt',
  'bearer',
  'authorization',
  'api_key',
  'apikey',
  'api-key',
]);

function tokenInQuery(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  for (const name of new URLSearchParams(url.slice(start + 1)).keys()) {
    if (tokenParameters.has(name.toLowerCase())) return true;
  }
  return false;
}

/** RFC 6750 §2.1. The scheme is compared without case (RFC 9110 §11.1). */
export function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const match = /^bearer +([^\s]+)$/i.exec(authorization);
  return match?.[1] ?? null;
}
