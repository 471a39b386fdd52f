import { readFile } from 'node:fs/promises';
import { durationInSeconds } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine } from './output.ts';
import { untilStopped } from './signals.ts';
import { withDesk, type DeskSession } from '../app/approvals.ts';
import type { DeskResult } from '../model/approval-desk.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface Common {
  readonly config: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}
interface RuleOptions extends Common {
  readonly comment: string;
  readonly for?: number;
}

const TOKEN_OPTION = [
  '--token-file <file>',
  'who you are: a file with your bearer token; else SALLYPORT_TOKEN',
] as const;
const COMMENT_OPTION = ['-m, --comment <text>', 'your words, which the requester sees', ''] as const;

export function addApprovals(program: Command, { output, env, run }: CommandContext): void {
  const approvals = program
    .command('approvals')
    .description('requests for approval: what waits, and your word on it');
  const act = (options: Common, work: (session: DeskSession) => Promise<ExitCode>): Promise<void> =>
    run(() =>
      withConfiguration(options.config, env, output, options.json === true, async (configuration) => {
        const token =
          options.tokenFile === undefined
            ? env['SALLYPORT_TOKEN']
            : await readFile(options.tokenFile, 'utf8');
        if (token === undefined || token.trim() === '') {
          output.err('sallyport: who are you? Set SALLYPORT_TOKEN, or name a file with --token-file\n');
          return EXIT.usage;
        }
        const done = await withDesk(configuration, token.trim(), work);
        switch (done.kind) {
          case 'done':
            return done.value;
          case 'errors':
            return reportErrors(done.errors, output, options.json === true);
          case 'stranger':
            output.err(`sallyport: the token was not accepted: ${done.failure}\n`);
            return EXIT.no;
        }
      }),
    );

  approvals
    .command('list')
    .description('pending requests that you may decide, the oldest first, and the grants that are in force')
    .option(...CONFIG_OPTION)
    .option(...TOKEN_OPTION)
    .option(...JSON_OPTION)
    .action((options: Common) =>
      act(options, async ({ inbox, grants, render }) => {
        const found = { pending: await inbox(), grants: await grants() };
        output.out(options.json === true ? jsonLine(found) : render.list(found.pending, found.grants));
        return EXIT.ok;
      }),
    );

  approvals
    .command('show <id>')
    .description('one request: who, which agent, what exactly, why it was held, what it would touch')
    .option(...CONFIG_OPTION)
    .option(...TOKEN_OPTION)
    .option(...JSON_OPTION)
    .action((id: string, options: Common) =>
      act(options, async ({ find, render }) => {
        const approval = await find(id);
        if (approval === null) {
          output.err(`sallyport: there is no request "${id}" that you may see\n`);
          return EXIT.no;
        }
        output.out(options.json === true ? jsonLine(approval) : render.one(approval));
        return EXIT.ok;
      }),
    );

  for (const verdict of ['approve', 'decline'] as const) {
    const command = approvals
      .command(`${verdict} <id>`)
      .description(verdict === 'approve' ? 'let it run, once' : 'refuse it')
      .option(...CONFIG_OPTION)
      .option(...TOKEN_OPTION)
      .option(...COMMENT_OPTION)
      .option(...JSON_OPTION);
    if (verdict === 'approve')
      command.option(
        '--for <duration>',
        'statements of this shape, for so long, where policy allows it',
        durationInSeconds,
      );
    command.action((id: string, options: RuleOptions) =>
      act(options, async ({ rule, render }) => {
        const grantMs = options.for === undefined ? null : options.for * 1000;
        const result = await rule(id, { approve: verdict === 'approve', comment: options.comment, grantMs });
        return tell(result, options, render.problem);
      }),
    );
  }

  approvals
    .command('revoke <id>')
    .description('end a pending request, or a grant that is in force')
    .option(...CONFIG_OPTION)
    .option(...TOKEN_OPTION)
    .option(...COMMENT_OPTION)
    .option(...JSON_OPTION)
    .action((id: string, options: RuleOptions) =>
      act(options, async ({ revoke, render }) =>
        tell(await revoke(id, options.comment), options, render.problem),
      ),
    );

  approvals
    .command('watch')
    .description('tell of each request that you may decide, as it comes, until interrupted')
    .option(...CONFIG_OPTION)
    .option(...TOKEN_OPTION)
    .option(...JSON_OPTION)
    .action((options: Common) =>
      act(options, async ({ inbox, arrived, render }) => {
        const stop = new AbortController();
        void untilStopped().then(() => stop.abort());
        const told = new Set<string>();
        while (!stop.signal.aborted) {
          for (const approval of await inbox()) {
            if (told.has(approval.request.id)) continue;
            told.add(approval.request.id);
            output.out(options.json === true ? jsonLine(approval) : render.one(approval));
          }
          await arrived(stop.signal, [...told]);
        }
        return EXIT.ok;
      }),
    );

  function tell(result: DeskResult, { json }: Common, problem: (what: string) => string): ExitCode {
    if (json === true) output.out(jsonLine(result));
    else if (result.ok) output.out(`${result.approval.request.id} is ${result.approval.status}\n`);
    else output.err(`sallyport: ${problem(result.problem)}\n`);
    return result.ok ? EXIT.ok : EXIT.no;
  }
}
