import { parseClaimPath, type ClaimPath } from './claim-path.ts';
import type { ClaimNames, IssuerOptions } from './config.ts';
import { DEV_ISSUER, type DevKeys } from './dev-tokens.ts';
import { fetchKeys } from './fetch-keys.ts';
import { createFixedKeys, createIssuerKeys, type KeyLifetimes } from './issuer-keys.ts';
import type { PrincipalRules } from './claims-to-principal.ts';
import type { Issuer } from './verify-token.ts';

/** What all issuers share. */
export interface IssuerSurroundings {
  /** This server's own URL: what `aud` must name where an issuer's options don't say otherwise. */
  readonly audience: string;
  readonly lifetimes: KeyLifetimes;
  readonly fetch: typeof fetch;
  readonly clock: () => number;
  /** Aborted when the server closes. */
  readonly closed: AbortSignal;
  readonly onRefreshFailed: (issuer: string, detail: string) => void;
}

/** Makes a configured issuer ready to verify. `all` are the issuers beside which it stands, itself included. */
export function prepareIssuer(
  options: IssuerOptions,
  all: readonly IssuerOptions[],
  around: IssuerSurroundings,
): Issuer {
  const { issuer, jwksUri } = options;
  return {
    name: issuer,
    credential: 'jwt',
    algorithms: options.algorithms,
    keys: createIssuerKeys({
      ...around.lifetimes,
      issuer,
      clock: around.clock,
      fetchKeys: () => fetchKeys(around.fetch, { issuer, jwksUri }, around.closed),
      onRefreshFailed: (detail) => around.onRefreshFailed(issuer, detail),
    }),
    claims: {
      audience: options.audience ?? [around.audience],
      clockSkewMs: options.clockSkewMs,
      maxTokenAgeMs: options.maxTokenAgeMs,
      requireAtJwt: options.requireAtJwt,
    },
    principal: {
      ...compileClaims(options.claims),
      prefix: options.prefix,
      groupsPrefix: options.groupsPrefix,
      foreignPrefixes: all
        .filter((other) => other !== options && other.prefix !== '')
        .map((other) => other.prefix),
    },
  };
}

/** The issuer of development tokens. Its users are named freely: who holds the key file may be anybody. */
export function prepareDevIssuer(keys: DevKeys, audience: string): Issuer {
  return {
    name: DEV_ISSUER,
    credential: 'dev_token',
    algorithms: ['EdDSA'],
    keys: createFixedKeys([keys.verification]),
    claims: { audience: [audience], clockSkewMs: 30_000, maxTokenAgeMs: null, requireAtJwt: true },
    principal: {
      ...compileClaims({ subject: 'sub', groups: 'groups', email: 'email', kind: null }),
      prefix: '',
      groupsPrefix: '',
      foreignPrefixes: [],
    },
  };
}

function compileClaims(names: ClaimNames): Pick<PrincipalRules, 'subject' | 'groups' | 'email' | 'kind'> {
  return {
    subject: compilePath(names.subject),
    groups: compilePath(names.groups),
    email: compilePath(names.email),
    kind: names.kind === null ? null : { claim: compilePath(names.kind.claim), service: names.kind.service },
  };
}

function compilePath(text: string): ClaimPath {
  const path = parseClaimPath(text);
  if (path === null) throw new Error(`not the name of a claim: ${text}`);
  return path;
}
