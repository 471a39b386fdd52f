import { reportErrors, reportWarnings } from './configured.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonLine } from './output.ts';
import { readAll, readLines } from './standard-input.ts';
import { openMasking, type OfflineMasking } from '../app/mask-text.ts';
import type { Json } from '../model/json.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface MaskOptions {
  readonly policies: string;
  readonly jsonl?: boolean;
  readonly report?: boolean;
  readonly json?: boolean;
}

export function addMask(program: Command, { output, run }: CommandContext): void {
  program
    .command('mask')
    .description('standard input: text or JSON → the same, masked')
    .option('--policies <dir>', 'the folder whose masking.yaml counts', './policies')
    .option('--jsonl', 'standard input is one JSON value a line; one masked value for each')
    .option(
      '--report',
      'one JSON line of findings each (class, path, start, end, score), not the masked value',
    )
    .option('--json', 'write masked text as a JSON string')
    .action((options: MaskOptions, command: Command) =>
      run(async () => {
        const opened = await openMasking(
          options.policies,
          command.getOptionValueSource('policies') === 'cli',
        );
        if (!opened.ok) return reportErrors(opened.errors, output, options.json === true);
        reportWarnings(opened.warnings, output);
        return options.jsonl === true
          ? await lines(opened.value, options)
          : await whole(opened.value, options);
      }),
    );

  async function whole(masking: OfflineMasking, { report, json }: MaskOptions): Promise<ExitCode> {
    const input = await readAll();
    const parsed = parse(input);
    const value = parsed === undefined ? input : parsed;
    if (report === true) output.out(jsonLine(masking.report(value)));
    else {
      const masked = masking.mask(value);
      // Text comes out as it went in; JSON as JSON.
      output.out(
        parsed === undefined && json !== true && typeof masked === 'string' ? masked : jsonLine(masked),
      );
    }
    return EXIT.ok;
  }

  async function lines(masking: OfflineMasking, { report }: MaskOptions): Promise<ExitCode> {
    let number = 0;
    for await (const line of readLines()) {
      number += 1;
      const value = parse(line);
      if (value === undefined) {
        // Not the line itself: it may hold what is to be masked.
        output.err(`sallyport: line ${number} is not JSON\n`);
        return EXIT.usage;
      }
      output.out(jsonLine(report === true ? masking.report(value) : masking.mask(value)));
    }
    return EXIT.ok;
  }
}

function parse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
