import { limit } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { listSessions, readSession, renderSession, renderSessionList } from '../app/read-record.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface ListOptions {
  readonly config: string;
  readonly principal?: string;
  readonly open?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}
interface ShowOptions {
  readonly config: string;
  readonly full?: boolean;
  readonly json?: boolean;
}

export function addSessions(program: Command, { output, env, run }: CommandContext): void {
  const sessions = program.command('sessions').description('the record, session by session');
  const color = process.stdout.isTTY && env['NO_COLOR'] === undefined;

  sessions
    .command('list')
    .description('sessions, the youngest first')
    .option(...CONFIG_OPTION)
    .option('--principal <id>', 'only those of one principal')
    .option('--open', 'only those that have not ended')
    .option('--limit <n>', 'at most this many', limit, 50)
    .option(...JSON_OPTION)
    .action((options: ListOptions) =>
      run(() =>
        withConfiguration(options.config, env, output, options.json === true, async (configuration) => {
          const { principal, open } = options;
          const found = await listSessions(configuration, {
            limit: options.limit,
            ...(principal === undefined ? {} : { principal }),
            ...(open === undefined ? {} : { open }),
          });
          output.out(options.json === true ? jsonLine(found) : renderSessionList(found, color));
          return EXIT.ok;
        }),
      ),
    );

  sessions
    .command('show <id>')
    .description('what happened in one session, call by call')
    .option(...CONFIG_OPTION)
    .option('--full', 'masked arguments and results whole')
    .option(...JSON_OPTION)
    .action((id: string, options: ShowOptions) =>
      run(() =>
        withConfiguration(options.config, env, output, options.json === true, async (configuration) => {
          const story = await readSession(configuration, id);
          if (story === null) {
            output.err(`sallyport: there is no session "${id}"; list them with: sallyport sessions list\n`);
            return EXIT.no;
          }
          output.out(
            options.json === true ? jsonLine(story) : renderSession(story, options.full === true, color),
          );
          return EXIT.ok;
        }),
      ),
    );
}
