import { Refused } from '../sql/refused.ts';
import { ambiguous } from './ambiguous.ts';

/** A URL cut where RFC 3986 and the URL Standard both cut it. */
export interface UrlParts {
  readonly scheme: 'http' | 'https';
  readonly userinfo: boolean;
  readonly host: string;
  readonly port: number;
  /** Empty, or from its slash on. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
}

/** The characters of RFC 3986, and those beyond ASCII, which all encode alike. Not: space, `"<>\^`{|}`. */
const CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%\u00a0-\u{10ffff}]*$/u;

export function splitUrl(url: string): UrlParts {
  if (!CHARACTERS.test(url))
    throw ambiguous('A space, control character, backslash or one of "<>^`{|} in a URL', 'encode it');
  if (url.includes('#')) throw ambiguous('A fragment', 'leave it out, for it is never sent');
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/su.exec(url);
  if (match === null)
    throw new Refused('syntax', 'Expected an absolute URL such as https://example.com/path.');
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  if (authority === '') throw ambiguous('A URL without a host', 'write one behind the two slashes');
  if (/[[\]]/.test(path)) throw ambiguous('A bracket in the path', 'encode it');
  return { ...read(scheme, authority), path, query };
}

function read(scheme: string, authority: string): Omit<UrlParts, 'path' | 'query'> {
  const lower = scheme.toLowerCase();
  if (lower !== 'http' && lower !== 'https')
    throw new Refused('unsupported', 'Only http and https are understood.');
  const pieces = authority.split('@');
  const place = pieces.pop() ?? '';
  if (pieces.length > 1) throw ambiguous('A second @ before the host', 'encode it');
  const [, host = '', , digits] = /^(\[[^\]]*\]|[^:[\]]*)(:(.*))?$/su.exec(place) ?? [];
  if (host === '') throw new Refused('syntax', 'The URL has no host that could be read.');
  return { scheme: lower, userinfo: pieces.length === 1, host, port: portOf(digits, lower) };
}

function portOf(digits: string | undefined, scheme: 'http' | 'https'): number {
  if (digits === undefined) return scheme === 'http' ? 80 : 443;
  if (!/^[1-9]\d{0,4}$/.test(digits) || Number(digits) > 65_535)
    throw ambiguous('A port that is empty, begins with 0 or is beyond 65535', 'write it in decimal');
  return Number(digits);
}
