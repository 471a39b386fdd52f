import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** A verifier key of C2SP signed-note: `name+id+base64`. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Null where the text is none, or is not of an Ed25519 key. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const [name, id, data, ...rest] = text.trim().split('+', 2).concat(afterTwo(text.trim()));
  if (!name || /\s/u.test(name) || !id || !data || rest.length > 0) return null;
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 0x01) return null;
  const expected = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8);
  if (id !== expected) return null;
  // Ed25519 as a JSON web key (RFC 8037), which needs no DER.
  const x = bytes.subarray(1).toString('base64url');
  return { name, id, key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) };
}

/** Base64 may hold a plus itself. */
function afterTwo(text: string): string {
  return text.split('+').slice(2).join('+');
}

export type Opened =
  | { readonly ok: true; readonly size: number; readonly root: string }
  | { readonly ok: false; readonly why: 'key_changed' | 'signature_invalid' | 'checkpoint_invalid' };

/** Opens a checkpoint that must be signed by `key`. `root` is hex. */
export function openCheckpoint(note: string, key: VerifierKey): Opened {
  const signed = openSigned(note, [key]);
  // A log signs no empty tree.
  return signed.ok && signed.size === 0 ? { ok: false, why: 'checkpoint_invalid' } : signed;
}

type OpenedSigned =
  | {
      readonly ok: true;
      readonly size: number;
      /** Hex. */
      readonly root: string;
      /** What is signed, and the lines of the signatures that were verified, without their ends. */
      readonly text: string;
      readonly signatures: readonly string[];
    }
  | Extract<Opened, { readonly ok: false }>;

/** Opens a checkpoint that one of the keys must have signed, and none badly: all are keys of one log. */
export function openSigned(note: string, keys: readonly VerifierKey[]): OpenedSigned {
  const [body = '', signatures, ...more] = note.split('\n\n');
  if (signatures === undefined || more.length > 0) return { ok: false, why: 'checkpoint_invalid' };
  const text = `${body}\n`;
  const verified: string[] = [];
  for (const line of signatures.split('\n').filter((each) => each !== '')) {
    const [dash, name, data = '', ...rest] = line.split(' ');
    const bytes = Buffer.from(data, 'base64');
    if (dash !== '—' || rest.length > 0) return { ok: false, why: 'checkpoint_invalid' };
    const id = bytes.toString('hex', 0, 4);
    const key = keys.find((each) => each.name === name && each.id === id);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text), key.key, bytes.subarray(4)))
      return { ok: false, why: 'signature_invalid' };
    verified.push(line);
  }
  if (verified.length === 0) return { ok: false, why: 'key_changed' };
  const [origin, digits = '', base64 = ''] = body.split('\n');
  const root = Buffer.from(base64, 'base64');
  // What a key signs for another log says nothing of this one.
  const ours = keys.every(({ name }) => name === origin);
  if (!ours || !/^(?:0|[1-9]\d{0,14})$/.test(digits) || root.length !== 32)
    return { ok: false, why: 'checkpoint_invalid' };
  return { ok: true, size: Number(digits), root: root.toString('hex'), text, signatures: verified };
}
