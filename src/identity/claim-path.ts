import { isPlainObject, type PlainObject } from './plain-object.ts';

/** The members to go through from the claims object inwards. */
export type ClaimPath = readonly string[];

/**
 * Reads the three ways to name a claim:
 *
 * - `/realm_access/roles`: a JSON pointer (RFC 6901), for names that hold dots;
 * - `https://example.com/groups`: a namespaced claim, taken whole (anything with `://` is);
 * - `realm_access.roles`: names with dots between them.
 *
 * Null where the text is none of them.
 */
export function parseClaimPath(text: string): ClaimPath | null {
  const path = text.startsWith('/')
    ? text
        .slice(1)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    : text.includes('://')
      ? [text]
      : text.split('.');
  return path.every((name) => name.length > 0) && !/~(?![01])/.test(text.startsWith('/') ? text : '')
    ? path
    : null;
}

/** The claim at the path, or undefined. Looks only at what the token itself holds, never at a prototype. */
export function readClaim(claims: PlainObject, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (!isPlainObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
