import { Option, type Command } from 'commander';
import { reportErrors } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine } from './output.ts';
import { readAll, readLines } from './standard-input.ts';
import {
  INSPECTED_DIALECTS,
  openInspection,
  patternsIn,
  type Inspect,
  type InspectedDialect,
} from '../app/inspect-text.ts';
import type { CommandContext } from './program.ts';

interface InspectOptions {
  readonly dialect: InspectedDialect;
  readonly policies: string;
  readonly jsonl?: boolean;
  readonly why?: boolean;
}

export function addInspect(program: Command, { output, run }: CommandContext): void {
  program
    .command('inspect')
    .description('standard input: one statement or command → one JSON line of what it would do')
    .addOption(
      new Option('--dialect <dialect>', 'the grammar (required)')
        .choices(INSPECTED_DIALECTS)
        .makeOptionMandatory(),
    )
    .option('--policies <dir>', 'for text: the folder whose patterns.yaml counts', './policies')
    .option('--jsonl', 'standard input is one JSON string a line; one line of facts for each')
    .option('--why', 'with `causes`: which part of the statement made each fact what it is')
    .option('--json', 'accepted for symmetry: the output is JSON anyway')
    .addHelpText(
      'after',
      '\nExits with 1 where a statement or command was not understood; its line then says why.',
    )
    .action((options: InspectOptions, command: Command) =>
      run(async () => {
        const patterns = await patternsIn(
          options.policies,
          command.getOptionValueSource('policies') === 'cli',
        );
        if (!patterns.ok) return reportErrors(patterns.errors, output, true);
        const inspection = openInspection(options.dialect, patterns.value, options.why === true);
        try {
          return options.jsonl === true ? await lines(inspection.inspect) : await whole(inspection.inspect);
        } finally {
          await inspection.close();
        }
      }),
    );

  async function whole(inspect: Inspect): Promise<ExitCode> {
    const facts = await inspect(await readAll());
    output.out(jsonLine(facts));
    return facts.understood ? EXIT.ok : EXIT.no;
  }

  async function lines(inspect: Inspect): Promise<ExitCode> {
    let code: ExitCode = EXIT.ok;
    let number = 0;
    for await (const line of readLines()) {
      number += 1;
      const statement = parseString(line);
      if (statement === null) {
        output.err(`sallyport: line ${number} is not a JSON string\n`);
        return EXIT.usage;
      }
      const facts = await inspect(statement);
      if (!facts.understood) code = EXIT.no;
      output.out(jsonLine(facts));
    }
    return code;
  }
}

function parseString(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
