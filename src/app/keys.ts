import { randomBytes } from 'node:crypto';
import { openRecord } from './read-record.ts';
import { createApiKey } from '../identity/api-keys.ts';
import { isSaneName } from '../identity/sane-name.ts';
import type { Configuration } from './configuration.ts';
import type { JsonObject } from '../model/json.ts';
import type { RecordType } from '../model/record.ts';
import type { Store } from '../sessions/store.ts';

export interface WantedKey {
  readonly service: string;
  readonly groups: readonly string[];
  readonly expiresInSeconds: number | undefined;
  /** Who makes it, for the record. */
  readonly by: string;
}

export type MadeKey =
  | {
      readonly ok: true;
      readonly id: string;
      /** The key itself: shown to its holder and kept nowhere. */ readonly key: string;
    }
  | { readonly ok: false; readonly problem: string };

export interface ListedKey {
  readonly id: string;
  readonly service: string;
  readonly groups: readonly string[];
  readonly state: 'live' | 'revoked' | 'expired';
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly createdBy: string;
  readonly expires: string | null;
  readonly revoked: string | null;
}

export async function createKey(configuration: Configuration, wanted: WantedKey): Promise<MadeKey> {
  if (!isSaneName(wanted.service))
    return { ok: false, problem: 'the service needs a name of visible characters' };
  const known = configuration.identity.groups;
  const stranger = known === null ? undefined : wanted.groups.find((group) => !known.includes(group));
  if (stranger !== undefined) return { ok: false, problem: `"${stranger}" is not in identity.groups` };
  return await withStore(configuration, true, async (store) => {
    const now = Date.now();
    const expiresAt = wanted.expiresInSeconds === undefined ? null : now + wanted.expiresInSeconds * 1000;
    const { service, groups, by: createdBy } = wanted;
    const { key, row } = createApiKey({ service, groups, createdBy, now, expiresAt }, randomBytes);
    // On record first: a key that the record has never heard of must not exist.
    await note(store, 'api_key.created', { id: row.id, service, groups, by: createdBy, expiresAt });
    await store.putApiKey(row);
    return { ok: true, id: row.id, key };
  });
}

export async function listKeys(configuration: Configuration): Promise<readonly ListedKey[]> {
  return await withStore(configuration, false, async (store) => {
    const now = Date.now();
    return (await store.listApiKeys()).map(
      ({ id, service, groups, createdAt, createdBy, expiresAt, revokedAt }) => ({
        id,
        service,
        groups,
        state: revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'live',
        created: iso(createdAt),
        createdBy,
        expires: expiresAt === null ? null : iso(expiresAt),
        revoked: revokedAt === null ? null : iso(revokedAt),
      }),
    );
  });
}

/** @returns false where there is no such key, or it was revoked before. */
export async function revokeKey(configuration: Configuration, id: string, by: string): Promise<boolean> {
  return await withStore(configuration, false, async (store) => {
    const revoked = await store.revokeApiKey(id, Date.now());
    if (revoked) await note(store, 'api_key.revoked', { id, by });
    return revoked;
  });
}

async function withStore<T>(
  configuration: Configuration,
  create: boolean,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openRecord(configuration, create);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function note(store: Store, type: RecordType, event: JsonObject): Promise<void> {
  return store.append([{ type, time: Date.now(), session: null, call: null, event, payload: null }]);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
