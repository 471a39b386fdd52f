import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { readOrCreatePrivateFile } from './private-file.ts';
import { readKey, type VerificationKey } from './key-set.ts';

/** The issuer of development tokens: whoever can read the key file under the data directory. */
export const DEV_ISSUER = 'urn:sallyport:dev';

/** The key pair behind development tokens. */
export interface DevKeys {
  /** The private key as a JWK: stays inside this folder. */
  readonly privateJwk: Ed25519Jwk;
  readonly verification: VerificationKey;
}

const ed25519Jwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().length(43),
  d: z.string().length(43),
  kid: z.string(),
});
type Ed25519Jwk = z.infer<typeof ed25519Jwk>;

export interface DevTokenClaims {
  readonly user: string;
  readonly groups: readonly string[];
  readonly email?: string;
  /** This server's name for itself, the same that issuers' tokens must carry. */
  readonly audience: string;
  readonly ttlSeconds: number;
}

/**
 * Reads the key pair from a file, or makes it there. Of several processes that start at once, one writes and all
 * read the same. Throws where the file is not one of ours or where others may read it: who has it can be anybody.
 */
export async function loadDevKeys(path: string): Promise<DevKeys> {
  const text = await readOrCreatePrivateFile(path, async () => `${JSON.stringify(await newJwk())}\n`);
  const privateJwk = parseJwk(text, path);
  const { kty, crv, x, kid } = privateJwk;
  const verification = readKey({ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' });
  if (verification === null) throw new Error(`${path} does not hold an Ed25519 key pair; remove it`);
  return { privateJwk, verification };
}

/** Signs a development token. `now` in epoch milliseconds. */
export async function signDevToken(claims: DevTokenClaims, keys: DevKeys, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const { email } = claims;
  return new SignJWT({ groups: [...claims.groups], ...(email === undefined ? {} : { email }) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: keys.privateJwk.kid })
    .setIssuer(DEV_ISSUER)
    .setSubject(claims.user)
    .setAudience(claims.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + claims.ttlSeconds)
    .sign(await importJWK(keys.privateJwk, 'EdDSA'));
}

async function newJwk(): Promise<Ed25519Jwk> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return ed25519Jwk.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
}

function parseJwk(text: string, path: string): Ed25519Jwk {
  try {
    return ed25519Jwk.parse(JSON.parse(text));
  } catch {
    // The cause would quote the file, and the file is a private key.
    throw new Error(`${path} does not hold an Ed25519 key pair; remove it to have a new one made`);
  }
}
