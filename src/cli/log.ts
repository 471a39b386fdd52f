import { resolve } from 'node:path';
import { CONFIG_OPTION, JSON_OPTION, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { operator } from './operator.ts';
import { jsonLine } from './output.ts';
import { exportRecordLog } from '../app/export-log.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface ExportOptions {
  readonly config: string;
  readonly cosigned?: boolean;
  readonly json?: boolean;
}

export function addLog(program: Command, { output, env, run }: CommandContext): void {
  const log = program.command('log').description('the signed log over the record');

  log
    .command('export <dir>')
    .description('write checkpoint, tiles and entries as files, in the layout of C2SP tlog-tiles')
    .option(...CONFIG_OPTION)
    .option('--cosigned', 'up to the newest checkpoint that a witness cosigned, and no further')
    .option(...JSON_OPTION)
    .action((dir: string, options: ExportOptions) =>
      run(() =>
        withConfiguration(options.config, env, output, options.json === true, async (configuration) => {
          const cosigned = options.cosigned === true;
          const done = await exportRecordLog(configuration, {
            folder: resolve(dir),
            cosigned,
            by: operator(),
          });
          if (done === null) {
            output.err(`sallyport: nothing of the record is ${cosigned ? 'cosigned' : 'signed'} yet\n`);
            return EXIT.noInput;
          }
          const { size, before, files } = done;
          output.out(
            options.json === true
              ? jsonLine(done)
              : `${size} records, ${size - before} of them new, ${files} files written\n`,
          );
          return EXIT.ok;
        }),
      ),
    );
}
