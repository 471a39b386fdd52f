import type { ServerResponse } from 'node:http';
import type { Html } from './html.ts';

/** What a page answers. One place puts it on the wire, with the headers that every page carries. */
export interface Reply {
  readonly status: number;
  readonly body: Html | null;
  /** Where the browser goes next: a path of this server, or the identity provider. */
  readonly location?: string;
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
  readonly allow?: string;
}

export function page(status: number, body: Html): Reply {
  return { status, body };
}

/** 303: the next request is a GET, whatever this one was, so that reloading repeats no decision. */
export function goTo(location: string, cookies: readonly string[] = []): Reply {
  return { status: 303, body: null, location, cookies };
}

export function send(res: ServerResponse, reply: Reply, policy: string): void {
  const body = reply.body === null ? '' : reply.body.toString();
  res.writeHead(reply.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), publickey-credentials-get=()',
    // Not `no-referrer`: with it browsers send `Origin: null` with a form, and the check of the origin would be blind.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
    ...(reply.location === undefined ? {} : { location: reply.location }),
    ...(reply.cookies === undefined || reply.cookies.length === 0
      ? {}
      : { 'set-cookie': [...reply.cookies] }),
    ...(reply.allow === undefined ? {} : { allow: reply.allow }),
    // What was not read of a form is not waited for.
    ...(res.req.complete || res.req.method === 'GET' ? {} : { connection: 'close' }),
  });
  res.end(res.req.method === 'HEAD' ? undefined : body);
}
