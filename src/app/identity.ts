import { devKeyPath, endpointOf } from './places.ts';
import { loadDevKeys, type DevKeys } from '../identity/dev-tokens.ts';
import { createIdentifier, type Identifier } from '../identity/identify.ts';
import type { Configuration } from './configuration.ts';
import type { Log } from '../model/log.ts';
import type { Store } from '../sessions/store.ts';

export interface Identity {
  readonly identifier: Identifier;
  /** Null where development tokens are off. */
  readonly devKeys: DevKeys | null;
}

/** Who is who, as the configuration says: one and the same for the door, the console and the command line. */
export async function openIdentity(configuration: Configuration, store: Store, log: Log): Promise<Identity> {
  const { identity } = configuration;
  const devKeys = identity.dev.enabled ? await loadDevKeys(devKeyPath(configuration)) : null;
  const identifier = createIdentifier({
    issuers: identity.issuers,
    audience: endpointOf(configuration),
    local: identity.local,
    devKeys,
    findApiKey: (id) => store.findApiKey(id),
    jwksMaxAgeMs: identity.jwksMaxAgeMs,
    jwksStaleForMs: identity.jwksStaleForMs,
    clock: Date.now,
    fetch,
    onEvent: (event) => log('warn', { ...event }, 'identity'),
  });
  return { identifier, devKeys };
}
