import { resolve } from 'node:path';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, reportWarnings, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { operator } from './operator.ts';
import { jsonLine } from './output.ts';
import {
  erasePayloads,
  listHolds,
  placeHold,
  prunePayloads,
  rekeyPayloads,
  releaseHold,
  renderErasure,
  renderHolds,
  renderPruned,
  type Wanted,
} from '../app/disposal.ts';
import type { Configuration } from '../app/configuration.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';
import type { Loaded } from '../model/load-error.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

interface SubjectOptions extends Common {
  readonly session?: string;
  readonly principal?: string;
  readonly issuer?: string;
  readonly call?: string;
  readonly reason: string;
  readonly yes?: boolean;
}

const SESSION_OPTION = ['--session <id>', 'of one session'] as const;
const PRINCIPAL_OPTION = ['--principal <id>', 'of every session of one principal'] as const;
const ISSUER_OPTION = [
  '--issuer <issuer>',
  'with --principal: only the one whom this issuer names so',
] as const;
const REASON_OPTION = ['--reason <text>', 'why, for the record (required)'] as const;

/** Adds what destroys payloads, and what keeps them, to `sallyport sessions`. */
export function addDisposal(sessions: Command, { output, env, run }: CommandContext): void {
  const act = (options: Common, work: (configuration: Configuration) => Promise<ExitCode>): Promise<void> =>
    run(() => withConfiguration(options.config, env, output, options.json === true, work));

  function answer<T>(loaded: Loaded<T>, json: boolean, say: (value: T) => ExitCode): ExitCode {
    if (!loaded.ok) return reportErrors(loaded.errors, output, json);
    reportWarnings(loaded.warnings, output);
    return say(loaded.value);
  }

  function usage(problem: string): ExitCode {
    output.err(`sallyport: ${problem}\n`);
    return EXIT.usage;
  }

  sessions
    .command('erase')
    .description('destroy arguments, results and requests for approval, and the keys to them, for good')
    .option(...CONFIG_OPTION)
    .option(...SESSION_OPTION)
    .option(...PRINCIPAL_OPTION)
    .option(...ISSUER_OPTION)
    .option('--call <id>', 'of one call')
    .requiredOption(...REASON_OPTION)
    .option('--yes', 'nothing is destroyed without it')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nThe entries of the log stay, and every proof with them. Exits with 1 where a hold forbids it.',
    )
    .action((options: SubjectOptions) =>
      act(options, async (configuration) => {
        const subject = subjectOf(options);
        if (subject === null) return usage('name one of --session, --principal and --call');
        if (options.yes !== true) return usage('this cannot be undone; say so with --yes');
        const wanted = { subject, reason: options.reason, by: operator() };
        return answer(await erasePayloads(configuration, wanted), options.json === true, (found) => {
          output.out(options.json === true ? jsonLine(found) : renderErasure(found));
          return found.kind === 'erased' ? EXIT.ok : EXIT.no;
        });
      }),
    );

  sessions
    .command('hold')
    .description('keep payloads against erasure and retention, until the hold is released')
    .option(...CONFIG_OPTION)
    .option(...SESSION_OPTION)
    .option(...PRINCIPAL_OPTION)
    .option(...ISSUER_OPTION)
    .requiredOption(...REASON_OPTION)
    .option(...JSON_OPTION)
    .action((options: SubjectOptions) =>
      act(options, async (configuration) => {
        const subject = subjectOf(options);
        if (subject === null) return usage('name one of --session and --principal');
        const wanted = { subject, reason: options.reason, by: operator() };
        return answer(await placeHold(configuration, wanted), options.json === true, (hold) => {
          output.out(options.json === true ? jsonLine({ hold }) : `${hold}\n`);
          return EXIT.ok;
        });
      }),
    );

  sessions
    .command('release <hold>')
    .description('end a hold')
    .option(...CONFIG_OPTION)
    .requiredOption(...REASON_OPTION)
    .option(...JSON_OPTION)
    .action((hold: string, options: SubjectOptions) =>
      act(options, async (configuration) => {
        const wanted = { reason: options.reason, by: operator() };
        return answer(await releaseHold(configuration, hold, wanted), options.json === true, (released) => {
          if (options.json === true) output.out(jsonLine({ hold, released }));
          else if (released) output.out(`${hold} is released\n`);
          else output.err(`sallyport: there is no hold "${hold}" that could be released\n`);
          return released ? EXIT.ok : EXIT.no;
        });
      }),
    );

  sessions
    .command('holds')
    .description('the holds in force, the oldest first')
    .option(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action((options: Common) =>
      act(options, async (configuration) => {
        const holds = await listHolds(configuration);
        output.out(options.json === true ? jsonLine(holds) : renderHolds(holds));
        return EXIT.ok;
      }),
    );

  sessions
    .command('rekey')
    .description(
      'put the data keys under the configured payload key, from an older one; stop all gateways first',
    )
    .option(...CONFIG_OPTION)
    .option('--old-key-file <file>', 'the file of the key that the record is under now')
    .option('--old-key-env <name>', 'the environment variable with that key')
    .option(...JSON_OPTION)
    .action((options: Common & { readonly oldKeyFile?: string; readonly oldKeyEnv?: string }) =>
      act(options, async (configuration) => {
        const { oldKeyFile: file, oldKeyEnv: name } = options;
        if ((file === undefined) === (name === undefined))
          return usage('name one of --old-key-file and --old-key-env');
        const old =
          file === undefined ? { env: name ?? '', text: env[name ?? ''] ?? '' } : { file: resolve(file) };
        const found = await rekeyPayloads(configuration, old, operator());
        output.out(
          options.json === true
            ? jsonLine(found)
            : `${found.keys} data keys are under payload key ${found.to}, and no longer under ${found.from}\n`,
        );
        return found.keys > 0 || found.from !== found.to ? EXIT.ok : EXIT.no;
      }),
    );

  sessions
    .command('prune')
    .description('destroy now what record.retention no longer keeps, as a running gateway does every hour')
    .option(...CONFIG_OPTION)
    .option('--dry-run', 'only count')
    .option(...JSON_OPTION)
    .action((options: Common & { readonly dryRun?: boolean }) =>
      act(options, async (configuration) => {
        if (Object.keys(configuration.record.retention).length === 0)
          return usage('record.retention says nothing: everything is kept');
        const found = await prunePayloads(configuration, options.dryRun === true);
        output.out(options.json === true ? jsonLine(found) : renderPruned(found, options.dryRun === true));
        return EXIT.ok;
      }),
    );
}

/** Null where not exactly one is named. */
function subjectOf({ session, principal, issuer, call }: SubjectOptions): Wanted['subject'] | null {
  if ([session, principal, call].filter((each) => each !== undefined).length !== 1) return null;
  if (issuer !== undefined && principal === undefined) return null;
  if (session !== undefined) return { kind: 'session', session };
  if (call !== undefined) return { kind: 'call', call };
  return principal === undefined ? null : { kind: 'principal', principal, issuer: issuer ?? null };
}
