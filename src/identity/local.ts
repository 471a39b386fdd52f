import type { Identified } from '../model/principal.ts';
import { sortedGroups } from './claims-to-principal.ts';
import { refuse } from './refusal.ts';

/** Whose machine this is: the person behind a stdio process that the person started. */
export interface LocalUser {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The `issuer` of the local user: the operating system let this person start the process. */
export const LOCAL_ISSUER = 'local';

export function identifyLocal(local: LocalUser | null): Identified {
  if (local === null) return refuse('local_user_off', 'No local user is configured (identity.local).');
  return {
    ok: true,
    principal: {
      kind: 'user',
      id: local.user,
      issuer: LOCAL_ISSUER,
      groups: sortedGroups(local.groups),
      credential: { kind: 'local', id: LOCAL_ISSUER },
    },
  };
}
