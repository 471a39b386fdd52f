import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ApiKey } from '../model/api-key.ts';
import type { Identified } from '../model/principal.ts';
import { sortedGroups } from './claims-to-principal.ts';
import { refuse } from './refusal.ts';

/**
 * An API key is `sp_<id>_<secret><checksum>`: 16 characters of base32 that may be shown, 43 of base64url that may
 * not (256 bits), and 6 that let a secret scanner, and this server before it asks the store, tell a key from
 * something that looks like one.
 */
const SHAPE = /^sp_([a-z2-7]{16})_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;
const PREFIX = 'sp_';
const ID_BYTES = 10;
const SECRET_BYTES = 32;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The `issuer` of principals that came with an API key: this gateway itself. */
export const API_KEY_ISSUER = 'api-key';

/** Stands in for the stored hash of a key that does not exist; no secret is known that hashes to it. */
const NO_HASH = Buffer.alloc(32);

/** Random bytes, for example `randomBytes` of `node:crypto`. */
export type RandomBytes = (size: number) => Uint8Array;

export interface NewApiKey {
  readonly service: string;
  readonly groups: readonly string[];
  readonly createdBy: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly expiresAt: number | null;
}

/** Makes a key. `key` is shown to its holder once and kept nowhere; `row` is what the store keeps. */
export function createApiKey(
  wanted: NewApiKey,
  random: RandomBytes,
): { readonly key: string; readonly row: ApiKey } {
  const id = base32(random(ID_BYTES));
  const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url');
  return {
    key: `${PREFIX}${id}_${secret}${checksum(id, secret)}`,
    row: {
      id,
      hash: hash('sha256', secret),
      service: wanted.service,
      groups: sortedGroups(wanted.groups),
      createdAt: wanted.now,
      createdBy: wanted.createdBy,
      expiresAt: wanted.expiresAt,
      revokedAt: null,
    },
  };
}

/** Tells the two kinds of bearer credential apart; a JWT begins with `ey`, for it begins with `{"`. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith(PREFIX);
}

export interface ParsedApiKey {
  readonly id: string;
  readonly secret: string;
}

/** Takes a key apart; null where it is none, or was copied wrongly. */
export function parseApiKey(credential: string): ParsedApiKey | null {
  const [, id, secret, check] = SHAPE.exec(credential) ?? [];
  if (id === undefined || secret === undefined) return null;
  return check === checksum(id, secret) ? { id, secret } : null;
}

/**
 * Checks a key against its row. The comparison takes the same time for a wrong secret, an unknown id and a broken
 * row, and only who has the secret learns that a key was revoked or has expired.
 */
export function checkApiKey(presented: ParsedApiKey, row: ApiKey | null, now: number): Identified {
  const stored = row === null ? NO_HASH : Buffer.from(row.hash, 'hex');
  const comparable = stored.length === NO_HASH.length;
  const digest = hash('sha256', presented.secret, 'buffer');
  const same = timingSafeEqual(digest, comparable ? stored : NO_HASH);
  if (row === null || row.id !== presented.id)
    return refuse('unknown_api_key', 'There is no API key of this id.');
  if (!same || !comparable) return refuse('unknown_api_key', 'The secret is not that of the API key.');
  if (row.revokedAt !== null) return refuse('revoked_api_key', 'The API key was revoked.');
  if (row.expiresAt !== null && now >= row.expiresAt) return refuse('expired', 'The API key has expired.');
  return {
    ok: true,
    principal: {
      kind: 'service',
      id: row.service,
      issuer: API_KEY_ISSUER,
      groups: sortedGroups(row.groups),
      credential: {
        kind: 'api_key',
        id: row.id,
        ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }),
      },
    },
  };
}

function checksum(id: string, secret: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(`${id}_${secret}`));
  return bytes.toString('base64url');
}

/** RFC 4648 §6 without padding, lower case: 80 bits are 16 characters. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  for (let at = (bytes.length * 8) / 5 - 1; at >= 0; at -= 1) {
    text += BASE32.charAt(Number((value >> BigInt(at * 5)) & 31n));
  }
  return text;
}
