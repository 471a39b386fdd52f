/**
 * Who is calling. Made only by `identity/`, from a credential that was verified; everything after that
 * station may trust every field.
 */
export interface Principal {
  readonly kind: 'user' | 'service';
  /** The Cedar entity id: `User::"<id>"` or `Service::"<id>"`. Unique over all configured issuers. */
  readonly id: string;
  /** Who vouches: an issuer URL, or one of the closed names for the sources that have no URL. */
  readonly issuer: string;
  /** Sorted, without duplicates. */
  readonly groups: readonly string[];
  readonly email?: string;
  readonly credential: CredentialProof;
}

/** What proved the principal, without being able to prove it again: nothing here is a secret. */
export interface CredentialProof {
  readonly kind: 'jwt' | 'api_key' | 'local' | 'dev_token';
  /** `jti`, the key's public id, or a digest prefix of the token: names the credential in the record. */
  readonly id: string;
  /** Epoch milliseconds; absent where the credential does not expire. */
  readonly expiresAt?: number;
}

/** What a caller presents. The secret inside never leaves `identity/`. */
export type Credential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'local' }
  | { readonly kind: 'none' };

/** Why a caller was not identified. A closed list: it is the label in records and metrics. */
export type IdentityFailure =
  | 'no_credential'
  | 'malformed_token'
  | 'algorithm_not_allowed'
  | 'unknown_issuer'
  | 'unknown_key'
  | 'keys_unavailable'
  | 'bad_signature'
  | 'wrong_audience'
  | 'expired'
  | 'not_yet_valid'
  | 'bad_claims'
  | 'unknown_api_key'
  | 'revoked_api_key'
  | 'dev_tokens_off'
  | 'local_user_off';

export type Identified =
  | { readonly ok: true; readonly principal: Principal }
  | {
      readonly ok: false;
      readonly failure: IdentityFailure;
      /** For the record; holds no secret. */ readonly detail: string;
    };
