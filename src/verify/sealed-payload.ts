import { createDecipheriv, createHash } from 'node:crypto';

/** What opens payloads: 32 bytes, and the 16 hex digits that the store knows them by. */
export interface PayloadKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** 32 bytes in base64 or as hex digits. Null where the text is none. Written for the verifier alone, as all of this. */
export function parsePayloadKey(text: string): PayloadKey | null {
  const line = text.trim();
  const bytes = Buffer.from(line, /^[0-9a-f]{64}$/i.test(line) ? 'hex' : 'base64');
  if (bytes.length !== 32 || !/^[\w+/-]{43,64}=?$/.test(line)) return null;
  const id = createHash('sha256').update('payload key\0').update(bytes).digest('hex').slice(0, 16);
  return { id, bytes };
}

/** The data key of a session or day. Null where it is not one that this key wrapped for it. */
export function unwrapDataKey(key: PayloadKey, scope: string, wrapped: Buffer): Buffer | null {
  if (wrapped[0] !== 3) return null;
  const data = decrypt(key.bytes, Buffer.from(`data_key/${scope}`, 'utf8'), wrapped);
  return data?.length === 32 ? data : null;
}

/**
 * A payload under its data key. `commitment` (hex) is that of its entry, `leaf` the hash of its leaf, which stands in for
 * it where there is none. Null where it does not open.
 */
export function openSealed(
  key: Buffer,
  sealed: Buffer,
  commitment: string | null,
  leaf: Buffer,
): { readonly body: Buffer; readonly salt: Buffer } | null {
  const plain = decrypt(key, commitment === null ? leaf : Buffer.from(commitment, 'hex'), sealed);
  if (plain === null) return null;
  if (sealed[0] === 1) return { salt: plain.subarray(0, 16), body: plain.subarray(16) };
  return sealed[0] === 2 ? { salt: Buffer.alloc(0), body: plain } : null;
}

/** Format (1 byte) ‖ nonce (12) ‖ AES-256-GCM ‖ tag (16). */
function decrypt(key: Buffer, bound: Buffer, sealed: Buffer): Buffer | null {
  if (sealed.length < 29) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13), { authTagLength: 16 });
    decipher.setAAD(Buffer.concat([sealed.subarray(0, 1), bound])).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]);
  } catch {
    return null;
  }
}
