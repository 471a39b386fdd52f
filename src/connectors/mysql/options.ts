import { z } from 'zod';
import type { CommonSettings } from '../common-options.ts';
import type { ServerAddress } from '../../model/server-url.ts';
import type { TlsOptions } from '../../model/tls-mode.ts';
import { commonShape, poolSchema } from '../common-options.ts';
import { parseServerUrl } from '../../model/server-url.ts';
import { tlsSchema } from '../tls.ts';

/** A MySQL or MariaDB server, and how many sessions to hold there. */
export interface MysqlOptions {
  readonly kind: 'mysql';
  readonly name: string;
  /** `mysql://user:password@host:3306/database`, with `?ssl-mode=` and, for a socket, `?host=/path/of/socket`. */
  readonly url: string;
  readonly readOnly?: boolean;
  readonly pool?: { readonly max: number };
  readonly ssl?: TlsOptions;
  /** Milliseconds that opening a connection may take; 5000 where nothing is said. */
  readonly connectTimeoutMs?: number;
}

export const mysqlSchema = z
  .strictObject({
    kind: z.literal('mysql'),
    url: z.string().superRefine((url, context) => {
      const parsed = mysqlAddress(url);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
    }),
    pool: poolSchema(10),
    ssl: tlsSchema.optional(),
    ...commonShape,
  })
  .transform(({ read_only, ssl, description, ...rest }): Omit<MysqlOptions, 'name'> & CommonSettings => ({
    ...rest,
    readOnly: read_only,
    ...(ssl === undefined ? {} : { ssl }),
    ...(description === undefined ? {} : { description }),
  }));

/** The words of MySQL's own clients for `ssl-mode`. */
const mysqlWords = {
  DISABLED: 'disable',
  REQUIRED: 'require',
  VERIFY_CA: 'verify-ca',
  VERIFY_IDENTITY: 'verify-full',
} as const;

export function mysqlAddress(
  url: string,
): { readonly ok: true; readonly address: ServerAddress } | { readonly ok: false; readonly problem: string } {
  return parseServerUrl(url, {
    protocols: ['mysql:', 'mariadb:'],
    port: 3306,
    tlsParameter: 'ssl-mode',
    tlsWords: mysqlWords,
  });
}
