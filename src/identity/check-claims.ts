import { isPlainObject, type PlainObject } from './plain-object.ts';
import { refuse, type Refusal } from './refusal.ts';

/** What the registered claims of a token (RFC 7519 §4.1, RFC 9068) have to say. Times in milliseconds. */
export interface ClaimRules {
  /** One of these must be in `aud`: this server's names for itself (RFC 8707). */
  readonly audience: readonly string[];
  readonly clockSkewMs: number;
  /** Counted from `iat`; null for no limit but `exp`. */
  readonly maxTokenAgeMs: number | null;
  /** Accept only what says of itself that it is an access token (RFC 9068 §4). */
  readonly requireAtJwt: boolean;
}

export type CheckedClaims =
  | {
      readonly ok: true;
      /** Epoch milliseconds, skew included: the claims hold from `validFrom` on and before `validUntil`. */
      readonly validFrom: number;
      readonly validUntil: number;
      /** `exp` as the issuer wrote it, in epoch milliseconds. */
      readonly expiresAt: number;
    }
  | Refusal;

/** The end of the year 9999 in seconds. A later date is one in milliseconds by mistake: a token that never expires. */
const MAX_NUMERIC_DATE = 253_402_300_799;

/** `typ` of tokens that are meant as access tokens. `JWT` says nothing, so it and no type at all pass too. */
const ACCESS_TYPES: readonly (string | null)[] = ['at+jwt', 'jwt', null];

/** Checks a token whose signature is good: is it an access token, for this server, now? */
export function checkClaims(
  payload: PlainObject,
  type: string | null,
  rules: ClaimRules,
  now: number,
): CheckedClaims {
  if (!ACCESS_TYPES.includes(type) || (rules.requireAtJwt && type !== 'at+jwt')) {
    return refuse('bad_claims', 'The type in the header is not that of an access token.');
  }
  const otherUse = notAnAccessToken(payload);
  if (otherUse !== null) return refuse('bad_claims', otherUse);
  if (!isForUs(payload.aud, rules.audience)) {
    return refuse('wrong_audience', 'The token was issued for another audience.');
  }
  return checkTimes(payload, rules, now);
}

/**
 * An ID token, a refresh or a logout token of the same issuer carries the same signature. The audience tells most
 * apart; these claims tell the rest (OpenID Connect Core §3.1.3.6, Back-Channel Logout §2.4, RFC 8417 §2.2, and
 * what Keycloak and Cognito write).
 */
function notAnAccessToken(payload: PlainObject): string | null {
  const has = (name: string): boolean => Object.hasOwn(payload, name);
  if (has('at_hash') || has('c_hash') || has('s_hash')) return 'The token is an ID token.';
  if (payload.token_use === 'id' || payload.typ === 'ID') return 'The token is an ID token.';
  if (payload.typ === 'Refresh' || payload.typ === 'Offline') return 'The token is a refresh token.';
  if (payload.typ === 'Logout' || has('events')) return 'The token is a security event.';
  // RFC 7800: the token is bound to a key that its holder must prove. As a bearer token it may be a stolen one.
  if (has('cnf')) return 'The token is bound to a key, and its possession was not proved.';
  return null;
}

function isForUs(aud: unknown, audience: readonly string[]): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.some((name) => typeof name === 'string' && audience.includes(name));
}

function checkTimes(payload: PlainObject, rules: ClaimRules, now: number): CheckedClaims {
  const exp = numericDate(payload.exp);
  if (exp === undefined) return refuse('bad_claims', 'The token has no expiry that can be read.');
  const nbf = payload.nbf === undefined ? 0 : numericDate(payload.nbf);
  const iat = payload.iat === undefined ? null : numericDate(payload.iat);
  if (nbf === undefined || iat === undefined)
    return refuse('bad_claims', 'A time in the token is not a date.');
  if (iat === null && rules.maxTokenAgeMs !== null) {
    return refuse('bad_claims', 'The token does not say when it was issued.');
  }
  const oldAt = iat === null || rules.maxTokenAgeMs === null ? exp : iat + rules.maxTokenAgeMs;
  const validFrom = Math.max(nbf, iat ?? 0) - rules.clockSkewMs;
  const validUntil = Math.min(exp, oldAt) + rules.clockSkewMs;
  if (now < validFrom) return refuse('not_yet_valid', 'The token is not valid yet.');
  if (now >= validUntil) return refuse('expired', 'The token has expired.');
  return { ok: true, validFrom, validUntil, expiresAt: exp };
}

/** RFC 7519 §2 NumericDate, which may have a fraction, into milliseconds. */
function numericDate(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= MAX_NUMERIC_DATE ? value * 1000 : undefined;
}

/**
 * Microsoft Entra leaves the groups out where there are too many, and says where to ask (OpenID Connect Core §5.6.2).
 * Taking them for none would open every policy that forbids by group.
 */
export function isElsewhere(payload: PlainObject, firstName: string | undefined): boolean {
  if (firstName === undefined) return false;
  const names = payload._claim_names;
  return payload.hasgroups === true || (isPlainObject(names) && Object.hasOwn(names, firstName));
}
