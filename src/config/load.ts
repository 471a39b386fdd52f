import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Json, JsonObject } from '../model/json.ts';
import type { LoadError, Loaded } from '../model/load-error.ts';
import { byPlace } from '../skills/by-place.ts';
import { deepFreeze } from '../skills/deep-freeze.ts';
import { schemaErrors } from '../skills/schema-errors.ts';
import { parseYaml, type YamlDocument, type YamlPath } from '../skills/yaml-document.ts';
import { messageCleaner } from './clean-message.ts';
import type { Config, ServerConfig, StoreConfig } from './config.ts';
import { checkConsole, consoleConfig } from './console.ts';
import { checkExposure } from './exposure.ts';
import { isLoopback } from './listen.ts';
import { recordConfig } from './record.ts';
import { type Frame, frameSchema } from './schema.ts';
import type { StoreFrame } from './store.ts';
import { substitute } from './substitute.ts';
import { writtenSettings } from './written-settings.ts';

export interface LoadConfigOptions<I, C> {
  /** The file, as the person typed it: errors name it so. */
  readonly path: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads the file behind `${file:…}`; throws where it cannot. */
  readonly readFile: (path: string) => Promise<string>;
  readonly schemas: { readonly identity: z.ZodType<I>; readonly connection: z.ZodType<C> };
}

const DEFAULT_LIMITS = { rows: 1000, bytes: 1024 ** 2, timeoutMs: 10_000 } as const;

/** Reads `sallyport.yaml`. No error, warning or message holds a value from the environment or from a file. */
export async function loadConfig<I, C>(options: LoadConfigOptions<I, C>): Promise<Loaded<Config<I, C>>> {
  const parsed = parseYaml(options.path, options.text);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const directory = dirname(resolve(options.path));
  const { env, readFile } = options;
  const { value, errors: missing, secrets } = await substitute({ document, env, readFile, directory });
  // What a missing reference leaves behind would only be complained about a second time.
  if (missing.length > 0) return { ok: false, errors: missing };

  const errors: LoadError[] = [];
  const clean = messageCleaner([...secrets, ...credentialUrls(value)]);
  const check = <T>(schema: z.ZodType<T>, part: Json, at: YamlPath): { readonly value: T } | undefined => {
    const checked = schema.safeParse(part);
    if (checked.success) return { value: checked.data };
    errors.push(...schemaErrors({ document, schema, error: checked.error, at, clean }));
    return undefined;
  };

  const frame = check(frameSchema, value ?? {}, []);
  const rawIdentity = memberOf(value, 'identity') ?? {};
  const identity = check(options.schemas.identity, rawIdentity, ['identity']);
  const connections = new Map<string, C>();
  const rawConnections = memberOf(value, 'connections');
  for (const [name, raw] of isObject(rawConnections) ? Object.entries(rawConnections) : []) {
    const connection = check(options.schemas.connection, fromDirectory(raw, directory), [
      'connections',
      name,
    ]);
    if (connection !== undefined) connections.set(name, connection.value);
  }
  const server = frame === undefined ? undefined : serverConfig(document, frame.value, errors);
  const exposure = server === undefined ? undefined : checkExposure(document, server, rawIdentity);
  errors.push(...(exposure?.errors ?? []), ...checkConsole(document, frame?.value.console, rawIdentity));
  const store = frame === undefined ? undefined : storeConfig(frame.value.store, directory);
  const around = { document, directory, beside: store?.beside ?? '', env };
  const record = frame === undefined ? undefined : recordConfig(frame.value.record, around, errors);
  if (!frame || !identity || !server || !record || !store || errors.length > 0) {
    return { ok: false, errors: errors.sort(byPlace) };
  }

  const { skills, policies, log, telemetry, limits, approval, console } = frame.value;
  const config: Config<I, C> = {
    file: options.path,
    directory,
    written: writtenSettings(document.value),
    server,
    store,
    record,
    identity: identity.value,
    connections,
    skills: resolve(directory, skills),
    policies: resolve(directory, policies),
    log,
    telemetry: { otlpEndpoint: telemetry.otlp_endpoint ?? null },
    limits: {
      rows: limits.rows ?? DEFAULT_LIMITS.rows,
      bytes: limits.bytes ?? DEFAULT_LIMITS.bytes,
      timeoutMs: limits.timeout ?? DEFAULT_LIMITS.timeoutMs,
    },
    approval: {
      waitMs: approval.wait,
      mostPending: approval.most_pending,
      webhooks: approval.webhooks,
    },
    console: console === undefined ? null : consoleConfig(console),
  };
  return { ok: true, value: deepFreeze(config), warnings: exposure?.warnings ?? [] };
}

function serverConfig(
  document: YamlDocument,
  { server }: Frame,
  errors: LoadError[],
): ServerConfig | undefined {
  const { listen } = server;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  if (server.public_url === undefined && !isLoopback(listen.host)) {
    errors.push({
      file: document.file,
      ...document.positionOf(['server', 'listen']),
      message: `server: "public_url" is missing; expected the URL under which clients reach "${host}"`,
      suggestion: 'public_url: https://sallyport.example.com',
    });
    return undefined;
  }
  // The URL is what tokens are made out to and what clients are given, so it has to be known before the port is.
  if (server.public_url === undefined && listen.port === 0) {
    errors.push({
      file: document.file,
      ...document.positionOf(['server', 'listen']),
      message:
        'server: "public_url" is missing; with port 0 the system picks the port, so it can\'t be told from "listen"',
      suggestion: `name a port, such as "${host}:8400", or say the URL under which clients reach it: public_url: https://sallyport.example.com`,
    });
    return undefined;
  }
  return {
    listen,
    publicUrl: server.public_url ?? `http://${host}:${listen.port}`,
    allowedOrigins: server.allowed_origins,
    allowedHosts: server.allowed_hosts,
    maxBodyBytes: server.max_body,
    sessionIdleMs: server.session_idle,
  };
}

function storeConfig(store: StoreFrame, directory: string): StoreConfig {
  const from = (path: string): string => resolve(directory, path);
  if (store.kind === 'sqlite') return { kind: 'sqlite', path: from(store.path), beside: from(store.path) };
  const { caFile, certFile, keyFile } = store.tls;
  return {
    ...store,
    tls: {
      ...store.tls,
      ...(caFile === undefined ? {} : { caFile: from(caFile) }),
      ...(certFile === undefined ? {} : { certFile: from(certFile) }),
      ...(keyFile === undefined ? {} : { keyFile: from(keyFile) }),
    },
    beside: from('data/sallyport'),
  };
}

/** A SQLite file is named as every other path in the file is: from the file's folder. */
function fromDirectory(connection: Json, directory: string): Json {
  if (!isObject(connection) || connection['kind'] !== 'sqlite') return connection;
  const { path } = connection;
  return typeof path !== 'string' || path === ':memory:'
    ? connection
    : { ...connection, path: resolve(directory, path) };
}

/** Passwords that were written into the file itself, which somebody will do. */
function credentialUrls(value: Json): readonly string[] {
  if (typeof value === 'string') return /:\/\/[^/?#]*@/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(credentialUrls);
}

function memberOf(value: Json, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
