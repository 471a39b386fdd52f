import * as client from 'openid-client';
import type { Flow } from './flow.ts';

/** The identity provider with which reviewers sign in, as configured. */
export interface OidcSettings {
  /** One of the issuers whose tokens the gateway accepts. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE protects alone. */
  readonly clientSecret: string | null;
  /** `openid` among them. */
  readonly scopes: readonly string[];
}

export interface OidcOptions extends OidcSettings {
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  /** The gateway's MCP endpoint: the audience that the token is asked for (RFC 8707). */
  readonly resource: string;
}

type Exchanged =
  | { readonly ok: true; readonly accessToken: string }
  /** For the log: names what went wrong and quotes nothing of it. */
  | { readonly ok: false; readonly detail: string };

export interface Oidc {
  /** Where the browser signs in; null where the provider can't be reached. */
  authorizationUrl(
    flow: Flow,
  ): Promise<{ readonly url: string } | { readonly url: null; readonly detail: string }>;
  /** Redeems the code in the callback's query, once state, nonce, PKCE and the ID token's signature hold. */
  exchange(query: string, flow: Flow): Promise<Exchanged>;
}

const TIMEOUT_S = 10;

/** The authorization code flow with PKCE (RFC 7636, S256), state and nonce, by `openid-client`. */
export function createOidc(options: OidcOptions): Oidc {
  let discovered: Promise<client.Configuration> | undefined;

  function configuration(): Promise<client.Configuration> {
    discovered ??= discover(options).catch((error: unknown) => {
      // Asked again at the next sign-in.
      discovered = undefined;
      throw error;
    });
    return discovered;
  }

  return {
    async authorizationUrl(flow) {
      try {
        const url = client.buildAuthorizationUrl(await configuration(), {
          redirect_uri: options.redirectUri,
          scope: options.scopes.join(' '),
          resource: options.resource,
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        });
        return { url: url.href };
      } catch (error) {
        return { url: null, detail: nameOf(error) };
      }
    },
    async exchange(query, flow) {
      try {
        const tokens = await client.authorizationCodeGrant(
          await configuration(),
          new URL(`${options.redirectUri}${query}`),
          {
            expectedState: flow.state,
            expectedNonce: flow.nonce,
            pkceCodeVerifier: flow.verifier,
            idTokenExpected: true,
          },
          { resource: options.resource },
        );
        return { ok: true, accessToken: tokens.access_token };
      } catch (error) {
        return { ok: false, detail: nameOf(error) };
      }
    },
  };
}

async function discover(options: OidcOptions): Promise<client.Configuration> {
  const issuer = new URL(options.issuer);
  // Plain HTTP only on this machine; what is configured was checked to be that or https.
  const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  const found = await client.discovery(issuer, options.clientId, undefined, client.None(), {
    execute,
    timeout: TIMEOUT_S,
  });
  const ready = new client.Configuration(
    found.serverMetadata(),
    options.clientId,
    undefined,
    authentication(options.clientSecret, found.serverMetadata().token_endpoint_auth_methods_supported),
  );
  ready.timeout = TIMEOUT_S;
  if (issuer.protocol === 'http:') client.allowInsecureRequests(ready);
  // TLS to the provider would do by the specification; the signature holds through a proxy that ends TLS, too.
  client.enableNonRepudiationChecks(ready);
  return ready;
}

function authentication(secret: string | null, methods: readonly string[] | undefined): client.ClientAuth {
  if (secret === null) return client.None();
  // RFC 8414 §2: `client_secret_basic` where the provider does not say.
  return methods === undefined || methods.includes('client_secret_basic')
    ? client.ClientSecretBasic(secret)
    : client.ClientSecretPost(secret);
}

/** The library's code and the provider's (RFC 6749 §4.1.2.1, §5.2), never a message: it may quote a token. */
function nameOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return `${error.code} ${/^[a-z_]{1,40}$/.test(error.error) ? error.error : 'unknown_error'}`;
  // How a provider refuses a client whose secret is wrong (RFC 6749 §5.2).
  if (error instanceof client.WWWAuthenticateChallengeError) return `${error.code} ${error.status}`;
  if (error instanceof client.ClientError) return error.code ?? error.name;
  return error instanceof Error ? error.name : 'unknown';
}
