import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { migrateStore } from '../app/migrate-store.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface MigrateOptions {
  readonly config: string;
  readonly ownerEnv?: string;
  readonly json?: boolean;
}

export function addStore(program: Command, { output, env, run }: CommandContext): void {
  const store = program.command('store').description('the database of the record');

  store
    .command('migrate')
    .description('make the tables of a record in PostgreSQL, or take them to this version')
    .option(...CONFIG_OPTION)
    .option(
      '--owner-env <name>',
      'the environment variable with the URL of the owner; store.migrate_url, then store.url, where left out',
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nGateways do it themselves at their start where they may. Any number of processes may try at a time.',
    )
    .action((options: MigrateOptions) =>
      run(() => {
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const { ownerEnv } = options;
          const ownerUrl = ownerEnv === undefined ? undefined : env[ownerEnv];
          if (ownerEnv !== undefined && ownerUrl === undefined) {
            output.err(`sallyport: the environment variable "${ownerEnv}" is not set\n`);
            return EXIT.usage;
          }
          const done = await migrateStore(configuration, ownerUrl);
          const { where, from, to, owner, role } = done;
          const what = from === to ? `has schema ${to} already` : `was taken from schema ${from} to ${to}`;
          const who = owner === role ? '' : `; "${owner}" owns it, and "${role}" may read and append`;
          output.out(json ? jsonLine(done) : `The record at ${where} ${what}${who}.\n`);
          return EXIT.ok;
        });
      }),
    );
}
