import { z } from 'zod';
import { duration, limitsSchema, size } from '../skills/schema.ts';
import { isWitnessKey } from './witness-key.ts';
import { parseListen, type Listen } from './listen.ts';
import { encryption, retention } from './payload-schema.ts';
import { storeSchema } from './store.ts';

/** Fails without a word of the value: it may hold a password. */
function url(protocols: readonly string[], expected: string): z.ZodType<URL, string> {
  return z.string().transform((text, context) => {
    const value = URL.canParse(text) ? new URL(text) : undefined;
    if (value !== undefined && protocols.includes(value.protocol) && !value.username && !value.password)
      return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const HTTP = ['http:', 'https:'];

const listen: z.ZodType<Listen, string> = z.string().transform((text, context) => {
  const value = parseListen(text);
  if (value !== undefined) return value;
  context.addIssue({
    code: 'custom',
    message: 'expected host:port, for example 127.0.0.1:8400 or [::1]:8400',
  });
  return z.NEVER;
});

const PUBLIC_URL = 'expected an http or https URL without credentials, query and fragment';

const publicUrl = url(HTTP, PUBLIC_URL).transform((value, context) => {
  if (value.search === '' && value.hash === '') return value.href.replace(/\/+$/, '');
  context.addIssue({ code: 'custom', message: PUBLIC_URL });
  return z.NEVER;
});

const origin = url(HTTP, 'expected an origin such as https://app.example.com').transform((value, context) => {
  if (value.pathname === '/' && value.search === '' && value.hash === '') return value.origin;
  context.addIssue({
    code: 'custom',
    message: 'expected an origin such as https://app.example.com, without a path',
  });
  return z.NEVER;
});

const allowedHost = z
  .string()
  .regex(
    /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/,
    'expected a host, or host:port, as clients send it in the Host header',
  )
  .transform((text) => text.toLowerCase());

const server = z.strictObject({
  listen: listen
    .prefault('127.0.0.1:8400')
    .meta({ description: 'host:port to listen on. Default 127.0.0.1:8400.' }),
  public_url: publicUrl.optional().meta({
    description:
      'The URL under which clients reach this server. Default: the listen address, where that is loopback.',
  }),
  allowed_origins: z
    .array(origin)
    .default([])
    .meta({ description: 'Origins of web pages that may call, beside that of public_url.' }),
  allowed_hosts: z
    .array(allowedHost)
    .default([])
    .meta({ description: 'Host headers to accept, beside those of public_url and listen.' }),
  max_body: size(1024, 64 * 1024 ** 2, 'a size from 1KiB to 64MiB')
    .prefault('1MiB')
    .meta({ description: 'The largest request body. Default 1MiB.' }),
  session_idle: duration(1000, 30 * 86_400_000, 'a duration from 1s to 30d')
    .prefault('30m')
    .meta({ description: 'How long a session may be quiet before it is closed. Default 30m.' }),
});

const log = z.strictObject({
  level: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'Default info.' }),
  format: z.enum(['json', 'pretty']).default('json').meta({ description: 'Default json.' }),
});

const telemetry = z.strictObject({
  otlp_endpoint: url(HTTP, 'expected an http or https URL without credentials')
    .transform((value) => value.href)
    .optional()
    .meta({ description: 'OTLP/HTTP endpoint for traces. Off unless set.' }),
});

const prefix = publicUrl;

const witnessKey = z
  .string()
  .refine(
    isWitnessKey,
    'expected the verifier key of a witness (C2SP tlog-cosignature, Ed25519): name+id+base64, as it prints it at its start',
  );

const record = z.strictObject({
  origin: z
    .string()
    .regex(/^[^\s+]{1,255}$/u, 'expected a name without spaces and plus signs, such as example.com/sallyport')
    .optional()
    .meta({
      description:
        'The name of the log in its checkpoints, given to the key when it is made. Default: a random one.',
    }),
  key_file: z.string().regex(/\S/, 'expected a path').optional().meta({
    description:
      'The key that signs the record. Default: beside the store, .log-key after its name; of postgres://, ./data/sallyport.log-key.',
  }),
  checkpoint_file: z.string().regex(/\S/, 'expected a path').optional().meta({
    description:
      'Where the latest checkpoint is kept outside the store. Default: beside the store, .checkpoint after its name; of postgres://, ./data/sallyport.checkpoint.',
  }),
  readers: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Groups that may fetch the log below /log. Default: none, and it is not served.' }),
  witnesses: z
    .array(
      z.strictObject({
        url: prefix.meta({ description: 'Where it takes checkpoints: its submission prefix.' }),
        monitor: prefix.optional().meta({
          description: 'Where it tells what it has seen: its monitoring prefix. Default: the url.',
        }),
        key: witnessKey.meta({ description: 'Its verifier key.' }),
      }),
    )
    .max(10)
    .default([])
    .meta({ description: 'Who cosigns the checkpoints of the record (C2SP tlog-witness). Default: nobody.' }),
  witness_every: duration(1000, 3_600_000, 'a duration from 1s to 1h')
    .prefault('10s')
    .meta({ description: 'How often the witnesses are given the newest checkpoint, at most. Default 10s.' }),
  timestamps: z
    .strictObject({
      url: url(HTTP, 'expected an http or https URL without credentials')
        .transform((value) => value.href)
        .meta({ description: 'The time-stamping authority (RFC 3161 over HTTP).' }),
      every: duration(1000, 30 * 86_400_000, 'a duration from 1s to 30d')
        .prefault('1h')
        .meta({ description: 'How often a checkpoint is stamped, where there is a new one. Default 1h.' }),
    })
    .optional()
    .meta({ description: 'Time stamps over checkpoints. Default: none.' }),
  encryption: encryption.optional().meta({
    description: 'Where the key comes from that the payloads of the record are encrypted under.',
  }),
  retention: retention.optional().meta({
    description: 'How long payloads are kept, such as 400d: all of them, or by class. Default: for ever.',
  }),
});

const approval = z.strictObject({
  wait: duration(0, 3_600_000, 'a duration of at most 1h')
    .prefault('45s')
    .meta({ description: 'How long a held call waits before it answers "awaiting approval". Default 45s.' }),
  most_pending: z
    .int()
    .min(1)
    .max(1000)
    .default(50)
    .meta({ description: 'How many requests one requester may have pending at a time. Default 50.' }),
  webhooks: z
    .array(
      z.strictObject({
        url: url(HTTP, 'expected an http or https URL without credentials').transform((value) => value.href),
        secret: z
          .string()
          .regex(
            /^(?:whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
            'expected the key of a Standard Webhook: whsec_ and at least 24 bytes in base64',
          )
          .meta({ description: 'The signing key: whsec_ and base64, from ${env:…} or ${file:…}.' }),
        format: z
          .enum(['standard', 'slack'])
          .default('standard')
          .meta({ description: 'standard: the event as JSON. slack: a message. Default standard.' }),
        retry: z
          .array(duration(0, 86_400_000, 'a duration of at most 24h'))
          .max(10)
          .default(() => [5_000, 30_000, 120_000, 600_000, 900_000])
          .meta({
            description:
              'How long before each further try. Default [5s, 30s, 2m, 10m, 15m]: five more in half an hour.',
          }),
      }),
    )
    .max(10)
    .default([])
    .meta({ description: 'Who is told of each request for approval (Standard Webhooks).' }),
});

const consolePages = z.strictObject({
  issuer: z
    .string()
    .min(1)
    .meta({ description: 'The OpenID provider with which reviewers sign in: one of identity.issuers.' }),
  client_id: z.string().min(1).meta({ description: 'The name of the console as a client of the provider.' }),
  client_secret: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Its secret, from the environment or a file. Without one it is a public client.' }),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'expected a scope (RFC 6749 §3.3)'))
    .refine((scopes) => scopes.includes('openid'), 'expected openid among the scopes')
    .default(['openid'])
    .meta({ description: 'What is asked of the provider. Default [openid].' }),
});

const path = z.string().regex(/\S/, 'expected a path');

/** The names of connections: they stand in policies and records. */
const connectionName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,63}$/,
    'expected a lower-case letter, then lower-case letters, digits, _ and -, at most 64 in all',
  );

/**
 * Everything of `sallyport.yaml` but the insides of `identity` and of the connections, which belong to other rooms.
 * A second parse, with their schemas, follows.
 */
export const frameSchema = z.strictObject({
  server: server.prefault({}).meta({ description: 'The HTTP server.' }),
  store: storeSchema.meta({
    description:
      'Where the record is kept: sqlite:<path>, postgres://…, or a mapping with the url of the latter.',
  }),
  record: record.prefault({}).meta({ description: 'How the record is signed and encrypted.' }),
  identity: z.unknown().optional(),
  connections: z
    .record(connectionName, z.unknown())
    .default({})
    .meta({ description: 'The backends, by the names that skills use.' }),
  skills: path.default('./skills').meta({ description: 'The folder of skills. Default ./skills.' }),
  policies: path.default('./policies').meta({ description: 'The folder of policies. Default ./policies.' }),
  log: log.prefault({}).meta({ description: 'Structured logs, on standard error.' }),
  telemetry: telemetry.prefault({}).meta({ description: 'OpenTelemetry.' }),
  limits: limitsSchema
    .prefault({})
    .meta({ description: 'What a call may cost where its tool does not say.' }),
  approval: approval
    .prefault({})
    .meta({ description: 'Calls that policy holds until somebody approves them.' }),
  console: consolePages
    .optional()
    .meta({ description: 'How reviewers sign in to the pages at /console/approvals.' }),
});

export type Frame = z.output<typeof frameSchema>;

/** The whole of `sallyport.yaml`, for editors. */
export function wholeSchema(schemas: {
  readonly identity: z.ZodType;
  readonly connection: z.ZodType;
}): z.ZodType {
  return frameSchema.extend({
    identity: schemas.identity.optional().meta({ description: 'Who may call.' }),
    connections: z.record(connectionName, schemas.connection).optional().meta({
      description: 'The backends, by the names that skills use.',
    }),
  });
}
