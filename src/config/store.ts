import { z } from 'zod';
import { parsePostgresUrl, type ServerAddress } from '../model/server-url.ts';
import { TLS_MODES, type TlsOptions } from '../model/tls-mode.ts';

const MEMORY = 'expected a file: a record that is only in memory is lost with the process';
const KINDS = 'expected sqlite:<path> or postgres://user:password@host/database';

/** The parts of a `store`, paths as they are written. */
export type StoreFrame =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgres';
      readonly address: ServerAddress;
      /** Who makes and changes the tables. */
      readonly owner: ServerAddress | null;
      readonly schema: string;
      readonly tls: TlsOptions;
    };

const SCHEMA = 'sallyport';

const short: z.ZodType<StoreFrame, string> = z.string().transform((text, context): StoreFrame => {
  const path = /^sqlite:(?!\/\/)(.+)$/.exec(text)?.[1];
  if (path?.startsWith(':memory:') === true) return refused(context, MEMORY);
  if (path !== undefined) return { kind: 'sqlite', path };
  if (!/^postgres(?:ql)?:/.test(text)) return refused(context, KINDS);
  const parsed = parsePostgresUrl(text);
  if (!parsed.ok) return refused(context, parsed.problem);
  return { kind: 'postgres', address: parsed.address, owner: null, schema: SCHEMA, tls: {} };
});

/** Fails without a word of the value: it may hold a password. */
const url: z.ZodType<ServerAddress, string> = z.string().transform((text, context) => {
  const parsed = parsePostgresUrl(text);
  return parsed.ok ? parsed.address : refused(context, parsed.problem);
});

const file = z.string().min(1).optional();

const ssl = z
  .strictObject({
    mode: z.enum(TLS_MODES).optional().meta({ description: 'How the server is verified.' }),
    ca_file: file.meta({ description: 'PEM file of the authorities to trust.' }),
    cert_file: file.meta({ description: 'PEM file of the client certificate.' }),
    key_file: file.meta({ description: 'PEM file of the client key.' }),
  })
  .refine((tls) => (tls.cert_file === undefined) === (tls.key_file === undefined), {
    message: 'cert_file and key_file belong together',
  })
  .transform(({ mode, ca_file, cert_file, key_file }): TlsOptions => ({
    ...(mode === undefined ? {} : { mode }),
    ...(ca_file === undefined ? {} : { caFile: ca_file }),
    ...(cert_file === undefined ? {} : { certFile: cert_file }),
    ...(key_file === undefined ? {} : { keyFile: key_file }),
  }));

const long = z
  .strictObject({
    url: url.meta({ description: 'postgres://user:password@host/database: as whom the gateway works.' }),
    migrate_url: url.optional().meta({
      description: 'The same database as the owner of the tables. Default: url, which then owns them.',
    }),
    schema: z
      .string()
      .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/, 'expected a lower-case name of a schema')
      .default(SCHEMA)
      .meta({ description: 'The schema of the tables. Default sallyport.' }),
    ssl: ssl.prefault({}).meta({ description: 'How the connection is encrypted.' }),
  })
  .transform(({ url: address, migrate_url: owner, schema, ssl: tls }): StoreFrame => ({
    kind: 'postgres',
    address,
    owner: owner ?? null,
    schema,
    tls,
  }));

export const storeSchema = z.union([short, long]);

function refused(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
