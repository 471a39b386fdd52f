import { z } from 'zod';
import type { CommonSettings } from '../common-options.ts';
import { commonShape, poolSchema } from '../common-options.ts';

/** A SQLite database file that exists. */
export interface SqliteOptions {
  readonly kind: 'sqlite';
  readonly name: string;
  readonly path: string;
  readonly readOnly?: boolean;
  /** Processes that may hold the file open at once; 4 where nothing is said. Above 1 there is one more, for quick reads. */
  readonly pool?: { readonly max: number };
}

export const sqliteSchema = z
  .strictObject({
    kind: z.literal('sqlite'),
    // Every session is a process of its own, so a database in memory would be a different one for each call.
    path: z
      .string()
      .min(1)
      .refine((path) => !path.startsWith(':memory:') && !path.startsWith('file:'), {
        message: 'expected the path of a database file',
      }),
    pool: poolSchema(4),
    ...commonShape,
  })
  .transform(({ read_only, description, ...rest }): Omit<SqliteOptions, 'name'> & CommonSettings => ({
    ...rest,
    readOnly: read_only,
    ...(description === undefined ? {} : { description }),
  }));
