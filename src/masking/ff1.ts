import { createCipheriv } from 'node:crypto';

const RADIX = 10;
const ROUNDS = 10;

/** NIST SP 800-38G Rev. 1, 5.1: the domain has a million members at least. */
export const FEWEST_FF1_DIGITS = 6;

/**
 * FF1 of NIST SP 800-38G over decimal digits: digits become as many other digits, the same for the same key and tweak.
 *
 * @param key AES key of 16, 24 or 32 bytes.
 */
export function ff1(key: Uint8Array, tweak: Uint8Array, digits: string): string {
  const { length } = digits;
  if (length < FEWEST_FF1_DIGITS || !/^[0-9]+$/.test(digits))
    throw new RangeError('FF1 takes six digits and more');
  const u = Math.floor(length / 2);
  const v = length - u;
  let a = digits.slice(0, u);
  let b = digits.slice(u);
  const bytes = Math.ceil(Math.ceil(v * Math.log2(RADIX)) / 8);
  const wanted = 4 * Math.ceil(bytes / 4) + 4;
  const fixed = Buffer.alloc(16);
  fixed.set([1, 2, 1, 0, 0, RADIX, ROUNDS, u % 256]);
  fixed.writeUInt32BE(length, 8);
  fixed.writeUInt32BE(tweak.length, 12);
  const padding = (((-tweak.length - bytes - 1) % 16) + 16) % 16;
  for (let round = 0; round < ROUNDS; round++) {
    const number = Buffer.from(
      BigInt(b)
        .toString(16)
        .padStart(bytes * 2, '0'),
      'hex',
    );
    const block = prf(
      key,
      Buffer.concat([fixed, tweak, Buffer.alloc(padding), Buffer.from([round]), number]),
    );
    const y = BigInt(`0x${stretched(key, block, wanted).toString('hex')}`);
    const m = round % 2 === 0 ? u : v;
    const c = ((BigInt(a) + y) % 10n ** BigInt(m)).toString().padStart(m, '0');
    a = b;
    b = c;
  }
  return a + b;
}

function cipher(key: Uint8Array, mode: 'cbc' | 'ecb', data: Uint8Array): Buffer {
  const aes = createCipheriv(`aes-${key.length * 8}-${mode}`, key, mode === 'cbc' ? Buffer.alloc(16) : null);
  aes.setAutoPadding(false);
  return Buffer.concat([aes.update(data), aes.final()]);
}

/** Algorithm 6: the last block of CBC-MAC. */
function prf(key: Uint8Array, data: Uint8Array): Buffer {
  return cipher(key, 'cbc', data).subarray(-16);
}

/** Step 6.iii: more blocks, where one is too short. */
function stretched(key: Uint8Array, block: Buffer, length: number): Buffer {
  const parts = [block];
  for (let count = 1; count * 16 < length; count++) {
    const next = Buffer.from(block);
    next.writeUInt32BE((next.readUInt32BE(12) ^ count) >>> 0, 12);
    parts.push(cipher(key, 'ecb', next));
  }
  return Buffer.concat(parts).subarray(0, length);
}
