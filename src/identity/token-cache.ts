import type { Principal } from '../model/principal.ts';

/** A token that was verified, without the token. */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly issuer: string;
  /** Which key verified it: the entry falls when the issuer no longer publishes that key. */
  readonly keyFingerprint: string;
  /** Epoch milliseconds between which the claims hold, skew and greatest age included. */
  readonly validFrom: number;
  readonly validUntil: number;
}

export interface TokenCache {
  get(digest: string): VerifiedToken | undefined;
  set(digest: string, token: VerifiedToken): void;
  delete(digest: string): void;
}

/**
 * Remembers verified tokens by the digest of their whole text, so that the heap holds no token and a changed
 * signature is another entry. Bounded: the least recently used falls out. Only tokens that verified get in, so a
 * stranger can't push others out.
 */
export function createTokenCache(capacity: number): TokenCache {
  // A Map keeps insertion order, so its first key is the least recently used if every use inserts again.
  const entries = new Map<string, VerifiedToken>();
  return {
    get(digest) {
      const token = entries.get(digest);
      if (token === undefined) return undefined;
      entries.delete(digest);
      entries.set(digest, token);
      return token;
    },
    set(digest, token) {
      entries.delete(digest);
      entries.set(digest, token);
      if (entries.size <= capacity) return;
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    },
    delete(digest) {
      entries.delete(digest);
    },
  };
}
