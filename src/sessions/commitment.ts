import { hash, randomFillSync } from 'node:crypto';

/** What an entry says of a payload, and what opens it. Both hex. */
export interface Commitment {
  /** HMAC-SHA-256 of the payload's JSON under the salt. It stands in the leaf. */
  readonly digest: string;
  /** 16 random bytes, kept beside the payload and erased with it: without them a likely value can't be tried. */
  readonly salt: string;
}

const SALT_BYTES = 16;
const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** Filled anew when it is used up: random bytes cost as much for one salt as for hundreds. */
const pool = Buffer.alloc(256 * SALT_BYTES);
let used = pool.length;

/** The two inputs of RFC 2104, kept so that no call makes them. */
let inner = Buffer.alloc(BLOCK_BYTES + 8_192);
const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);

/**
 * Commits to the JSON of a payload. Written out as RFC 2104 has it, with `crypto.hash`: `createHmac` took five times as
 * long, and every call of the gateway waits for two of these.
 */
export function commitTo(payload: string): Commitment {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const salt = pool.subarray(used, used + SALT_BYTES);
  used += SALT_BYTES;
  // A character of JSON has at most three bytes in UTF-8.
  if (inner.length < BLOCK_BYTES + payload.length * 3) inner = Buffer.alloc(BLOCK_BYTES + payload.length * 3);
  padded(inner, salt, 0x36);
  padded(outer, salt, 0x5c);
  const end = BLOCK_BYTES + inner.write(payload, BLOCK_BYTES, 'utf8');
  outer.set(hash('sha256', inner.subarray(0, end), 'buffer'), BLOCK_BYTES);
  return { digest: hash('sha256', outer, 'hex'), salt: salt.toString('hex') };
}

function padded(block: Uint8Array, key: Uint8Array, pad: number): void {
  block.fill(pad, 0, BLOCK_BYTES);
  for (let at = 0; at < SALT_BYTES; at += 1) block[at] = pad ^ (key[at] ?? 0);
}
