import { Option, type Command } from 'commander';
import { commaSeparated, durationInSeconds } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { operator } from './operator.ts';
import { jsonLine } from './output.ts';
import { createKey, listKeys, revokeKey } from '../app/keys.ts';
import type { Configuration } from '../app/configuration.ts';

import type { CommandContext } from './program.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}
interface CreateOptions extends Common {
  readonly service: string;
  readonly groups: readonly string[];
  readonly expires?: number;
}

export function addKeys(program: Command, { output, env, run }: CommandContext): void {
  const keys = program.command('keys').description('API keys of services');
  const act = (options: Common, work: (configuration: Configuration) => Promise<ExitCode>): Promise<void> =>
    run(() => withConfiguration(options.config, env, output, options.json === true, work));

  keys
    .command('create')
    .description('make a key and show it, once')
    .option(...CONFIG_OPTION)
    .requiredOption('--service <name>', 'the service that will hold the key (required)')
    .addOption(
      new Option('--groups <a,b>', 'the groups of the service').argParser(commaSeparated).default([], 'none'),
    )
    .option(
      '--expires <duration>',
      'how long it is good for, such as 12h or 90d; for ever where left out',
      durationInSeconds,
    )
    .option(...JSON_OPTION)
    .action((options: CreateOptions) =>
      act(options, async (configuration) => {
        const { service, groups, expires } = options;
        const made = await createKey(configuration, {
          service,
          groups,
          expiresInSeconds: expires,
          by: operator(),
        });
        if (!made.ok) {
          output.err(`sallyport: ${made.problem}\n`);
          return EXIT.usage;
        }
        if (options.json === true) output.out(jsonLine({ id: made.id, key: made.key, service, groups }));
        else {
          output.out(`${made.key}\n`);
          output.err('This is the only time the key is shown. The gateway keeps a hash of it.\n');
        }
        return EXIT.ok;
      }),
    );

  keys
    .command('list')
    .description('all keys, also revoked and expired ones; never the keys themselves')
    .option(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action((options: Common) =>
      act(options, async (configuration) => {
        const rows = await listKeys(configuration);
        if (options.json === true) output.out(jsonLine(rows));
        else if (rows.length === 0) output.out('No keys.\n');
        else
          for (const { id, service, groups, state, created } of rows)
            output.out(
              `${id}  ${state.padEnd(8)} ${service} (${groups.join(', ') || 'no groups'})  made ${created}\n`,
            );
        return EXIT.ok;
      }),
    );

  keys
    .command('revoke <id>')
    .description('end a key; running gateways refuse it within seconds')
    .option(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action((id: string, options: Common) =>
      act(options, async (configuration) => {
        const revoked = await revokeKey(configuration, id, operator());
        if (options.json === true) output.out(jsonLine({ id, revoked }));
        else if (revoked) output.out(`${id} is revoked\n`);
        else output.err(`sallyport: there is no key "${id}" that could be revoked\n`);
        return revoked ? EXIT.ok : EXIT.no;
      }),
    );
}
