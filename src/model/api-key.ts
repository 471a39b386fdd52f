/** An API key of a service, as it is stored: the secret itself exists only with its holder. */
export interface ApiKey {
  /** Public id, the part of the key before its secret. */
  readonly id: string;
  /** SHA-256 of the secret, hex. The secret has 256 random bits, so a slow hash would add nothing. */
  readonly hash: string;
  /** The Cedar entity `Service::"<service>"`. */
  readonly service: string;
  readonly groups: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}
