import { CONFIG_OPTION, JSON_OPTION, reportErrors, reportWarnings, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { checkRules } from '../app/check.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface CheckOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly schema?: boolean;
}

export function addCheck(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('check')
    .description(
      'load and type-check configuration, skills, policies and masking; every error with its place',
    )
    .option(...CONFIG_OPTION)
    .option('--schema', 'print the Cedar schema that policies are checked against')
    .option(...JSON_OPTION)
    .action((options: CheckOptions) =>
      run(() => {
        const json = options.json === true;
        return withConfiguration(options.config, env, output, json, async (configuration) => {
          const checked = await checkRules(configuration);
          if (!checked.ok) return reportErrors(checked.errors, output, json);
          const { schema, skills, served, tools, policies, digest } = checked.value;
          if (json) output.out(jsonLine({ ok: true, warnings: checked.warnings, ...checked.value }));
          else {
            reportWarnings(checked.warnings, output);
            if (options.schema === true) output.out(`${schema}\n`);
            else
              output.out(
                `ok: ${skills.length} skills, ${tools.length} tools, ${policies.length} policies (rules ${digest.slice(0, 12)})\n${servedLines(served)}`,
              );
          }
          return EXIT.ok;
        });
      }),
    );
}

const MAX_SHOWN = 20;

/** What lies in the folders of skills for agents to read, so that nobody serves a file without knowing. */
function servedLines(served: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(served)
    .map(([skill, paths]) => {
      const more = paths.length > MAX_SHOWN ? ` and ${paths.length - MAX_SHOWN} more` : '';
      return `agents may read skills/${skill}: ${paths.slice(0, MAX_SHOWN).join(', ')}${more}\n`;
    })
    .join('');
}
