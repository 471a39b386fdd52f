import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { moment } from './arguments.ts';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, reportWarnings, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { operator } from './operator.ts';
import { noSession, play } from './play.ts';
import { replayRecord, type Replayed } from '../app/replay.ts';
import type { CommandContext } from './program.ts';

interface ReplayOptions {
  readonly config: string;
  readonly policies?: string;
  readonly skills?: string;
  readonly from?: number;
  readonly to?: number;
  readonly strict?: boolean;
  readonly speed: number;
  readonly wait: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

const HELP = `
With an id alone, the session is played. With --policies, --skills or no id, recorded calls are decided again: connectors
answer from the record, and nothing is executed. That exits with 0 where nothing would change, with 1 where something
would; with --strict also where that can't be told of a call.`;

export function addReplay(sessions: Command, { output, env, run }: CommandContext): void {
  const color = process.stdout.isTTY && env['NO_COLOR'] === undefined;
  sessions
    .command('replay [id]')
    .description('play a session, or decide recorded calls again under other policies')
    .option(...CONFIG_OPTION)
    .option('--policies <dir>', 'decide again by the policies and the masking.yaml of this folder')
    .option('--skills <dir>', 'decide again with the tools of this folder')
    .option('--from <time>', 'only what was recorded at or after this time', moment)
    .option('--to <time>', 'only what was recorded before this time', moment)
    .option('--strict', 'exit with 1 also where a call is not decidable from the record')
    .option('--speed <n>', 'play this many times as fast as it was', speed, 1)
    .option('--no-wait', 'play without waiting')
    .option('--full', 'play with masked arguments and results whole')
    .option(...JSON_OPTION)
    .addHelpText('after', HELP)
    .action((id: string | undefined, options: ReplayOptions) =>
      run(() => {
        const json = options.json === true;
        const decides = id === undefined || options.policies !== undefined || options.skills !== undefined;
        if (!decides && (json || options.strict === true)) {
          output.err('sallyport: --json and --strict go with --policies DIR, which decides again\n');
          return Promise.resolve(EXIT.usage);
        }
        const missing = [options.policies, options.skills].find(
          (folder) => folder !== undefined && !existsSync(folder),
        );
        if (missing !== undefined) {
          const errors = [{ file: missing, message: 'there is no such folder' }];
          return Promise.resolve(reportErrors(errors, output, json));
        }
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const { from = 0, to = Number.POSITIVE_INFINITY } = options;
          if (!decides) {
            const { speed: times, wait } = options;
            const how = { times: wait ? times : null, full: options.full === true, color };
            return await play(configuration, id, { from, to }, how, output);
          }
          const folders = { policies: resolved(options.policies), skills: resolved(options.skills) };
          const replayed = await replayRecord(
            configuration,
            folders,
            { session: id ?? null, from, to, by: operator() },
            (difference) => {
              if (json) output.out(jsonLine(difference));
            },
          );
          if (!replayed.ok) return reportErrors(replayed.errors, output, json);
          reportWarnings(replayed.warnings, output);
          if (replayed.value === null) return noSession(id ?? '', output);
          return tell(replayed.value, output, json, options.strict === true);
        });
      }),
    );
}

function tell({ totals, rules, report }: Replayed, output: Output, json: boolean, strict: boolean): ExitCode {
  output.out(json ? jsonLine({ kind: 'summary', rules, ...totals }) : report);
  const otherwise = totals.changed + totals.seen + (strict ? totals.notDecidable : 0);
  return otherwise === 0 ? EXIT.ok : EXIT.no;
}

function resolved(folder: string | undefined): string | null {
  return folder === undefined ? null : resolve(folder);
}

function speed(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('expected how many times as fast, such as 10.');
}
