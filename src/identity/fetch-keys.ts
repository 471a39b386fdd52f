import { fetchJson, type Fetched, type FetchLimits } from './fetch-json.ts';
import { readKeySet, type VerificationKey } from './key-set.ts';
import { isPlainObject } from './plain-object.ts';
import { isAcceptableUrl, isLoopbackUrl } from './issuer-url.ts';

export type FetchedKeys =
  | { readonly ok: true; readonly keys: readonly VerificationKey[] }
  | { readonly ok: false; readonly detail: string };

export interface KeySource {
  readonly issuer: string;
  /** Null: found through discovery. */
  readonly jwksUri: string | null;
}

const LIMITS: FetchLimits = { timeoutMs: 5000, maxBytes: 256 * 1024 };

/** Fetches an issuer's keys as they are now, discovery first where no `jwks_uri` is configured. Never throws. */
export async function fetchKeys(
  fetchFn: typeof fetch,
  source: KeySource,
  closed: AbortSignal,
): Promise<FetchedKeys> {
  const located =
    source.jwksUri === null
      ? await discover(fetchFn, source.issuer, closed)
      : { ok: true as const, url: source.jwksUri };
  if (!located.ok) return located;
  const fetched = await fetchJson(fetchFn, new URL(located.url), LIMITS, closed);
  if (!fetched.ok) return { ok: false, detail: fetched.detail };
  const keys = readKeySet(fetched.value);
  return keys === null ? { ok: false, detail: `${located.url} is not a JWK set.` } : { ok: true, keys };
}

type Located = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly detail: string };

async function discover(fetchFn: typeof fetch, issuer: string, closed: AbortSignal): Promise<Located> {
  const [openid, oauth] = metadataUrls(issuer);
  let fetched: Fetched = await fetchJson(fetchFn, openid, LIMITS, closed);
  if (!fetched.ok && fetched.status === 404) fetched = await fetchJson(fetchFn, oauth, LIMITS, closed);
  if (!fetched.ok) return { ok: false, detail: fetched.detail };
  const document = fetched.value;
  // OpenID Connect Discovery §4.3, RFC 8414 §3.3: else one tenant's metadata could stand in for another's.
  if (!isPlainObject(document) || document.issuer !== issuer) {
    return { ok: false, detail: `The metadata of ${issuer} names another issuer.` };
  }
  const { jwks_uri: jwksUri } = document;
  // Plain HTTP to this machine is for an issuer that is on this machine: metadata from elsewhere must not reach in.
  if (typeof jwksUri !== 'string' || !isAcceptableUrl(jwksUri, isLoopbackUrl(issuer))) {
    return { ok: false, detail: `The metadata of ${issuer} has no jwks_uri with https.` };
  }
  return { ok: true, url: jwksUri };
}

/** OpenID Connect Discovery appends the well-known path (§4), RFC 8414 puts it before the issuer's own (§3.1). */
function metadataUrls(issuer: string): readonly [URL, URL] {
  const base = new URL(issuer);
  const path = base.pathname.replace(/\/$/, '');
  return [
    new URL(`${path}/.well-known/openid-configuration`, base.origin),
    new URL(`/.well-known/oauth-authorization-server${path}`, base.origin),
  ];
}
