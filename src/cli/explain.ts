import { InvalidArgumentError, Option, type Command } from 'commander';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, withConfiguration } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { commaSeparated } from './arguments.ts';
import { explainCall, type Explained } from '../app/explain.ts';
import type { JsonObject } from '../model/json.ts';
import type { CommandContext } from './program.ts';

interface ExplainOptions {
  readonly config: string;
  readonly as: string;
  readonly service?: boolean;
  readonly groups?: readonly string[];
  readonly tool: string;
  readonly args: JsonObject;
  readonly approved?: boolean;
  readonly json?: boolean;
}

export function addExplain(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('explain')
    .description('what would be decided of a call, by which policies, with which facts; runs nothing')
    .option(...CONFIG_OPTION)
    .requiredOption('--as <user>', 'the principal (required)')
    .option('--service', 'the principal is a service, not a user')
    .option(
      '--groups <a,b>',
      'the groups; those of identity.dev.users or identity.local where left out',
      commaSeparated,
    )
    .requiredOption('--tool <name>', 'the tool (required)')
    .addOption(
      new Option('--args <json>', 'the arguments, a JSON object').argParser(jsonObject).default({}, 'none'),
    )
    .option('--approved', 'as if a reviewer had approved this very call')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExits with 0 where the call would be allowed, with 1 where it would not.')
    .action((options: ExplainOptions) =>
      run(() => {
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const explained = await explainCall(configuration, {
            user: options.as,
            service: options.service === true,
            groups: options.groups,
            tool: options.tool,
            args: options.args,
            approved: options.approved === true,
          });
          if (!explained.ok) return reportErrors(explained.errors, output, json);
          if (json) output.out(jsonLine(explained.value));
          else tell(explained.value, output);
          return exitCode(explained.value);
        });
      }),
    );
}

function exitCode(explained: Explained): ExitCode {
  return explained.station === 'decide' && explained.explanation.decision.effect === 'allow'
    ? EXIT.ok
    : EXIT.no;
}

function tell(explained: Explained, { out }: Output): void {
  switch (explained.station) {
    case 'address':
      out(`refused before any policy: ${explained.problem}\n`);
      return;
    case 'inspect':
      out(
        `refused before any policy: not understood (${explained.notUnderstood.reason}). ${explained.notUnderstood.message}\n`,
      );
      return;
    case 'decide': {
      const { decision, policies } = explained.explanation;
      const why = 'reason' in decision ? `: ${decision.reason}` : '';
      out(`${decision.effect}${why}\n\npolicies\n`);
      for (const { outcome, effect, id, file, line, error, approval } of policies) {
        const mark = { matched: '*', did_not_match: ' ', error: '!' }[outcome];
        const held = approval === undefined ? '' : `, asks ${approval}`;
        out(
          `  ${mark} ${effect.padEnd(6)} ${id}  (${file}:${line}${held})${error === undefined ? '' : `\n      ${error}`}\n`,
        );
      }
      out(`\nfacts\n`);
      for (const [kind, facts] of Object.entries(explained.facts)) {
        for (const [fact, value] of Object.entries(facts)) {
          out(`  ${kind}.${fact} = ${JSON.stringify(value)}\n`);
          for (const cause of kind === 'sql' ? explained.causes.filter((one) => one.fact === fact) : [])
            out(`      ${cause.line}:${cause.column}  ${cause.value}  in  ${cause.excerpt}\n`);
        }
      }
      out(`\ngroups of this principal: ${explained.groups.join(', ') || 'none'}\n`);
      out(`unmasked for this principal: ${explained.unmasked.join(', ') || 'nothing'}\n`);
      if (explained.revealed !== null)
        out(`tokens turned back for this principal in: ${explained.revealed.join(', ') || 'no argument'}\n`);
    }
  }
}

function jsonObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, in the same words as for JSON that is no object.
  }
  throw new InvalidArgumentError('expected a JSON object, such as \'{"email":"ada@example.com"}\'.');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
