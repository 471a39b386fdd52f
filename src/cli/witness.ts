import { EXIT } from './exit.ts';
import { JSON_OPTION } from './configured.ts';
import { jsonLine } from './output.ts';
import { untilStopped } from './signals.ts';
import { startWitness } from '../app/witness.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface ServeOptions {
  readonly listen: string;
  readonly state: string;
  readonly log: readonly string[];
  readonly name?: string;
  readonly json?: boolean;
}

export function addWitness(program: Command, { output, run }: CommandContext): void {
  const witness = program
    .command('witness')
    .description('a small witness for the records of other gateways, to run somewhere else');

  witness
    .command('serve')
    .description(
      'cosign checkpoints that go on from what was seen (C2SP tlog-witness), until it is told to stop',
    )
    .option('--listen <host:port>', 'where to listen', '127.0.0.1:8450')
    .requiredOption('--state <dir>', 'a folder of its own, for its key and what it has seen (required)')
    .requiredOption(
      '--log <key>',
      'the verifier key of a log, as verify --show-key shows it; several times for several (required)',
      (value: string, all?: readonly string[]) => [...(all ?? []), value],
    )
    .option('--name <name>', 'the name of its key when that is made; a random one where left out')
    .option(...JSON_OPTION)
    .action((options: ServeOptions) =>
      run(async () => {
        const stopped = untilStopped();
        const { listen, state, log: logs, name = null } = options;
        let serving: Awaited<ReturnType<typeof startWitness>>;
        try {
          serving = await startWitness({ listen, state, logs, name });
        } catch (error) {
          output.err(`sallyport: ${error instanceof Error ? error.message : String(error)}\n`);
          return EXIT.unavailable;
        }
        const { url, verifierKey, close } = serving;
        output.out(
          options.json === true
            ? jsonLine({ url, key: verifierKey })
            : `Witness at ${url}\nIts key: ${verifierKey}\nFor the gateway: record: { witnesses: [{ url: "${url}", key: "${verifierKey}" }] }\nCtrl-C stops it.\n`,
        );
        await stopped;
        await close();
        return EXIT.ok;
      }),
    );
}
