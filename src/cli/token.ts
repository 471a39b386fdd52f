import { Option, type Command } from 'commander';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { commaSeparated, durationInSeconds } from './arguments.ts';
import { makeDevToken } from '../app/dev-token.ts';

import type { CommandContext } from './program.ts';

interface TokenOptions {
  readonly config: string;
  readonly user: string;
  readonly groups?: readonly string[];
  readonly email?: string;
  readonly ttl: number;
  readonly json?: boolean;
}

export function addToken(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('token')
    .description('sign a development token (only where identity.dev is on)')
    .option(...CONFIG_OPTION)
    .requiredOption('--user <name>', 'whom the token speaks for (required)')
    .option('--groups <a,b>', 'the groups; those of identity.dev.users where left out', commaSeparated)
    .option('--email <address>', 'the e-mail address')
    .addOption(
      new Option('--ttl <duration>', 'how long it is good for, such as 30m, 12h or 7d')
        .argParser(durationInSeconds)
        .default(12 * 3600, '12h'),
    )
    .option(...JSON_OPTION)
    .action((options: TokenOptions) =>
      run(() => {
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const { user, groups, email, ttl } = options;
          const made = await makeDevToken(configuration, { user, groups, email, ttlSeconds: ttl });
          if (!made.ok) {
            output.err(`sallyport: ${made.problem}\n`);
            return EXIT.config;
          }
          output.out(json ? jsonLine({ token: made.token, user, groups: made.groups }) : `${made.token}\n`);
          return EXIT.ok;
        });
      }),
    );
}
