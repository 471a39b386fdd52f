import { codeAt, isAlphanumeric, isAsciiLetter, isDigit } from './characters.ts';
import type { Candidate, Detector } from './detector.ts';
import { isTokenCode, SHORTEST_TOKEN } from './tokens.ts';

const LONGEST = 65_536;

/**
 * Base64 and base64url that hold text with a value, anchored where a run of their characters starts: runs do not
 * overlap, so all readings together pass each character once. The first three bytes say whether it could be text.
 */
export const encoded: Detector = {
  trigger: 'token',
  detect(text, at, aid): Candidate | null {
    const { search } = aid;
    if (search === undefined || isTokenCode(codeAt(text, at - 1)) || isAlphanumeric(codeAt(text, at - 1)))
      return null;
    if (!isReadable(text, at)) return null;
    let end = at;
    while (end - at <= LONGEST && isBase64(codeAt(text, end))) end++;
    if (end - at < SHORTEST_TOKEN || end - at > LONGEST) return null;
    const decoded = Buffer.from(text.slice(at, end), 'base64').toString('utf8');
    if (UNREADABLE.test(decoded)) return null;
    const found = search(decoded);
    if (found === null) return null;
    while (codeAt(text, end) === EQUALS) end++;
    return { class: found.class, start: at, end, score: found.score };
  },
};

/**
 * Hexadecimal that holds text with a value, as `hex()` and `encode(…, 'hex')` write it, or `bytea` with its `\\x`. Of the
 * hashes and ids that are hexadecimal, hardly one is text.
 */
export const hexEncoded: Detector = {
  trigger: 'token',
  detect(text, at, aid): Candidate | null {
    const { search } = aid;
    if (search === undefined || isTokenCode(codeAt(text, at - 1)) || isAlphanumeric(codeAt(text, at - 1)))
      return null;
    const start = at + prefixLength(text, at);
    for (let index = start; index < start + 6; index += 2) if (!isText(byteAt(text, index))) return null;
    let end = start;
    while (end - start <= LONGEST && hexOf(codeAt(text, end)) !== -1) end++;
    if (end - at < SHORTEST_TOKEN || end - start > LONGEST || (end - start) % 2 === 1) return null;
    const decoded = Buffer.from(text.slice(start, end), 'hex').toString('utf8');
    if (UNREADABLE.test(decoded)) return null;
    const found = search(decoded);
    return found === null ? null : { class: found.class, start: at, end, score: found.score };
  },
};

/** Of `0x` and `x`. */
function prefixLength(text: string, at: number): number {
  if (codeAt(text, at) === SMALL_X) return 1;
  return codeAt(text, at) === ZERO && codeAt(text, at + 1) === SMALL_X ? 2 : 0;
}

const SMALL_X = 120;
const ZERO = 48;

/** The byte that two hexadecimal digits stand for; negative where they are none. */
function byteAt(text: string, at: number): number {
  const high = hexOf(codeAt(text, at));
  const low = hexOf(codeAt(text, at + 1));
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexOf(code: number): number {
  if (isDigit(code)) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

const EQUALS = 61;
/** A replacement character, or a control that no text has. */
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const UNREADABLE = /[\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function isBase64(code: number): boolean {
  return isDigit(code) || isAsciiLetter(code) || code === 43 || code === 47 || code === 45 || code === 95;
}

/** Whether the first four characters stand for three bytes of a text. */
function isReadable(text: string, at: number): boolean {
  let bits = 0;
  for (let index = at; index < at + 4; index++) {
    const value = SIX_BITS[codeAt(text, index)] ?? NOT_BASE64;
    if (value === NOT_BASE64) return false;
    bits = bits * 64 + value;
  }
  return isText(bits >> 16) && isText((bits >> 8) & 255) && isText(bits & 255);
}

function isText(byte: number): boolean {
  return (byte >= 32 && byte !== 127) || byte === 9 || byte === 10 || byte === 13;
}

const NOT_BASE64 = 255;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIX_BITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code === 45 ? 43 : code === 95 ? 47 : code));
  return value === -1 ? NOT_BASE64 : value;
});
