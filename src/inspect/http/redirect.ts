import type { HttpFacts, HttpInspection, HttpRedirect } from '../../model/facts.ts';
import { inspectRequest } from './inspect-http.ts';

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The request that follows a response, by the rules of the Fetch Standard ("HTTP-redirect fetch"); null where the response is no
 * redirect and is to be taken as it is. `from` are the facts of the request that was answered.
 */
export function redirectOf(
  from: HttpFacts,
  status: number,
  location: string | undefined,
): HttpRedirect | null {
  if (!STATUSES.includes(status) || location === undefined) return null;
  const becomesGet = (status === 303 && from.method !== 'HEAD') || (status < 303 && from.method === 'POST');
  const method = becomesGet ? 'GET' : from.method;
  const inspection = withoutUserinfo(inspectRequest(method, absolute(from.url, location)));
  const keepsBody = !becomesGet;
  return { inspection, keepsBody, sameOrigin: inspection.ok && origin(inspection.facts) === origin(from) };
}

/** RFC 3986, section 5.2, as far as text goes; what it yields is inspected as any URL is, dot segments and all. */
function absolute(base: string, location: string): string {
  const [reference = ''] = location.split('#');
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(reference)) return reference;
  const [, scheme = '', authority = '', path = '', query = ''] =
    /^([a-z]+:)(\/\/[^/?]*)([^?]*)(.*)$/s.exec(base) ?? [];
  if (reference === '') return scheme + authority + path + query;
  if (reference.startsWith('//')) return scheme + reference;
  if (reference.startsWith('/')) return scheme + authority + reference;
  if (reference.startsWith('?')) return scheme + authority + path + reference;
  return scheme + authority + path.slice(0, path.lastIndexOf('/') + 1) + reference;
}

/** A server does not choose the credentials that a request carries. */
function withoutUserinfo(inspection: HttpInspection): HttpInspection {
  if (!inspection.ok || !inspection.facts.userinfo) return inspection;
  const message = 'The redirect holds a user name or password, and is not followed.';
  return { ok: false, notUnderstood: { reason: 'unsupported', message } };
}

function origin({ scheme, host, port }: HttpFacts): string {
  return JSON.stringify([scheme, host, port]);
}
