import { hash } from 'node:crypto';
import type { HttpFacts, HttpInspection } from '../../model/facts.ts';
import { Refused } from '../sql/refused.ts';
import { readHost } from './host.ts';
import { readPath } from './path.ts';
import { readQuery } from './query.ts';
import { splitUrl } from './split-url.ts';

/** Methods that change nothing by their definition (RFC 9110, section 9.2.1). TRACE is one too, and is not understood. */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
const METHODS = [...SAFE, 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Query parameters by which frameworks let a GET act as another method. */
const OVERRIDES = ['_method', 'x-http-method', 'x-http-method-override', 'x-method-override'];

/** The facts of `METHOD URL`, or of a URL alone, which is read as a GET; or why there are none. Pure and linear. */
export function inspectHttp(text: string): HttpInspection {
  // The line end of a shell is no part of what was written.
  const words = text.replace(/\r?\n$/, '').split(' ');
  const [method = '', url = ''] = words.length === 1 ? ['GET', words[0]] : words;
  if (words.length > 2 || method === '') {
    const message = 'Expected a method, one space and a URL, or a URL alone.';
    return { ok: false, notUnderstood: { reason: 'syntax', message } };
  }
  return inspectRequest(method, url);
}

/** The facts of a request to a URL that an agent wrote. */
export function inspectRequest(method: string, url: string): HttpInspection {
  try {
    return { ok: true, facts: factsOf(method, url) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, notUnderstood: error.notUnderstood };
    throw error;
  }
}

function factsOf(method: string, url: string): HttpFacts {
  // Some libraries fold the case of some methods, and servers fold none.
  if (!METHODS.includes(method))
    throw new Refused('unsupported', `The method is none of ${METHODS.join(', ')}, in upper case.`);
  if (!url.isWellFormed()) throw new Refused('forbidden_bytes', 'The URL is not valid Unicode.');
  const parts = splitUrl(url);
  const host = readHost(parts.host);
  const { path, segments, wire } = readPath(parts.path);
  const query = readQuery(parts.query);
  const place = host.name.includes(':') ? `[${host.name}]` : host.name;
  const usual = parts.port === (parts.scheme === 'http' ? 80 : 443);
  const origin = `${parts.scheme}://${place}${usual ? '' : `:${parts.port}`}`;
  const shape = [method, origin, wire, parts.userinfo, query.repeats, ...query.names];
  return {
    method,
    writes: !SAFE.includes(method) || query.names.some((name) => OVERRIDES.includes(name.toLowerCase())),
    scheme: parts.scheme,
    host: host.name,
    port: parts.port,
    address: host.address,
    path,
    segments: [...new Set(segments)].sort(),
    query: query.names,
    repeats: query.repeats,
    userinfo: parts.userinfo,
    fingerprint: hash('sha256', JSON.stringify(shape)).slice(0, 16),
    url: `${origin}${wire}${query.wire}`,
  };
}
