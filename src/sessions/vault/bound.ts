import { leafHash } from '../log/merkle.ts';

/**
 * What a sealed payload is bound to: the commitment of its entry (hex). Entries of format 1 hold none, and there it is
 * the hash of the leaf.
 */
export function boundTo(commitment: string | null, entry: string): Uint8Array {
  return commitment === null ? leafHash(entry) : Buffer.from(commitment, 'hex');
}
