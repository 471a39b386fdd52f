import { limit, moment } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, reportWarnings, withConfiguration } from './configured.ts';
import { addDisposal } from './disposal.ts';
import { EXIT } from './exit.ts';
import { operator } from './operator.ts';
import { jsonLine } from './output.ts';
import { addReplay } from './replay.ts';
import { readMaskingRules } from '../app/mask-text.ts';
import { findUnmasked, renderUnmasked } from '../app/unmasked.ts';
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

interface UnmaskedOptions {
  readonly config: string;
  readonly policies?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

export function addSessions(program: Command, context: CommandContext): void {
  const { output, env, run } = context;
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
          const query = {
            limit: options.limit,
            ...(principal === undefined ? {} : { principal }),
            ...(open === undefined ? {} : { open }),
          };
          const found = await listSessions(configuration, query, operator());
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
          const story = await readSession(configuration, id, operator());
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

  sessions
    .command('unmasked')
    .description('what the masking.yaml of a folder would mask of the record beyond what is masked there')
    .option(...CONFIG_OPTION)
    .option('--policies <dir>', 'the folder whose masking.yaml is tried; the configured one where left out')
    .option('--from <time>', 'only what was recorded at or after this time', moment)
    .option('--to <time>', 'only what was recorded before this time', moment)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExits with 0 where nothing more would be masked, with 1 where something would.')
    .action((options: UnmaskedOptions) =>
      run(() => {
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const rules = await readMaskingRules(options.policies ?? configuration.policies, true);
          if (!rules.ok) return reportErrors(rules.errors, output, json);
          reportWarnings(rules.warnings, output);
          const { from = 0, to = Number.POSITIVE_INFINITY } = options;
          const found = await findUnmasked(configuration, rules.value, { from, to });
          output.out(json ? jsonLine(found) : renderUnmasked(found));
          return found.findings.length === 0 ? EXIT.ok : EXIT.no;
        });
      }),
    );

  addDisposal(sessions, context);
  addReplay(sessions, context);
}
