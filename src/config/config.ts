import type { Limits } from '../model/tool.ts';
import type { Listen } from './listen.ts';
import type { ServerAddress } from '../model/server-url.ts';
import type { TlsOptions } from '../model/tls-mode.ts';
import type { WrittenSettings } from './written-settings.ts';

/**
 * `sallyport.yaml`, checked, with every reference to the environment resolved: it holds secrets, so it is never
 * logged or recorded. `I` and `C` are what the schemas of `identity` and `connectors` make of their parts. Frozen.
 */
export interface Config<I, C> {
  /** The file, as it was given. */
  readonly file: string;
  /** The folder of the file, absolute: relative paths in it start there. */
  readonly directory: string;
  /** What the file says, without any secret: for the record. */
  readonly written: WrittenSettings;
  readonly server: ServerConfig;
  readonly store: StoreConfig;
  readonly record: RecordConfig;
  readonly identity: I;
  readonly connections: ReadonlyMap<string, C>;
  /** Absolute. */
  readonly skills: string;
  /** Absolute. */
  readonly policies: string;
  readonly log: {
    readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
    readonly format: 'json' | 'pretty';
  };
  readonly telemetry: { readonly otlpEndpoint: string | null };
  /** For tools that set none. */
  readonly limits: Limits;
  readonly approval: {
    readonly waitMs: number;
    /** Requests that one requester may have pending at a time. */
    readonly mostPending: number;
    readonly webhooks: readonly {
      readonly url: string;
      readonly secret: string;
      readonly format: 'standard' | 'slack';
      /** Milliseconds before each further try. */
      readonly retry: readonly number[];
    }[];
  };
  /** Null: nobody can sign in to the console with OpenID Connect. */
  readonly console: ConsoleConfig | null;
}

/** The OpenID provider of the console, one of the issuers of `identity`. */
export interface ConsoleConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  readonly scopes: readonly string[];
}

export interface ServerConfig {
  readonly listen: Listen;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** Beside the origin of the public URL. */
  readonly allowedOrigins: readonly string[];
  /** Beside the hosts of the public URL and of the listen address; lower case, with a port where one is written. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
  readonly sessionIdleMs: number;
}

type PayloadClass = 'arguments' | 'results' | 'refused' | 'approvals';

interface KeptFor {
  readonly ms: number;
  /** As it was written. */
  readonly text: string;
}

/** Where the key of the payloads comes from. */
export type PayloadKey =
  /** Absolute. Made for a store that has none yet. */
  | { readonly kind: 'file'; readonly path: string }
  /** What the variable held. */
  | { readonly kind: 'env'; readonly name: string; readonly text: string }
  /** A program and its arguments, which writes the key to its standard output. */
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** The signatures over the record, and the key of its payloads. Paths are absolute. */
export interface RecordConfig {
  /** Null: the name that the key has. */
  readonly origin: string | null;
  readonly keyFile: string;
  readonly checkpointFile: string;
  /** Groups that may fetch the log over HTTP. Empty: it is not served. */
  readonly readers: readonly string[];
  /** Who cosigns checkpoints. URLs without a slash at the end. */
  readonly witnesses: readonly {
    readonly url: string;
    /** Where it tells what it has seen. */
    readonly monitor: string;
    /** Its verifier key. */
    readonly key: string;
  }[];
  readonly witnessEveryMs: number;
  /** Null: there are no time stamps. */
  readonly timestamps: { readonly url: string; readonly everyMs: number } | null;
  readonly payloadKey: PayloadKey;
  /** How long payloads of a class are kept; for ever where a class has none. */
  readonly retention: { readonly [Class in PayloadClass]?: KeptFor | undefined };
}

/** `beside` is an absolute path that names of files which belong to the store begin with. */
export type StoreConfig =
  | {
      readonly kind: 'sqlite';
      /** Absolute. */
      readonly path: string;
      readonly beside: string;
    }
  | {
      readonly kind: 'postgres';
      /** As whom the gateway works. Holds the password. */
      readonly address: ServerAddress;
      /** Who makes and changes the tables; null: the same. */
      readonly owner: ServerAddress | null;
      readonly schema: string;
      /** Paths are absolute. */
      readonly tls: TlsOptions;
      readonly beside: string;
    };
