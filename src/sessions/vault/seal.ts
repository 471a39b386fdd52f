import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

/** A payload and what opens the commitment to it. */
export interface Payload {
  /** JSON. */
  readonly body: string;
  /** Hex, 16 bytes. Null with entries of format 1, which commit to nothing. */
  readonly salt: string | null;
}

/** What is there was not sealed under this key for this place: somebody changed it, or moved it. */
class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

export const KEY_BYTES = 32;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;

/** The first byte of what is sealed: what the plain text is. */
const SALTED = 1;
const UNSALTED = 2;
const OTHER = 3;

/** Filled anew when it is used up: random bytes cost as much for one nonce as for hundreds. */
const pool = Buffer.alloc(256 * NONCE_BYTES);
let used = pool.length;

/**
 * Seals a payload with its salt. Keys are key objects: AES-256-GCM over 1.5 KB takes 7 µs with one and 17 with its bytes. `bound` are 32 bytes that only its leaf leads to: the commitment of its entry or, of
 * format 1, the hash of its leaf. A sealed payload that is moved to another record does not open there.
 *
 * @returns format (1 byte) ‖ nonce (12) ‖ AES-256-GCM of salt (16) ‖ JSON in UTF-8 ‖ tag (16). Authenticated with it:
 *   format ‖ bound.
 */
export function sealPayload(key: KeyObject, bound: Uint8Array, { body, salt }: Payload): Uint8Array {
  if (salt === null) return seal(UNSALTED, key, bound, Buffer.from(body, 'utf8'));
  return sealSalted(key, bound, Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(body, 'utf8')]));
}

/** The same of salt ‖ JSON in UTF-8, as `commitTo` leaves them. */
export function sealSalted(key: KeyObject, bound: Uint8Array, salted: Uint8Array): Uint8Array {
  return seal(SALTED, key, bound, salted);
}

/** Throws `SealBroken`. */
export function openPayload(key: KeyObject, bound: Uint8Array, sealed: Uint8Array): Payload {
  if (sealed[0] === UNSALTED)
    return { body: open(UNSALTED, key, bound, sealed).toString('utf8'), salt: null };
  const plain = open(SALTED, key, bound, sealed);
  return {
    body: plain.toString('utf8', SALT_BYTES),
    salt: plain.toString('hex', 0, SALT_BYTES),
  };
}

/** Seals anything else. `place` says where it stands, so that it opens nowhere else. */
export function sealBytes(key: KeyObject, place: string, plain: Uint8Array): Uint8Array {
  return seal(OTHER, key, Buffer.from(place, 'utf8'), plain);
}

/** Throws `SealBroken`. */
export function openBytes(key: KeyObject, place: string, sealed: Uint8Array): Uint8Array {
  return open(OTHER, key, Buffer.from(place, 'utf8'), sealed);
}

/** `sealBytes` of a text, in base64: for columns that hold text. */
export function sealText(key: KeyObject, place: string, text: string): string {
  return Buffer.from(sealBytes(key, place, Buffer.from(text, 'utf8'))).toString('base64');
}

/** Throws `SealBroken`. */
export function openText(key: KeyObject, place: string, sealed: string): string {
  return Buffer.from(openBytes(key, place, Buffer.from(sealed, 'base64'))).toString('utf8');
}

function seal(format: number, key: KeyObject, bound: Uint8Array, plain: Uint8Array): Uint8Array {
  // Random nonces of 96 bits: NIST SP 800-38D allows 2^32 under one key, and a key is of one session or one day.
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const nonce = pool.subarray(used, used + NONCE_BYTES);
  used += NONCE_BYTES;
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(format, bound));
  const secret = cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(format), nonce, secret, cipher.getAuthTag()]);
}

function open(format: number, key: KeyObject, bound: Uint8Array, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES;
  const from = 1 + NONCE_BYTES;
  if (sealed[0] !== format || end < from) throw new SealBroken('what was sealed is of another format');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, from), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated(format, bound)).setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(from, end));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new SealBroken('what was sealed does not open with its key in its place');
  }
}

function authenticated(format: number, bound: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + bound.length);
  bytes[0] = format;
  bytes.set(bound, 1);
  return bytes;
}
