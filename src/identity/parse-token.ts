import type { Algorithm } from './algorithms.ts';
import { isAlgorithm } from './algorithms.ts';
import { isPlainObject, type PlainObject } from './plain-object.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A compact JWS (RFC 7515 §7.1) taken apart. Nothing in it is trusted yet. */
export interface ParsedToken {
  readonly ok: true;
  readonly algorithm: Algorithm;
  /** Which of the issuer's keys signed, if the header says. */
  readonly kid: string | null;
  /** Lower case, without `application/`; null where absent. */
  readonly type: string | null;
  readonly payload: PlainObject;
  /** The bytes under the signature: `header.payload`. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Characters in a token. Node's own limit for all headers of a request together is 16 KiB. */
const MAX_TOKEN_LENGTH = 16_384;

/** Header members by which a token would bring its own key, or say where to fetch it (RFC 7515 §4.1.2 to §4.1.6). */
const KEY_BEARING = ['jwk', 'jku', 'x5u', 'x5c'] as const;

const MAX_KID_LENGTH = 255;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Takes a token apart, strictly: one spelling a token, so that no two texts stand for the same bytes. */
export function parseToken(token: string): ParsedToken | Refusal {
  if (token.length > MAX_TOKEN_LENGTH) {
    return malformed(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  }
  const parts = token.split('.', 6);
  const [headerText, payloadText, signatureText] = parts;
  if (parts.length === 5) return malformed('The token is encrypted; only signed tokens are accepted.');
  if (parts.length !== 3 || !headerText || !payloadText || signatureText === undefined) {
    return malformed('The token is not three base64url parts.');
  }
  const header = decodeObject(headerText);
  const payload = decodeObject(payloadText);
  if (header === null) return malformed('The header is not a base64url JSON object.');
  if (payload === null) return malformed('The claims are not a base64url JSON object.');

  // Before the signature is looked at: `alg: none` comes without one, and deserves its own name on record.
  if (!isAlgorithm(header.alg)) {
    return refuse('algorithm_not_allowed', 'The algorithm is none of the asymmetric ones that are accepted.');
  }
  // RFC 7515 §4.1.11: a critical extension that is not understood makes the token invalid. None is understood.
  if (Object.hasOwn(header, 'crit')) return malformed('The header names a critical extension.');
  const embedded = KEY_BEARING.find((name) => Object.hasOwn(header, name));
  if (embedded !== undefined) return malformed(`The header carries a key of its own (${embedded}).`);

  const signature = decodeBytes(signatureText);
  if (signature === null) return malformed('The signature is not base64url.');
  const { kid = null, typ = null } = header;
  if (kid !== null && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH)) {
    return malformed('The key id is not a short text.');
  }
  if (typ !== null && typeof typ !== 'string') return malformed('The type in the header is not a text.');
  return {
    ok: true,
    algorithm: header.alg,
    kid,
    type: typ === null ? null : typ.toLowerCase().replace(/^application\//, ''),
    payload,
    signed: Buffer.from(`${headerText}.${payloadText}`, 'latin1'),
    signature,
  };
}

function malformed(detail: string): Refusal {
  return refuse('malformed_token', detail);
}

/**
 * Node's decoder skips characters that are not base64url and ignores surplus bits at the end, so many texts would
 * decode to one token. Encoding again and comparing leaves exactly one.
 */
function decodeBytes(text: string): Buffer | null {
  if (!BASE64URL.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeObject(text: string): PlainObject | null {
  const bytes = decodeBytes(text);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isPlainObject(value) ? value : null;
  } catch {
    // Not UTF-8 or not JSON: both are the sender's doing, and the caller says so.
    return null;
  }
}
