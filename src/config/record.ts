import { resolve } from 'node:path';
import type { LoadError } from '../model/load-error.ts';
import type { YamlDocument } from '../skills/yaml-document.ts';
import type { PayloadKey, RecordConfig } from './config.ts';
import type { Frame } from './schema.ts';

/** Where the configuration is, and what stands around it. */
interface Surroundings {
  readonly document: YamlDocument;
  readonly directory: string;
  /** Absolute: what names of files that belong to the store begin with. */
  readonly beside: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Undefined where the key of the payloads is not there: `errors` says so. */
export function recordConfig(
  record: Frame['record'],
  around: Surroundings,
  errors: LoadError[],
): RecordConfig | undefined {
  const { directory, beside } = around;
  const payloadKey = payloadKeyOf(record.encryption ?? {}, around, errors);
  if (payloadKey === undefined) return undefined;
  return {
    origin: record.origin ?? null,
    keyFile: resolve(directory, record.key_file ?? `${beside}.log-key`),
    checkpointFile: resolve(directory, record.checkpoint_file ?? `${beside}.checkpoint`),
    readers: record.readers,
    witnesses: record.witnesses.map(({ url, monitor, key }) => ({ url, monitor: monitor ?? url, key })),
    witnessEveryMs: record.witness_every,
    timestamps:
      record.timestamps === undefined
        ? null
        : { url: record.timestamps.url, everyMs: record.timestamps.every },
    payloadKey,
    retention: retentionOf(record.retention),
  };
}

function retentionOf(written: Frame['record']['retention']): RecordConfig['retention'] {
  if (written === undefined || !('ms' in written)) return written ?? {};
  return { arguments: written, results: written, refused: written, approvals: written };
}

function payloadKeyOf(
  { key_env: name, key_file: file, key_command: command }: NonNullable<Frame['record']['encryption']>,
  { document, directory, beside, env }: Surroundings,
  errors: LoadError[],
): PayloadKey | undefined {
  if (command !== undefined) return { kind: 'command', command };
  if (name === undefined) return { kind: 'file', path: resolve(directory, file ?? `${beside}.payload-key`) };
  const text = env[name];
  if (text !== undefined && text !== '') return { kind: 'env', name, text };
  errors.push({
    file: document.file,
    ...document.positionOf(['record', 'encryption', 'key_env']),
    message: `record.encryption.key_env: the environment variable ${name} is not set, or empty`,
    suggestion: `give the gateway its key, made once with: openssl rand -base64 32`,
  });
  return undefined;
}
