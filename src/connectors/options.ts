import { z } from 'zod';
import type { MysqlOptions } from './mysql/options.ts';
import type { PostgresOptions } from './postgres/options.ts';
import type { SqliteOptions } from './sqlite/options.ts';
import { mysqlSchema } from './mysql/options.ts';
import { postgresSchema } from './postgres/options.ts';
import { sqliteSchema } from './sqlite/options.ts';

/** One entry of `connections:` in sallyport.yaml. Its output and the entry's name are `ConnectorOptions`. */
export const connectionSchema = z.discriminatedUnion('kind', [sqliteSchema, postgresSchema, mysqlSchema]);

/** An entry as it was read: everything but its name, which is its key. */
export type ConnectionSettings = z.output<typeof connectionSchema>;

export type ConnectorOptions = SqliteOptions | PostgresOptions | MysqlOptions;
