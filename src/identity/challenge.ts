import type { JsonObject } from '../model/json.ts';
import type { IdentityFailure } from '../model/principal.ts';

/** What this server says of itself to a client that looks for the way in. */
export interface ResourceOptions {
  /** The URL of the MCP endpoint, which is the audience of its tokens (RFC 8707). */
  readonly resource: string;
  readonly name: string;
  /** Issuers a client can get a token from: URLs only. */
  readonly authorizationServers: readonly string[];
  /** Scopes to ask for; empty where scopes mean nothing here. */
  readonly scopes: readonly string[];
}

/** The protected resource metadata document (RFC 9728 §2). */
export function resourceMetadata(options: ResourceOptions): JsonObject {
  return {
    resource: options.resource,
    // §2 asks to leave a member out rather than have it empty.
    ...(options.authorizationServers.length === 0
      ? {}
      : { authorization_servers: options.authorizationServers }),
    bearer_methods_supported: ['header'],
    ...(options.scopes.length === 0 ? {} : { scopes_supported: options.scopes }),
    resource_name: options.name,
  };
}

/** Where the document is: the well-known path goes between host and path of the resource (RFC 9728 §3.1). */
export function resourceMetadataUrl(resource: string): string {
  const url = new URL(resource);
  const path = url.pathname === '/' ? '' : url.pathname;
  return new URL(`/.well-known/oauth-protected-resource${path}${url.search}`, url.origin).href;
}

/**
 * What the caller is told of each failure: enough to mend an honest mistake. Fixed sentences in the characters that
 * RFC 6750 §3 allows. Null: no credential was shown, so §3.1 wants no error code either.
 */
const DESCRIPTIONS: Readonly<Record<IdentityFailure, string | null>> = {
  no_credential: null,
  local_user_off: null,
  malformed_token: 'The access token is malformed',
  algorithm_not_allowed: 'The access token is signed with an algorithm that is not accepted',
  unknown_issuer: 'The access token is not from an accepted issuer',
  unknown_key: 'The access token is signed with a key that its issuer does not publish',
  keys_unavailable: 'The access token cannot be verified at the moment; try again later',
  bad_signature: 'The signature of the access token is not valid',
  wrong_audience: 'The access token is for another audience',
  expired: 'The access token has expired',
  not_yet_valid: 'The access token is not valid yet',
  bad_claims: 'The claims of the access token are not acceptable',
  unknown_api_key: 'The API key is not valid',
  revoked_api_key: 'The API key was revoked',
  dev_tokens_off: 'Development tokens are not accepted here',
};

/** The value of `WWW-Authenticate` (RFC 6750 §3, RFC 9728 §5.1) for a caller who was not identified. */
export function wwwAuthenticate(failure: IdentityFailure, resource: string): string {
  const description = DESCRIPTIONS[failure];
  const error = description === null ? [] : ['error="invalid_token"', `error_description="${description}"`];
  return `Bearer ${[...error, `resource_metadata="${resourceMetadataUrl(resource)}"`].join(', ')}`;
}
