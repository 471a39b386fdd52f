import { createPublicKey, hash, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ALGORITHMS, KEY_OF, type Algorithm } from './algorithms.ts';
import { isPlainObject, type PlainObject } from './plain-object.ts';

/** A public key of an issuer, with the algorithms it may verify. */
export interface VerificationKey {
  readonly kid: string | null;
  readonly algorithms: readonly Algorithm[];
  readonly key: KeyObject;
  /** Digest of key, id and algorithms: the same for as long as the issuer says the same of this key. */
  readonly fingerprint: string;
}

/** Keys in a set. Large providers publish fewer than ten. */
const MAX_KEYS = 100;
const MIN_RSA_BITS = 2048;
/** Above this OpenSSL takes milliseconds a signature, which a hostile key set could make us spend. */
const MAX_RSA_BITS = 8192;

/**
 * Reads a JWK Set (RFC 7517 §5). Keys that are for something else, weak or broken are left out, as §5 asks; a text
 * that is not a key set at all is null, and not the same as an empty one.
 */
export function readKeySet(json: unknown): readonly VerificationKey[] | null {
  if (!isPlainObject(json) || !Array.isArray(json.keys) || json.keys.length > MAX_KEYS) return null;
  const members: readonly unknown[] = json.keys;
  return members.flatMap((member) => {
    const key = isPlainObject(member) ? readKey(member) : null;
    return key === null ? [] : [key];
  });
}

/** Reads one JWK; null where it is not a public key that may verify a token. */
export function readKey(jwk: PlainObject): VerificationKey | null {
  // A private or symmetric key in public is a key that everybody has.
  if (Object.hasOwn(jwk, 'd') || Object.hasOwn(jwk, 'k')) return null;
  if (jwk.use !== undefined && jwk.use !== 'sig') return null;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
    return null;
  const algorithms = ALGORITHMS.filter((algorithm) => fits(algorithm, jwk));
  if (algorithms.length === 0) return null;
  const key = importKey(jwk);
  if (key === null || !strongEnough(key)) return null;
  const kid = typeof jwk.kid === 'string' ? jwk.kid : null;
  const spki = key.export({ type: 'spki', format: 'der' }).toString('base64');
  return { kid, algorithms, key, fingerprint: hash('sha256', JSON.stringify([spki, kid, algorithms])) };
}

function fits(algorithm: Algorithm, jwk: PlainObject): boolean {
  const wanted = KEY_OF[algorithm];
  if (jwk.kty !== wanted.kty || (wanted.crv !== null && jwk.crv !== wanted.crv)) return false;
  // `EdDSA` on the curve Ed25519 and `Ed25519` are one algorithm under two names (RFC 9864 §2.2).
  return jwk.alg === undefined || jwk.alg === algorithm || (wanted.kty === 'OKP' && isEdwards(jwk.alg));
}

function isEdwards(alg: unknown): boolean {
  return alg === 'EdDSA' || alg === 'Ed25519';
}

function importKey(jwk: PlainObject): KeyObject | null {
  // Only the members that make up a public key, so that nothing else in the JWK can steer the import.
  const key: JsonWebKey = {};
  for (const name of ['kty', 'crv', 'x', 'y', 'n', 'e'] as const) {
    const value = jwk[name];
    if (typeof value === 'string') key[name] = value;
  }
  try {
    return createPublicKey({ format: 'jwk', key });
  } catch {
    // A point off the curve, a modulus that is no number: a broken key verifies nothing and is left out.
    return null;
  }
}

function strongEnough(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  // With an exponent of 1 a signature is its own message, and anybody can write one.
  return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && publicExponent >= 3n;
}
