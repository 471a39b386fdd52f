import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { moment } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { operator } from './operator.ts';
import { jsonLine } from './output.ts';
import { exportEvidence, verifyEvidence } from '../app/evidence.ts';
import { renderExported, renderPackVerification } from '../app/render-evidence.ts';
import type { CommandContext } from './program.ts';

interface ExportOptions {
  readonly config: string;
  readonly from?: number;
  readonly to?: number;
  readonly out?: string;
  readonly sample: number;
  readonly controls?: 'soc2';
  readonly json?: boolean;
}
interface VerifyOptions {
  readonly key?: string;
  readonly json?: boolean;
}

const MAX_SAMPLE = 1_000;

export function addEvidence(program: Command, { output, env, run }: CommandContext): void {
  const evidence = program
    .command('evidence')
    .description('packs of the record for auditors, and their verification');

  evidence
    .command('export')
    .description('write a period of the record, proven and signed, into one zip file')
    .option(...CONFIG_OPTION)
    .option(
      '--from <time>',
      'the first day or moment, of UTC; the beginning of the record where left out',
      moment,
    )
    .option('--to <time>', 'the day or moment before which it ends; the newest record where left out', moment)
    .option('--out <file>', 'the file to write; evidence.zip where left out. It must not exist')
    .option('--sample <n>', 'how many calls are drawn at random', sample, 25)
    .addOption(
      new Option('--controls <criteria>', 'add a table of which file speaks to which criterion').choices([
        'soc2',
      ]),
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExits with 0 where the pack verifies, with 1 where it was written and tells of damage.',
    )
    .action((options: ExportOptions) =>
      run(() => {
        const { from, to, controls } = options;
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          if (from !== undefined && to !== undefined && from >= to) {
            output.err('sallyport: --from is not before --to\n');
            return EXIT.usage;
          }
          const made = await exportEvidence(configuration, {
            period: { from: from ?? null, to: to ?? null },
            out: resolve(options.out ?? 'evidence.zip'),
            sample: options.sample,
            controls: controls ?? null,
            by: operator(),
          });
          output.out(json ? jsonLine(made) : renderExported(made));
          return made.verification.ok ? EXIT.ok : EXIT.no;
        });
      }),
    );

  evidence
    .command('verify <file>')
    .description('verify a pack, with nothing but it and a key')
    .option(
      '--key <key>',
      'the verifier key to trust, which you wrote down; the one inside the pack where left out',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExits with 0 where the pack is what was signed, with 1 where it is not.')
    .action((file: string, options: VerifyOptions) =>
      run(async () => {
        const found = await verifyEvidence(resolve(file), options.key ?? null);
        output.out(options.json === true ? jsonLine(found) : renderPackVerification(found));
        return found.ok ? EXIT.ok : EXIT.no;
      }),
    );
}

function sample(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}$/.test(text) && value <= MAX_SAMPLE) return value;
  throw new InvalidArgumentError(`expected a whole number from 0 to ${MAX_SAMPLE}.`);
}
