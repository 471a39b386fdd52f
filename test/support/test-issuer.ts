/** An issuer of tokens on loopback that does as a test says: rotates, lies, hangs, dies. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  type CompactJWSHeaderParameters,
  type CryptoKey,
  type JWK,
} from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function newSigningKey(alg: string, kid: string, modulusLength = 2048): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs any claims, with any additions to the header. */
export async function signClaims(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Partial<CompactJWSHeaderParameters> = {},
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey);
}

export interface TestIssuer {
  readonly url: string;
  /** What the JWKS endpoint answers with; a test may change it. */
  jwks: { keys: readonly JWK[] };
  /** Takes a request over; a test may set it. True: it was answered. */
  intercept: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Paths asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startTestIssuer(keys: readonly SigningKey[]): Promise<TestIssuer> {
  const requests: string[] = [];
  const server = createServer((req, res) => {
    requests.push(req.url ?? '');
    if (issuer.intercept(req, res)) return;
    const document =
      req.url === '/.well-known/openid-configuration'
        ? { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }
        : req.url === '/jwks'
          ? issuer.jwks
          : null;
    res.writeHead(document === null ? 404 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jwks: { keys: keys.map((key) => key.publicJwk) },
    intercept: () => false,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return issuer;
}
