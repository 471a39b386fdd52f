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

const EQUALS = 61;
/** A replacement character, or a control that no text has. */
// eslint-disable-next-line no-control-regex
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
