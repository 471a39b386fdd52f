import { hash } from 'node:crypto';
import type { CredentialProof, Identified, Principal } from '../model/principal.ts';
import { verifySignature, type Algorithm } from './algorithms.ts';
import { checkClaims, type ClaimRules } from './check-claims.ts';
import { claimsToPrincipal, type PrincipalRules } from './claims-to-principal.ts';
import type { IssuerKeys, KeyLookup } from './issuer-keys.ts';
import type { ParsedToken } from './parse-token.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { VerifiedToken } from './token-cache.ts';

/** An issuer, ready to verify: its options compiled, its keys at hand. */
export interface Issuer {
  readonly name: string;
  readonly credential: CredentialProof['kind'] & ('jwt' | 'dev_token');
  readonly algorithms: readonly Algorithm[];
  readonly keys: IssuerKeys;
  readonly claims: ClaimRules;
  readonly principal: PrincipalRules;
}

export type TokenVerdict = { readonly ok: true; readonly verified: VerifiedToken } | Refusal;

/** `jti` as it may stand in a record. */
const SANE_JTI = /^[\w.:~+/=-]{1,128}$/;

/** Verifies a token of this issuer: algorithm, key, signature, claims, principal, in this order. */
export function verifyToken(
  token: ParsedToken,
  issuer: Issuer,
  clock: () => number,
): TokenVerdict | Promise<TokenVerdict> {
  // The issuer's list decides, not the header: the header only picks from it (RFC 8725 §3.1).
  if (!issuer.algorithms.includes(token.algorithm)) {
    return refuse('algorithm_not_allowed', 'The issuer does not sign with this algorithm.');
  }
  const found = issuer.keys.find(token.algorithm, token.kid);
  return found instanceof Promise
    ? found.then((keys) => verifyWith(keys, token, issuer, clock()))
    : verifyWith(found, token, issuer, clock());
}

function verifyWith(found: KeyLookup, token: ParsedToken, issuer: Issuer, now: number): TokenVerdict {
  if (!found.ok) return found;
  const signer = found.keys.find((key) =>
    verifySignature(token.algorithm, key.key, token.signed, token.signature),
  );
  if (signer === undefined) return refuse('bad_signature', 'The signature does not match.');
  const checked = checkClaims(token.payload, token.type, issuer.claims, now);
  if (!checked.ok) return checked;
  const read = claimsToPrincipal(token.payload, issuer.principal);
  if (!read.ok) return read;
  const principal: Principal = Object.freeze({
    ...read.person,
    groups: Object.freeze(read.person.groups),
    issuer: issuer.name,
    credential: Object.freeze({
      kind: issuer.credential,
      id: credentialId(token),
      expiresAt: checked.expiresAt,
    }),
  });
  return {
    ok: true,
    verified: {
      principal,
      issuer: issuer.name,
      keyFingerprint: signer.fingerprint,
      validFrom: checked.validFrom,
      validUntil: checked.validUntil,
    },
  };
}

/**
 * Names the token in the record. Without a `jti` it is a digest of what was signed and not of the whole text: an
 * ECDSA signature can be turned into a second valid one by anybody, and must not look like a second credential.
 */
function credentialId(token: ParsedToken): string {
  const { jti } = token.payload;
  if (typeof jti === 'string' && SANE_JTI.test(jti)) return jti;
  return `sha256:${hash('sha256', token.signed).slice(0, 32)}`;
}

/** What the rest of the gateway is told of a verdict. */
export function toIdentified(verdict: TokenVerdict): Identified {
  return verdict.ok ? { ok: true, principal: verdict.verified.principal } : verdict;
}
