import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { identitySchema, type IdentityConfig } from '../identity/config.ts';
import { connectionSchema, type ConnectionSettings } from '../connectors/options.ts';
import type { Config } from '../config/config.ts';
import type { Loaded } from '../model/load-error.ts';

/** `sallyport.yaml` with the parts that belong to identity and to the connectors. Holds secrets. */
export type Configuration = Config<IdentityConfig, ConnectionSettings>;

/** Reads and checks a configuration file. A file that is not there is an error like any other. */
export async function loadConfiguration(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Loaded<Configuration>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const message = `the configuration cannot be read (${code})`;
    const suggestion = 'write one with: sallyport init, or name one with --config FILE';
    return { ok: false, errors: [{ file: path, message, suggestion }] };
  }
  return await loadConfig({
    path,
    text,
    env,
    readFile: (file) => readFile(file, 'utf8'),
    schemas: { identity: identitySchema, connection: connectionSchema },
  });
}

/** A path as a person in the working directory would type it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
