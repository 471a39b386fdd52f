import { hash } from 'node:crypto';
import type { ApiKey } from '../model/api-key.ts';
import type { Credential, Identified } from '../model/principal.ts';
import { rememberApiKeys } from './api-key-lookup.ts';
import { checkApiKey, looksLikeApiKey, parseApiKey } from './api-keys.ts';
import { checkIssuers } from './check-issuers.ts';
import type { IssuerOptions } from './config.ts';
import { DEV_ISSUER, type DevKeys } from './dev-tokens.ts';
import { prepareDevIssuer, prepareIssuer } from './issuers.ts';
import { identifyLocal, type LocalUser } from './local.ts';
import { parseToken } from './parse-token.ts';
import { refuse } from './refusal.ts';
import { createTokenCache } from './token-cache.ts';
import { toIdentified, verifyToken, type Issuer, type TokenVerdict } from './verify-token.ts';

export interface IdentifierOptions {
  readonly issuers: readonly IssuerOptions[];
  /** The URL of the MCP endpoint: what `aud` of a token must name where its issuer's options don't say otherwise. */
  readonly audience: string;
  /** Who is behind stdio; null where there is no such person. */
  readonly local: LocalUser | null;
  /** Null: development tokens are off. */
  readonly devKeys: DevKeys | null;
  /** Reads a key's row from the store. A rejection refuses the caller. */
  readonly findApiKey: (id: string) => Promise<ApiKey | null>;
  /** Milliseconds; see `KeyLifetimes`. */
  readonly jwksMaxAgeMs: number;
  readonly jwksStaleForMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly fetch: typeof fetch;
  /** For the log. Called for each failed attempt; holds no secret. */
  readonly onEvent?: (event: IdentityEvent) => void;
}

export type IdentityEvent =
  | { readonly kind: 'keys_refresh_failed'; readonly issuer: string; readonly detail: string }
  | { readonly kind: 'api_keys_unavailable'; readonly detail: string };

export interface Identifier {
  /** Verifies a credential. At once where it was seen before and still holds; never rejects. */
  identify(credential: Credential): Identified | Promise<Identified>;
  /** Ends fetches that are under way. */
  close(): void;
}

type Bearer = Extract<Credential, { readonly kind: 'bearer' }>;

/** Tokens remembered. An entry is about a kilobyte. */
const CACHE_CAPACITY = 10_000;
/** jose's and most other servers' default, too: a stranger can make us fetch twice a minute, not more. */
const COOLDOWN_MS = 30_000;
const RETRY_MS = 5000;

/** Builds the station that tells who is calling. Throws where the issuers contradict one another. */
export function createIdentifier(options: IdentifierOptions): Identifier {
  const { clock, onEvent } = options;
  const [problem] = checkIssuers(options.issuers);
  if (problem !== undefined) throw new Error(problem.message);

  const closing = new AbortController();
  const issuers = new Map<string, Issuer>();
  for (const issuer of options.issuers) {
    const prepared = prepareIssuer(issuer, options.issuers, {
      audience: options.audience,
      lifetimes: {
        maxAgeMs: options.jwksMaxAgeMs,
        staleForMs: options.jwksStaleForMs,
        cooldownMs: COOLDOWN_MS,
        retryMs: RETRY_MS,
      },
      fetch: options.fetch,
      clock,
      closed: closing.signal,
      onRefreshFailed: (name, detail) => onEvent?.({ kind: 'keys_refresh_failed', issuer: name, detail }),
    });
    issuers.set(issuer.issuer, prepared);
  }
  if (options.devKeys !== null) {
    issuers.set(DEV_ISSUER, prepareDevIssuer(options.devKeys, options.audience));
  }

  const cache = createTokenCache(CACHE_CAPACITY);
  const findApiKey = rememberApiKeys(options.findApiKey, clock);

  // A call is identified at the door and again at its line, with one credential: kept no longer than that is.
  const digests = new WeakMap<Bearer, string>();
  const digestOf = (credential: Bearer): string => {
    const known = digests.get(credential);
    if (known !== undefined) return known;
    const digest = hash('sha256', credential.token, 'base64');
    digests.set(credential, digest);
    return digest;
  };

  const identifyToken = (credential: Bearer): Identified | Promise<Identified> => {
    const { token: text } = credential;
    const digest = digestOf(credential);
    const known = cache.get(digest);
    if (known !== undefined) {
      const now = clock();
      const inTime = now >= known.validFrom && now < known.validUntil;
      if (inTime && issuers.get(known.issuer)?.keys.holds(known.keyFingerprint) === true) {
        return { ok: true, principal: known.principal };
      }
      // Verified afresh, so that the refusal says what is wrong with it now.
      cache.delete(digest);
    }
    const token = parseToken(text);
    if (!token.ok) return token;
    const { iss } = token.payload;
    if (iss === DEV_ISSUER && options.devKeys === null) {
      return refuse('dev_tokens_off', 'Development tokens are off (identity.dev).');
    }
    const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
    if (issuer === undefined) return refuse('unknown_issuer', 'The token is of no configured issuer.');

    const remember = (verdict: TokenVerdict): Identified => {
      if (verdict.ok) cache.set(digest, verdict.verified);
      return toIdentified(verdict);
    };
    const verdict = verifyToken(token, issuer, clock);
    return verdict instanceof Promise ? verdict.then(remember) : remember(verdict);
  };

  const identifyApiKey = (text: string): Identified | Promise<Identified> => {
    const presented = parseApiKey(text);
    if (presented === null) return refuse('malformed_token', 'The API key is not complete, or was mistyped.');
    const row = findApiKey(presented.id);
    if (!(row instanceof Promise)) return checkApiKey(presented, row, clock());
    return row.then(
      (read) => checkApiKey(presented, read, clock()),
      (error: unknown) => {
        // Its message may hold what the store was asked or how it is reached; its name does not.
        const detail = `The store of API keys failed: ${error instanceof Error ? error.name : 'unknown'}.`;
        onEvent?.({ kind: 'api_keys_unavailable', detail });
        return refuse('keys_unavailable', detail);
      },
    );
  };

  return {
    identify(credential) {
      switch (credential.kind) {
        case 'none':
          return refuse('no_credential', 'No credential was presented.');
        case 'local':
          return identifyLocal(options.local);
        case 'bearer':
          return looksLikeApiKey(credential.token)
            ? identifyApiKey(credential.token)
            : identifyToken(credential);
      }
    },
    close() {
      closing.abort();
    },
  };
}
