/**
 * `verify-full` checks chain and host name; `verify-ca` the chain; `require` encrypts without knowing to whom. There is no
 * `prefer`: whoever sits between can strip it.
 */
export const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** How a connection to a database is encrypted. Files are PEM. */
export interface TlsOptions {
  readonly mode?: TlsMode;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** Reads the mode that a URL names. */
export function tlsMode(name: string): TlsMode | null {
  return TLS_MODES.find((mode) => mode === name) ?? null;
}
