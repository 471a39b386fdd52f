import { resolve } from 'node:path';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine } from './output.ts';
import {
  configuredPayloadKey,
  renderVerification,
  verifierKey,
  verifyStore,
  type RecordedIn,
  type RecordToVerify,
} from '../app/verify-record.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface VerifyOptions {
  readonly config: string;
  readonly store?: string;
  readonly key?: string;
  readonly checkpoint?: string;
  readonly witness?: readonly string[];
  readonly witnessKey?: string;
  readonly payloadKey?: string;
  readonly showKey?: boolean;
  readonly json?: boolean;
}

interface Places {
  readonly store: RecordedIn;
  readonly keyFile: string;
  readonly checkpointFile: string;
  readonly payloadKey: RecordToVerify['payloadKey'];
}

export function addVerify(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('verify')
    .description('recompute the whole record and say what was changed in it')
    .option(...CONFIG_OPTION)
    .option('--store <file>', 'the file of a record, in place of the one that the configuration names')
    .option('--key <key>', 'the verifier key to trust; that beside the signing key where left out')
    .option('--checkpoint <file>', 'a checkpoint that you kept; the file beside the store where left out')
    .option(
      '--witness <url>',
      'a witness that is asked which checkpoint it has seen; several times for several',
      (value: string, all?: readonly string[]) => [...(all ?? []), value],
    )
    .option('--witness-key <key>', 'the key with which it must have cosigned that, or the --checkpoint')
    .option('--payload-key <file>', 'the key that opens the payloads; the configured one where left out')
    .option('--show-key', 'only show the verifier key, to write it down somewhere else')
    .option(...JSON_OPTION)
    .action((options: VerifyOptions) => {
      const json = options.json === true;
      const work = async (places: Places): Promise<ExitCode> => {
        if (options.showKey === true) {
          const key = verifierKey(places.keyFile);
          output.out(json ? jsonLine({ key }) : `${key}\n`);
          return EXIT.ok;
        }
        const { checkpoint, payloadKey: named } = options;
        const found = await verifyStore({
          store: places.store,
          key: options.key ?? null,
          keyFile: places.keyFile,
          checkpointFile: checkpoint === undefined ? places.checkpointFile : resolve(checkpoint),
          checkpointNamed: checkpoint !== undefined,
          witnesses: options.witness ?? [],
          witnessKey: options.witnessKey ?? null,
          payloadKey: named === undefined ? places.payloadKey : { file: resolve(named), named: true },
        });
        output.out(json ? jsonLine(found) : renderVerification(found));
        return found.ok ? EXIT.ok : EXIT.no;
      };
      return run(async () => {
        if (options.store !== undefined) return await work(beside(resolve(options.store)));
        return await withConfiguration(options.config, env, output, json, async (configuration) => {
          const { keyFile, checkpointFile } = configuration.record;
          return await work({
            store: configuration.store,
            keyFile,
            checkpointFile,
            payloadKey: await configuredPayloadKey(configuration),
          });
        });
      });
    });
}

/** Where a gateway without a word about it in its configuration puts them. */
function beside(path: string): Places {
  return {
    store: { kind: 'sqlite', path },
    keyFile: `${path}.log-key`,
    checkpointFile: `${path}.checkpoint`,
    payloadKey: { file: `${path}.payload-key`, named: false },
  };
}
