/** A real OpenID provider on loopback, with a service that has a secret and an app that people sign in with. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';

const SECRET = randomBytes(32).toString('hex');
const REDIRECT = 'http://127.0.0.1/callback';
const CONSOLE_REDIRECT = 'http://127.0.0.1/console/callback';

export interface OpenIdProvider {
  readonly issuer: string;
  /** How access tokens are signed from now on: `ES256`, `RS256`, `PS256` or `EdDSA`. */
  algorithm: string;
  /** The roles of a person, in `realm_access.roles`, from the next token on. */
  roles: (user: string) => readonly string[];
  /** The client `console-with-secret` and its secret; `console` has none. */
  readonly consoleSecret: string;
  /** The client credentials grant: an access token of the service `robot`. */
  serviceToken(resource: string | null): Promise<string>;
  /** Signs a person in through the pages of the provider: authorization code, PKCE, consent. */
  signIn(user: string, resource: string): Promise<{ readonly accessToken: string; readonly idToken: string }>;
  close(): Promise<void>;
}

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  let handler: RequestListener = () => undefined;
  const server = createServer((req, res) => handler(req, res));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OpenIdProvider = {
    issuer,
    algorithm: 'ES256',
    roles: () => ['support'],
    consoleSecret: SECRET,
    async serviceToken(resource) {
      const form = new URLSearchParams({ grant_type: 'client_credentials' });
      if (resource !== null) form.set('resource', resource);
      const authorization = `Basic ${Buffer.from(`robot:${SECRET}`).toString('base64')}`;
      const answer = await postForm(`${issuer}/token`, form, { authorization });
      return String(answer.access_token);
    },
    signIn: (user, resource) => signIn(issuer, user, resource),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  const keys = await Promise.all(['ES256', 'RS256', 'PS256', 'EdDSA'].map(privateJwk));
  handler = new Provider(
    issuer,
    configuration(
      keys,
      () => provider.algorithm,
      (user) => provider.roles(user),
    ),
  ).callback();
  const { version } = createRequire(import.meta.url)('oidc-provider/package.json') as { version: string };
  console.log(`real server: oidc-provider ${version}`);
  return provider;
}

function configuration(
  keys: readonly JWK[],
  algorithm: () => string,
  roles: (user: string) => readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    jwks: { keys },
    cookies: { keys: [SECRET] },
    clients: [
      {
        client_id: 'robot',
        client_secret: SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: 'app',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT],
      },
      ...['console', 'console-with-secret'].map((id) => ({
        client_id: id,
        application_type: 'native',
        ...(id === 'console'
          ? { token_endpoint_auth_method: 'none' }
          : { token_endpoint_auth_method: 'client_secret_basic', client_secret: SECRET }),
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [CONSOLE_REDIRECT],
      })),
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: 'mcp',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: algorithm() } },
        }),
      },
    },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context: unknown, token: { readonly kind: string; readonly accountId?: string }) =>
      token.kind === 'ClientCredentials'
        ? { realm_access: { roles: ['robots'] } }
        : {
            realm_access: { roles: roles(String(token.accountId)) },
            email: `${token.accountId}@example.com`,
          },
    pkce: { required: () => true },
    ttl: {
      AccessToken: 600,
      ClientCredentials: 600,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
  };
}

async function privateJwk(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `provider-${alg}`, alg, use: 'sig' };
}

async function postForm(
  url: string,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: 'POST', body: form, headers });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** What a browser does: follows redirects, keeps cookies, fills in the forms it is shown. */
async function signIn(issuer: string, user: string, resource: string): ReturnType<OpenIdProvider['signIn']> {
  const verifier = randomBytes(32).toString('base64url');
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: URLSearchParams): Promise<Response> => {
    const response = await fetch(new URL(url, issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const query = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid mcp',
    resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  let response = await visit(`/auth?${query.toString()}`);
  for (let step = 0; step < 12; step += 1) {
    const location = response.headers.get('location');
    if (location?.startsWith(REDIRECT) === true) {
      const answer = await postForm(
        `${issuer}/token`,
        new URLSearchParams({
          grant_type: 'authorization_code',
          code: new URL(location).searchParams.get('code') ?? '',
          client_id: 'app',
          redirect_uri: REDIRECT,
          code_verifier: verifier,
          resource,
        }),
      );
      return { accessToken: String(answer.access_token), idToken: String(answer.id_token) };
    }
    if (location === null) {
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? '';
      response = await visit(action, new URLSearchParams({ prompt, login: user, password: 'any' }));
    } else {
      response = await visit(location);
    }
  }
  throw new Error('the provider did not come to an end');
}
