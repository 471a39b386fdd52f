import type { HttpFacts, HttpRedirect } from '../../model/facts.ts';
import { pin, type PinOptions } from './pin.ts';
import { send, TooLarge, type Incoming, type Outgoing } from './send.ts';

export interface FollowOptions extends PinOptions {
  /** The facts of the request that a response redirects to, or null where it does not redirect. */
  readonly redirectOf: (from: HttpFacts, status: number, location: string | undefined) => HttpRedirect | null;
  /** Asked for each redirect: whether what it asks for is permitted. */
  readonly permit: (facts: HttpFacts) => Promise<boolean>;
  readonly maxRedirects: number;
  /** Of the body of a response. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** A request that was inspected and permitted. */
export interface FirstRequest {
  readonly facts: HttpFacts;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that prove who asks. They stay with the origin they were meant for. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export type Followed =
  | { readonly ok: true; readonly response: Incoming; readonly facts: HttpFacts }
  | {
      readonly ok: false;
      readonly because:
        | 'no_address'
        | 'address_not_allowed'
        | 'redirect_not_understood'
        | 'redirect_not_permitted'
        | 'too_many_redirects'
        | 'too_large'
        | 'failed';
      readonly message: string;
    };

/** What describes a body and stays behind with it (Fetch Standard, "request-body-header name"). */
const OF_BODY = [
  'content-type',
  'content-encoding',
  'content-language',
  'content-location',
  'content-length',
];

/**
 * Sends a request and follows its redirects by hand. Each hop is inspected, permitted and resolved afresh, so that no
 * response can lead to a place that the first request could not have been sent to.
 */
export async function follow(first: FirstRequest, options: FollowOptions): Promise<Followed> {
  let { facts, credentials, headers, body } = first;
  for (let hop = 0; hop <= options.maxRedirects; hop += 1) {
    const pinned = await pin(facts.host, options);
    if (!pinned.ok) return pinned;
    const outgoing = { method: facts.method, url: facts.url, headers: { ...headers, ...credentials }, body };
    const sent = await attempt(outgoing, pinned.lookup, options);
    if (!sent.ok) return sent;
    const { response } = sent;
    const redirect = options.redirectOf(facts, response.status, response.headers.location);
    if (redirect === null) return { ok: true, response, facts };
    const { inspection } = redirect;
    if (!inspection.ok)
      return ended(
        'redirect_not_understood',
        `The redirect was not understood. ${inspection.notUnderstood.message}`,
      );
    if (!(await options.permit(inspection.facts)))
      return ended('redirect_not_permitted', 'The redirect leads to what is not permitted.');
    facts = inspection.facts;
    if (!redirect.sameOrigin) credentials = {};
    if (!redirect.keepsBody) {
      body = null;
      headers = withoutBody(headers);
    }
  }
  return ended('too_many_redirects', `The server redirects more than ${options.maxRedirects} times.`);
}

async function attempt(
  outgoing: Outgoing,
  lookup: Parameters<typeof send>[1],
  limits: Parameters<typeof send>[2],
): Promise<{ readonly ok: true; readonly response: Incoming } | Extract<Followed, { ok: false }>> {
  try {
    return { ok: true, response: await send(outgoing, lookup, limits) };
  } catch (error) {
    if (error instanceof TooLarge) return ended('too_large', 'The response is larger than the limit.');
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return ended('failed', `The request failed (${code}).`);
  }
}

function withoutBody(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_BODY.includes(name.toLowerCase())),
  );
}

function ended(
  because: Extract<Followed, { ok: false }>['because'],
  message: string,
): Extract<Followed, { ok: false }> {
  return { ok: false, because, message };
}
