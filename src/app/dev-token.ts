import { devKeyPath, endpointOf } from './places.ts';
import { loadDevKeys, signDevToken } from '../identity/dev-tokens.ts';
import type { Configuration } from './configuration.ts';

export interface WantedToken {
  readonly user: string;
  readonly groups: readonly string[] | undefined;
  readonly email: string | undefined;
  readonly ttlSeconds: number;
}

export type MadeToken =
  | { readonly ok: true; readonly token: string; readonly groups: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Signs a development token with this gateway's key. Refused where the gateway would refuse the token. */
export async function makeDevToken(configuration: Configuration, wanted: WantedToken): Promise<MadeToken> {
  const { dev } = configuration.identity;
  if (!dev.enabled)
    return { ok: false, problem: 'development tokens are off: identity.dev in the configuration' };
  const { user, email, ttlSeconds } = wanted;
  const groups = wanted.groups ?? new Map(Object.entries(dev.users)).get(user);
  if (groups === undefined) {
    const problem = `"${user}" is not among identity.dev.users, so name the groups: --groups support,dba`;
    return { ok: false, problem };
  }
  const keys = await loadDevKeys(devKeyPath(configuration));
  const claims = { user, groups, audience: endpointOf(configuration), ttlSeconds };
  const token = await signDevToken(email === undefined ? claims : { ...claims, email }, keys, Date.now());
  return { ok: true, token, groups };
}
