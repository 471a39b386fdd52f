import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/** The hash of a leaf: SHA-256(0x00 ‖ entry), the entry in UTF-8 (RFC 6962 §2.1). */
export function leafHash(entry: string): Uint8Array {
  return hash('sha256', `\0${entry}`, 'buffer');
}

/** The hash of a node: SHA-256(0x01 ‖ left ‖ right). The prefixes keep a node from passing for a leaf. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return hash('sha256', '', 'buffer');
}

/** The hash over a row of hashes, which are one after the other. How many there are is a power of two. */
export function fullRoot(row: Uint8Array): Uint8Array {
  if (row.length === HASH_BYTES) return row;
  const half = row.length / 2;
  return nodeHash(fullRoot(row.subarray(0, half)), fullRoot(row.subarray(half)));
}
