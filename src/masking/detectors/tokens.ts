import { codeAt, DASH, DOT, isAlphanumeric, isAsciiLetter, isDigit } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Candidate, Detector } from './detector.ts';
import { LONGEST_HEAD, TOKEN_KINDS, type TokenKind } from './token-kinds.ts';

/** A run of letters, digits and `_ - . + /` of this length may be a secret. Words of prose are shorter. */
export const SHORTEST_TOKEN = 16;
const LONGEST_TOKEN = 512;

/** Whether a character can stand in a token. */
export function isTokenCode(code: number): boolean {
  return isDigit(code) || isAsciiLetter(code) || (code >= 45 && code <= 47) || code === 95 || code === 43;
}

/** Whether the run that a place stands in is long enough. */
function inLongToken(text: string, at: number): boolean {
  let start = at;
  let end = at;
  while (end - at < SHORTEST_TOKEN && isTokenCode(codeAt(text, end))) end++;
  while (end - start < SHORTEST_TOKEN && isTokenCode(codeAt(text, start - 1))) start--;
  return end - start >= SHORTEST_TOKEN;
}

const BY_FIRST: readonly (readonly TokenKind[])[] = Array.from({ length: 128 }, (_, code) =>
  TOKEN_KINDS.filter(({ prefix }) => prefix.charCodeAt(0) === code),
);

/** Keys and tokens of services that give theirs a prefix. */
export const prefixedToken: Detector = {
  trigger: 'token_part',
  detect(text, at): Candidate | null {
    if (isAlphanumeric(codeAt(text, at - 1))) return null;
    for (const { prefix, body, head } of BY_FIRST[codeAt(text, at)] ?? NONE) {
      if (!text.startsWith(prefix, at)) continue;
      body.lastIndex = at + prefix.length;
      const found = body.exec(text)?.[0];
      if (found === undefined || !inLongToken(text, at)) continue;
      const front = head === undefined ? '' : headBefore(text, at, head);
      if (front === null) continue;
      const start = at - front.length;
      return { class: 'credential', start, end: at + prefix.length + found.length, score: 97 };
    }
    return null;
  },
};

/** Null where it is not there: the prefix alone says nothing then. */
function headBefore(text: string, at: number, head: RegExp): string | null {
  return head.exec(text.slice(Math.max(0, at - LONGEST_HEAD), at))?.[0] ?? null;
}

const NONE: readonly TokenKind[] = [];

/** RFC 7519, 7515: header and payload are JSON objects, so both begin with `eyJ`; the signature may be empty or cut off. */
const JWT = /eyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{4,8192}(?:\.[A-Za-z0-9_-]{0,2048})?/y;

export const jwt: Detector = {
  trigger: 'token_part',
  detect(text, at): Candidate | null {
    if (codeAt(text, at) !== 101 || isJwtCode(codeAt(text, at - 1))) return null;
    JWT.lastIndex = at;
    const found = JWT.exec(text)?.[0];
    return found === undefined || !inLongToken(text, at)
      ? null
      : { class: 'credential', start: at, end: at + found.length, score: 97 };
  },
};

function isJwtCode(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 45;
}

const WORDS = contextWords(
  'secrets?|tokens?|api[ _-]?keys?|access[ _-]?keys?|keys?|credentials?|bearer|basic|authorization|passwords?|passwd|pwd|pat|schlüssel|kennwort|passwort|clave|contraseña|clé|mot de passe|chiave',
);

/** What is random and stands beside a word for a secret. Anchored where a token starts. */
export const randomToken: Detector = {
  trigger: 'token',
  detect(text, at, aid): Candidate | null {
    const before = codeAt(text, at - 1);
    if (!isAlphanumeric(codeAt(text, at)) || isTokenCode(before) || isAlphanumeric(before)) return null;
    // A label says what it is.
    if (isUuid(text, at) || before === EQUALS) return null;
    const end = randomEnd(text, at);
    const length = end - at;
    if (length < SHORTEST_TOKEN || length > LONGEST_TOKEN || aid.assumeContext || !inLongToken(text, at))
      return null;
    // Few stand beside a word, and to ask for one costs a tenth.
    if (!hasContext(text, at, end, WORDS, aid) || !isRandom(text.slice(at, end))) return null;
    return { class: 'credential', start: at, end, score: 75 };
  },
};

/** Base64 ends in signs that tokens do not have; a full stop at the end is the sentence's. */
function randomEnd(text: string, at: number): number {
  let end = at;
  while (end - at <= LONGEST_TOKEN && isSecretCode(codeAt(text, end))) end++;
  while (end > at && codeAt(text, end - 1) === DOT) end--;
  return end;
}

/** Whether a character can stand in random text, behind its first. */
export function isSecretCode(code: number): boolean {
  return isTokenCode(code) || code === EQUALS || code === TILDE;
}

const EQUALS = 61;
const TILDE = 126;

/** By its dashes, and its length. */
function isUuid(text: string, at: number): boolean {
  return (
    [8, 13, 18, 23].every((offset) => codeAt(text, at + offset) === DASH) &&
    !isTokenCode(codeAt(text, at + 36))
  );
}

/** Letters and digits, no words, no identifiers and no paths: at least three bits a character, or hexadecimal. */
function isRandom(token: string): boolean {
  const digits = token.replaceAll(/[^0-9]/g, '').length;
  if (digits < 2 || digits === token.length || /^[\d.:TZ-]+$/.test(token)) return false;
  if (/[A-Za-z]{12}|(?:[a-z]{3,}[-_./]){2}/.test(token) && !/[A-Z][a-z]?[0-9].*[A-Z]/.test(token))
    return false;
  return entropy(token) >= 3;
}

/** Shannon entropy, bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
