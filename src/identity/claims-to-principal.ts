import type { Principal } from '../model/principal.ts';
import { isElsewhere } from './check-claims.ts';
import { readClaim, type ClaimPath } from './claim-path.ts';
import type { PlainObject } from './plain-object.ts';
import { refuse, type Refusal } from './refusal.ts';
import { isSaneName } from './sane-name.ts';

/** Where an issuer's tokens say who it is, and how that becomes a principal. */
export interface PrincipalRules {
  readonly subject: ClaimPath;
  readonly groups: ClaimPath;
  readonly email: ClaimPath;
  /** A claim that tells services from people, and the values that mean a service. */
  readonly kind: { readonly claim: ClaimPath; readonly service: readonly string[] } | null;
  /** Put before the subject to form the principal's id. */
  readonly prefix: string;
  /** Put before each group. */
  readonly groupsPrefix: string;
  /** The prefixes of the other issuers: an id that starts with one of them would be a principal of theirs. */
  readonly foreignPrefixes: readonly string[];
}

export type Person = Omit<Principal, 'issuer' | 'credential'>;

/** Groups in a token. Each is an entity in every decision. */
const MAX_GROUPS = 1000;
/** RFC 5321 §4.5.3.1.3, with its brackets off. */
const MAX_EMAIL_LENGTH = 254;

/** Reads who a token is about, from claims that were checked. */
export function claimsToPrincipal(
  payload: PlainObject,
  rules: PrincipalRules,
): { readonly ok: true; readonly person: Person } | Refusal {
  const subject = readClaim(payload, rules.subject);
  if (!isSaneName(subject)) return refuse('bad_claims', 'The subject is missing or not a plain name.');
  const id = rules.prefix + subject;
  if (rules.foreignPrefixes.some((prefix) => id.startsWith(prefix))) {
    return refuse('bad_claims', 'The subject begins with the prefix of another issuer.');
  }
  const groups = readGroups(payload, rules);
  if (groups === null) return refuse('bad_claims', 'The groups are not a list of plain names.');
  const email = readEmail(payload, rules.email);
  return {
    ok: true,
    person: {
      kind: isService(payload, rules.kind) ? 'service' : 'user',
      id,
      groups,
      ...(email === null ? {} : { email }),
    },
  };
}

/**
 * RFC 9068 §2.2: a token that no person stands behind (client credentials) has the client itself as its subject.
 * That always means a service, whatever a configured claim says, for a service must not pass for a person.
 */
function isService(payload: PlainObject, kind: PrincipalRules['kind']): boolean {
  const { sub, client_id: clientId, azp } = payload;
  if (sub !== undefined && (sub === clientId || sub === azp)) return true;
  if (kind === null) return false;
  const value = readClaim(payload, kind.claim);
  return typeof value === 'string' && kind.service.includes(value);
}

/** A missing claim is no groups, one text is one group; anything that can't be read is null, never "none". */
function readGroups(payload: PlainObject, rules: PrincipalRules): readonly string[] | null {
  const value = readClaim(payload, rules.groups);
  if (value === undefined || value === null) return isElsewhere(payload, rules.groups[0]) ? null : [];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length > MAX_GROUPS || !names.every(isSaneName)) return null;
  return sortedGroups(names.map((name) => rules.groupsPrefix + name));
}

/** As `Principal` wants them: sorted, without duplicates. */
export function sortedGroups(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/** An address that the issuer itself says is not verified is anybody's claim, so it is left out. */
function readEmail(payload: PlainObject, path: ClaimPath): string | null {
  const value = readClaim(payload, path);
  const good = isSaneName(value) && value.length <= MAX_EMAIL_LENGTH && value.includes('@');
  return good && payload.email_verified !== false ? value : null;
}
