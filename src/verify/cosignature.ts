import { createHash, createPublicKey, verify } from 'node:crypto';

/** A cosigner's verifier key, of type 0x04 of C2SP signed-note. */
export interface CosignerKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly point: Buffer;
}

/** Null where the text is none. */
export function parseCosignerKey(text: string): CosignerKey | null {
  const [name = '', id = '', ...rest] = text.trim().split('+');
  // Base64 may hold a plus itself.
  const bytes = Buffer.from(rest.join('+'), 'base64');
  if (name === '' || /\s/u.test(name) || bytes.length !== 33 || bytes[0] !== 0x04) return null;
  const expected = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8);
  return id === expected ? { name, id, point: bytes.subarray(1) } : null;
}

/**
 * When the cosigner says that it saw this checkpoint, in seconds since the epoch; null where its note has no good cosignature
 * of that key (C2SP tlog-cosignature, Ed25519).
 */
export function cosignedAt(note: string, { name, id, point }: CosignerKey): bigint | null {
  const [body = '', signatures = ''] = note.split('\n\n');
  const x = point.toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  for (const line of signatures.split('\n')) {
    const [dash, who, data = ''] = line.split(' ');
    const bytes = Buffer.from(data, 'base64');
    if (dash !== '—' || who !== name || bytes.length !== 4 + 8 + 64) continue;
    if (bytes.toString('hex', 0, 4) !== id) continue;
    const time = bytes.readBigUInt64BE(4);
    const message = Buffer.from(`cosignature/v1\ntime ${time}\n${body}\n`);
    return verify(null, message, key, bytes.subarray(12)) ? time : null;
  }
  return null;
}
