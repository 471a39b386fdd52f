import { z } from 'zod';
import { ALGORITHMS, type Algorithm } from './algorithms.ts';
import { parseClaimPath } from './claim-path.ts';
import { checkIssuers } from './check-issuers.ts';
import { parseDuration } from './duration.ts';
import { isAcceptableUrl } from './issuer-url.ts';
import type { LocalUser } from './local.ts';
import { isSaneName } from './sane-name.ts';

/** An issuer of bearer tokens, as configured. Times in milliseconds. */
export interface IssuerOptions {
  /** Exactly as in the tokens' `iss`. */
  readonly issuer: string;
  /** What `aud` must name; null for this server's own URL. */
  readonly audience: readonly string[] | null;
  /** Null: found through discovery. */
  readonly jwksUri: string | null;
  readonly claims: ClaimNames;
  readonly algorithms: readonly Algorithm[];
  /** Put before the subject to form the principal's id. */
  readonly prefix: string;
  /** Put before each group, so that an issuer of partners can't hand out groups of one's own. */
  readonly groupsPrefix: string;
  readonly clockSkewMs: number;
  /** Greatest age by `iat`; null for no limit but `exp`. */
  readonly maxTokenAgeMs: number | null;
  /** Refuse tokens that don't say `typ: at+jwt` (RFC 9068). */
  readonly requireAtJwt: boolean;
}

/** Which claims hold what, in the notations of `parseClaimPath`. */
export interface ClaimNames {
  readonly subject: string;
  readonly groups: string;
  readonly email: string;
  /** A claim that tells services from people, and its values that mean a service. */
  readonly kind: { readonly claim: string; readonly service: readonly string[] } | null;
}

/** The `identity:` part of sallyport.yaml, checked. */
export interface IdentityConfig {
  readonly issuers: readonly IssuerOptions[];
  readonly local: LocalUser | null;
  readonly dev: { readonly enabled: boolean; readonly users: Readonly<Record<string, readonly string[]>> };
  /** All groups there are, to check policies against; null where they are not known. */
  readonly groups: readonly string[] | null;
  /** How long known keys go on working while an issuer can't be reached. */
  readonly jwksStaleForMs: number;
  /** How long a key goes on working that an issuer took down. */
  readonly jwksMaxAgeMs: number;
}

const MINUTE = 60_000;

const name = z
  .string()
  .refine(isSaneName, 'must be 1 to 255 visible characters, without spaces at either end');

const prefix = z.string().refine((text) => text === '' || isSaneName(text), 'must be visible characters');

function duration(min: number, max: number): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null && ms >= min && ms <= max) return ms;
    context.issues.push({
      code: 'custom',
      message: `must be a duration such as 30s, 5m or 12h, from ${min / 1000}s to ${max / 1000}s`,
      input: text,
    });
    return z.NEVER;
  });
}

const claimPath = z
  .string()
  .refine(
    (text) => parseClaimPath(text) !== null,
    'must name a claim: groups, realm_access.roles, /realm_access/roles or https://example.com/groups',
  );

const claims = z
  .strictObject({
    subject: claimPath.default('sub'),
    groups: claimPath.default('groups'),
    email: claimPath.default('email'),
    kind: z.strictObject({ claim: claimPath, service: z.array(z.string()).min(1) }).optional(),
  })
  .transform((read): ClaimNames => ({ ...read, kind: read.kind ?? null }));

const url = z
  .string()
  .refine((text) => isAcceptableUrl(text, true), 'must be an https URL (http only for this machine)');

const issuer = z
  .strictObject({
    issuer: z.string().min(1).max(2048),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .transform((text) => (typeof text === 'string' ? [text] : text))
      .optional(),
    jwks_uri: url.optional(),
    claims: claims.prefault({}),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .default([...ALGORITHMS]),
    prefix: prefix.default(''),
    groups_prefix: prefix.default(''),
    clock_skew: duration(0, 5 * MINUTE).default(30_000),
    max_token_age: duration(MINUTE, 366 * 24 * 60 * MINUTE).optional(),
    require_at_jwt: z.boolean().default(false),
  })
  .transform((read): IssuerOptions => ({
    issuer: read.issuer,
    audience: read.audience ?? null,
    jwksUri: read.jwks_uri ?? null,
    claims: read.claims,
    algorithms: read.algorithms,
    prefix: read.prefix,
    groupsPrefix: read.groups_prefix,
    clockSkewMs: read.clock_skew,
    maxTokenAgeMs: read.max_token_age ?? null,
    requireAtJwt: read.require_at_jwt,
  }));

const dev = z
  .union([z.boolean(), z.strictObject({ users: z.record(name, z.array(name)) })], {
    error: 'must be true, false, or users with their groups: { users: { alice: [support] } }',
  })
  .transform((read) =>
    typeof read === 'boolean' ? { enabled: read, users: {} } : { enabled: true, users: read.users },
  );

/** The schema of `identity:` in sallyport.yaml: what an operator writes in, `IdentityConfig` out. */
export const identitySchema = z
  .strictObject({
    issuers: z
      .array(issuer)
      .default([])
      .superRefine((issuers, context) => {
        for (const { index, message } of checkIssuers(issuers)) {
          context.addIssue({ code: 'custom', path: [index], message });
        }
      }),
    local: z.strictObject({ user: name, groups: z.array(name).default([]) }).optional(),
    dev: dev.prefault(false),
    groups: z.array(name).optional(),
    jwks_stale_for: duration(0, 7 * 24 * 60 * MINUTE).default(60 * MINUTE),
    jwks_max_age: duration(MINUTE, 24 * 60 * MINUTE).default(10 * MINUTE),
  })
  .superRefine((read, context) => {
    if (read.groups === undefined) return;
    const known = new Set(read.groups);
    const check = (groups: readonly string[], path: (string | number)[]): void => {
      for (const [index, group] of groups.entries()) {
        if (known.has(group)) continue;
        context.addIssue({ code: 'custom', path: [...path, index], message: 'is not in identity.groups' });
      }
    };
    check(read.local?.groups ?? [], ['local', 'groups']);
    for (const [user, groups] of Object.entries(read.dev.users)) check(groups, ['dev', 'users', user]);
  })
  .transform((read): IdentityConfig => ({
    issuers: read.issuers,
    local: read.local ?? null,
    dev: read.dev,
    groups: read.groups ?? null,
    jwksStaleForMs: Math.max(read.jwks_stale_for, read.jwks_max_age),
    jwksMaxAgeMs: read.jwks_max_age,
  }));
