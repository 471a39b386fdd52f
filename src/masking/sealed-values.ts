import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Values inside their tokens, so that nothing has to be kept to turn them back. The same value of a class is the same token
 * within a scope; whoever has no key learns nothing of it but that and its length in steps of sixteen bytes.
 */
export interface SealedValues {
  /** Letters only, so that no detector finds anything in it. Null for a value that is too long. */
  readonly seal: (dataClass: string, value: string) => string | null;
  /** Null where it is none of this class and scope: it was made elsewhere, or up. */
  readonly open: (dataClass: string, sealed: string) => string | null;
}

/** Bytes of UTF-8: longer than any value of a class. */
const LONGEST = 254;
const IV = 12;
const BLOCK = 16;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEF';
const BITS = 5;
const SEALED = /^[a-zA-F]{30,600}$/;

/**
 * Deterministic authenticated encryption, built like RFC 5297: the IV is the authentication code of the value (HMAC-SHA-256, 96
 * bits of it), and AES-256-CTR with it the encryption; what is opened must have its own code again.
 *
 * @param key 32 bytes that nobody else has.
 * @param scope as for pseudonyms.
 */
export function createSealedValues(key: Uint8Array, scope: string): SealedValues {
  const derived = (use: string): Buffer =>
    createHmac('sha256', key).update(`sallyport-seal-${use}-v1\0${scope}`).digest();
  // Made when a value is sealed: few calls do, and these are made for each.
  let codeKey: Buffer | null = null;
  let cipherKey: Buffer | null = null;
  const codeOf = (dataClass: string, padded: Buffer): Buffer =>
    createHmac('sha256', (codeKey ??= derived('mac')))
      .update(`${dataClass}\0`)
      .update(padded)
      .digest()
      .subarray(0, IV);
  return {
    seal(dataClass, value) {
      // Half a surrogate pair would come back as something else.
      const padded = value.isWellFormed() ? pad(Buffer.from(value, 'utf8')) : null;
      if (padded === null) return null;
      const iv = codeOf(dataClass, padded);
      const cipher = createCipheriv('aes-256-ctr', (cipherKey ??= derived('aes')), counterOf(iv));
      return lettersOf(Buffer.concat([iv, cipher.update(padded), cipher.final()]));
    },
    open(dataClass, sealed) {
      const bytes = SEALED.test(sealed) ? bytesOf(sealed) : null;
      if (bytes === null || bytes.length < IV + BLOCK || (bytes.length - IV) % BLOCK !== 0) return null;
      const iv = bytes.subarray(0, IV);
      const decipher = createDecipheriv('aes-256-ctr', (cipherKey ??= derived('aes')), counterOf(iv));
      const padded = Buffer.concat([decipher.update(bytes.subarray(IV)), decipher.final()]);
      if (!timingSafeEqual(codeOf(dataClass, padded), iv)) return null;
      return padded.subarray(0, padded.lastIndexOf(END)).toString('utf8');
    },
  };
}

const END = 0x80;

/** ISO/IEC 9797-1, method 2. No byte behind the mark but zeros, so that it is found from the end. */
function pad(value: Buffer): Buffer | null {
  if (value.length > LONGEST) return null;
  const padded = Buffer.alloc((Math.floor(value.length / BLOCK) + 1) * BLOCK);
  value.copy(padded);
  padded[value.length] = END;
  return padded;
}

function counterOf(iv: Buffer): Buffer {
  return Buffer.concat([iv, Buffer.alloc(BLOCK - IV)]);
}

function lettersOf(bytes: Buffer): string {
  let letters = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) letters += ALPHABET.charAt((held >> (bits - BITS)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? letters : letters + ALPHABET.charAt((held << (BITS - bits)) & 31);
}

/** Null where the bits left over are not zero: one token has one spelling. */
function bytesOf(letters: string): Buffer | null {
  const bytes = Buffer.alloc(Math.floor((letters.length * BITS) / 8));
  let next = 0;
  let held = 0;
  let bits = 0;
  for (const letter of letters) {
    held = (held << BITS) | ALPHABET.indexOf(letter);
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes[next++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return bits < BITS && held === 0 ? bytes : null;
}
