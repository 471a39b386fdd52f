import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { TLS_MODES, type TlsMode, type TlsOptions } from '../model/tls-mode.ts';

export const tlsSchema = z
  .strictObject({
    mode: z.enum(TLS_MODES).optional().describe('How the server is verified.'),
    ca_file: z.string().min(1).optional().describe('PEM file of the authorities to trust.'),
    cert_file: z.string().min(1).optional().describe('PEM file of the client certificate.'),
    key_file: z.string().min(1).optional().describe('PEM file of the client key.'),
  })
  .refine((tls) => (tls.cert_file === undefined) === (tls.key_file === undefined), {
    message: 'cert_file and key_file belong together',
  })
  .transform((tls): TlsOptions => ({
    ...(tls.mode === undefined ? {} : { mode: tls.mode }),
    ...(tls.ca_file === undefined ? {} : { caFile: tls.ca_file }),
    ...(tls.cert_file === undefined ? {} : { certFile: tls.cert_file }),
    ...(tls.key_file === undefined ? {} : { keyFile: tls.key_file }),
  }));

/** What a socket is secured with; `null` leaves it in the clear. */
export interface TlsMaterial {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files. Where nothing is said, a server on this machine is spoken to in the clear and any other is verified in
 * full: the unsafe setting has to be written down.
 */
export function tlsMaterial(
  options: TlsOptions | undefined,
  mode: TlsMode | null,
  host: string,
): TlsMaterial | null {
  const chosen = options?.mode ?? mode ?? (isLocal(host) ? 'disable' : 'verify-full');
  if (chosen === 'disable') return null;
  return {
    rejectUnauthorized: chosen !== 'require',
    verifyIdentity: chosen === 'verify-full',
    ...(options?.caFile === undefined ? {} : { ca: readFileSync(options.caFile, 'utf8') }),
    ...(options?.certFile === undefined ? {} : { cert: readFileSync(options.certFile, 'utf8') }),
    ...(options?.keyFile === undefined ? {} : { key: readFileSync(options.keyFile, 'utf8') }),
  };
}

function isLocal(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
