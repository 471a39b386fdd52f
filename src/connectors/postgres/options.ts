import { z } from 'zod';
import type { CommonSettings } from '../common-options.ts';
import type { TlsOptions } from '../../model/tls-mode.ts';
import { commonShape, poolSchema } from '../common-options.ts';
import { parsePostgresUrl } from '../../model/server-url.ts';
import { tlsSchema } from '../tls.ts';

/** A PostgreSQL server, and how many sessions to hold there. */
export interface PostgresOptions {
  readonly kind: 'postgres';
  readonly name: string;
  /** `postgres://user:password@host:5432/database`, with `?sslmode=` and, for a socket, `?host=/directory`. */
  readonly url: string;
  readonly readOnly?: boolean;
  readonly pool?: { readonly max: number };
  readonly ssl?: TlsOptions;
  /** Milliseconds that opening a connection may take; 5000 where nothing is said. */
  readonly connectTimeoutMs?: number;
}

export const postgresSchema = z
  .strictObject({
    kind: z.literal('postgres'),
    url: z.string().superRefine((url, context) => {
      const parsed = parsePostgresUrl(url);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
    }),
    pool: poolSchema(10),
    ssl: tlsSchema.optional(),
    ...commonShape,
  })
  .transform(({ read_only, ssl, description, ...rest }): Omit<PostgresOptions, 'name'> & CommonSettings => ({
    ...rest,
    readOnly: read_only,
    ...(ssl === undefined ? {} : { ssl }),
    ...(description === undefined ? {} : { description }),
  }));
