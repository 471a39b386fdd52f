import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StoreRefused } from '../sessions/store.ts';
import type { MasterKeySource } from '../sessions/vault/master-key.ts';
import type { Configuration } from './configuration.ts';

const run = promisify(execFile);

/** A key service is asked over the network. Milliseconds. */
const COMMAND_TIMEOUT = 30_000;

/** The key of the payloads, fetched where it has to be. Throws `StoreRefused` where the command gives none. */
export async function payloadKeySource({ record, directory }: Configuration): Promise<MasterKeySource> {
  const { payloadKey: from } = record;
  switch (from.kind) {
    case 'file':
      return from;
    case 'env':
      return { kind: 'text', text: from.text, from: `the environment variable ${from.name}` };
    case 'command': {
      const [program = '', ...args] = from.command;
      return {
        kind: 'text',
        text: await outputOf(program, args, directory),
        from: 'record.encryption.key_command',
      };
    }
  }
}

/** Without a shell. Nothing of what it wrote is told: half a key is a secret too. */
async function outputOf(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(program, args, { cwd, timeout: COMMAND_TIMEOUT, maxBuffer: 64 * 1024 });
    return stdout;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it was stopped';
    throw new StoreRefused('key_missing', `record.encryption.key_command failed (${code}): ${program}`);
  }
}
