import { createPrivateKey, createPublicKey, hash, randomBytes, sign } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Signs that it saw a checkpoint: C2SP tlog-cosignature, version 1, with Ed25519. */
export interface Cosigner {
  readonly name: string;
  /** What others verify with: `name+id+base64`. Public. */
  readonly verifierKey: string;
  /** The line of the cosignature over a checkpoint's text, without its end. `seconds` since the epoch. */
  readonly cosign: (text: string, seconds: number) => string;
}

/** The type of such a signature, in keys and in the hash that names them. */
const COSIGNATURE = 0x04;
const SEED_BYTES = 32;
const PREFIX = 'PRIVATE+KEY+';
/** What stands before the 32 bytes in the DER encodings of Ed25519 keys (RFC 8410 §4 and §7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

/**
 * The key in the file, made there where there is none: a line as the signer keys of Go's `note` are written. Throws where it
 * holds something else, belongs to another name, or may be read by others.
 */
export function openCosigner(path: string, name: string | null): Cosigner {
  if (!exists(path)) {
    const fresh = name ?? `sallyport-witness/${randomBytes(8).toString('hex')}`;
    if (!/^[^\s+]{1,255}$/u.test(fresh)) throw new TypeError('a name has no spaces and no plus signs');
    const own = `${path}.${randomBytes(8).toString('hex')}`;
    writeFileSync(own, `${keyLine(fresh, randomBytes(SEED_BYTES))}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    try {
      // Of two that start at a time one makes it, and both read that one.
      linkSync(own, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      rmSync(own);
    }
  }
  if ((statSync(path).mode & 0o077) !== 0) throw new Error(`${path} may be read by others: chmod 600 it`);
  const cosigner = parse(readFileSync(path, 'utf8').trimEnd());
  if (cosigner === null) throw new Error(`${path} does not hold the key of a witness`);
  if (name !== null && name !== cosigner.name)
    throw new Error(`${path} is the key of "${cosigner.name}", and not of "${name}"`);
  return cosigner;
}

function keyLine(name: string, seed: Uint8Array): string {
  const { id } = keyOf(name, seed);
  return `${PREFIX}${name}+${id.toString('hex')}+${typed(seed).toString('base64')}`;
}

function parse(line: string): Cosigner | null {
  const [, name = '', said = '', data = ''] =
    /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(line) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== 1 + SEED_BYTES || bytes[0] !== COSIGNATURE) return null;
  const { key, id, point } = keyOf(name, bytes.subarray(1));
  if (id.toString('hex') !== said) return null;
  return {
    name,
    verifierKey: `${name}+${said}+${typed(point).toString('base64')}`,
    cosign(text, seconds) {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(seconds));
      const message = `cosignature/v1\ntime ${seconds}\n${text}`;
      const signature = Buffer.concat([id, time, sign(null, Buffer.from(message), key)]);
      return `— ${name} ${signature.toString('base64')}`;
    },
  };
}

function keyOf(name: string, seed: Uint8Array) {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const point = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_BYTES);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed(point)]), 'buffer').subarray(0, 4);
  return { key, point, id };
}

function typed(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(COSIGNATURE), bytes]);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
