import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/**
 * Signed notes as C2SP signed-note has them, with Ed25519 keys: a text, an empty line, and a line for each signature.
 * Keys are written as its verifier keys, `name+id+base64`, and as the signer keys of the Go package `note`.
 */
export interface Signer {
  /** The name of the key, which is the origin of the log. */
  readonly name: string;
  /** What others verify with: `name+id+base64`. Public. */
  readonly verifierKey: string;
  readonly sign: (text: string) => string;
  /** The same key under another name: what it signs then is not taken for what it signs as the log. */
  readonly named: (name: string) => Signer;
}

/** The type of an Ed25519 signature, of a key's first byte and in the hash of its id. */
const ED25519 = 0x01;
const ID_BYTES = 4;
const SEED_BYTES = 32;
const SIGNATURE_BYTES = 64;
const SIGNER_PREFIX = 'PRIVATE+KEY+';

/** What stands before the 32 bytes in the DER encodings of Ed25519 keys (RFC 8410 §4 and §7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A name that is not empty and holds no white space and no plus. */
const KEY_NAME = /^[^\s+]{1,255}$/u;

/** The line that a key file holds. It is a secret. `seed` is 32 random bytes. */
export function signerKey(name: string, seed: Uint8Array): string {
  if (!KEY_NAME.test(name) || seed.length !== SEED_BYTES)
    throw new TypeError('not a name and a seed of a key');
  const id = keyId(name, publicBytes(privateKey(seed)));
  return `${SIGNER_PREFIX}${name}+${id.toString('hex')}+${typed(seed).toString('base64')}`;
}

/** Null where the line is not a signer key, or its id is not that of its name and key. */
export function parseSigner(line: string): Signer | null {
  const [, name = '', id = '', data = ''] =
    /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(line) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== 1 + SEED_BYTES || bytes[0] !== ED25519) return null;
  const signer = signerOf(name, privateKey(bytes.subarray(1)));
  return signer.verifierKey.startsWith(`${name}+${id}+`) ? signer : null;
}

function signerOf(name: string, key: KeyObject): Signer {
  const point = publicBytes(key);
  const keyHash = keyId(name, point);
  return {
    name,
    verifierKey: `${name}+${keyHash.toString('hex')}+${typed(point).toString('base64')}`,
    sign: (text) => {
      const signature = Buffer.concat([keyHash, sign(null, Buffer.from(text), key)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
    named: (other) => {
      if (!KEY_NAME.test(other)) throw new TypeError('not the name of a key');
      return signerOf(other, key);
    },
  };
}

/** The text of a note that the holder of this verifier key signed; null where it is none, or is not signed by it. */
export function openNote(note: string, verifierKey: string): string | null {
  const [, name = '', id = '', data = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(verifierKey) ?? [];
  const point = Buffer.from(data, 'base64').subarray(1);
  const split = note.lastIndexOf('\n\n');
  if (split === -1 || point.length !== SEED_BYTES) return null;
  const text = note.slice(0, split + 1);
  const key = createPublicKey({ key: Buffer.concat([SPKI, point]), format: 'der', type: 'spki' });
  const signed = note
    .slice(split + 2)
    .split('\n')
    .some((line) => {
      const [, signer, encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
      const bytes = Buffer.from(encoded, 'base64');
      return (
        signer === name &&
        bytes.length === ID_BYTES + SIGNATURE_BYTES &&
        bytes.subarray(0, ID_BYTES).toString('hex') === id &&
        verify(null, Buffer.from(text), key, bytes.subarray(ID_BYTES))
      );
    });
  return signed ? text : null;
}

/** SHA-256(name ‖ LF ‖ type ‖ public key), the first four bytes. */
function keyId(name: string, point: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed(point)]), 'buffer').subarray(
    0,
    ID_BYTES,
  );
}

function typed(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(ED25519), bytes]);
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}
