import { CONFIG_OPTION, reportErrors, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { untilStopped } from './signals.ts';
import { serveOverStdio } from '../app/serve-stdio.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface StdioOptions {
  readonly config: string;
  readonly json?: boolean;
}

export function addStdio(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('stdio')
    .description('run the gateway over standard input and output, for the one local user (identity.local)')
    .option(...CONFIG_OPTION)
    .option('--json', 'write errors at start as JSON to standard error; standard output is the protocol')
    .action((options: StdioOptions) =>
      run(() => {
        // Standard output belongs to the protocol from the first byte to the last.
        const aside = { out: output.err, err: output.err };
        return withConfiguration(options.config, env, aside, options.json === true, async (configuration) => {
          if (configuration.identity.local === null) {
            const message = 'identity.local is missing: over stdio it says whose laptop this is';
            const suggestion = 'local: { user: alice, groups: [support] }';
            return reportErrors(
              [{ file: options.config, message, suggestion }],
              aside,
              options.json === true,
            );
          }
          const serving = await serveOverStdio(configuration);
          if (!serving.ok) return reportErrors(serving.errors, aside, options.json === true);
          void untilStopped().then(() => serving.value.close());
          await serving.value.done;
          return EXIT.ok;
        });
      }),
    );
}
