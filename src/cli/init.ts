import { JSON_OPTION } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { writeStarter } from '../app/init.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

export function addInit(program: Command, { output, run }: CommandContext): void {
  program
    .command('init')
    .description('write a commented starter configuration, skill and policies; overwrites nothing')
    .argument('[dir]', 'where to', '.')
    .option(...JSON_OPTION)
    .action((dir: string, options: { readonly json?: boolean }) =>
      run(async () => {
        const written = await writeStarter(dir);
        if (options.json === true) output.out(jsonLine(written));
        else if (!written.ok) output.err(`sallyport: ${written.problem}\n`);
        else
          output.out(
            `${written.files.map((file) => `wrote ${file}\n`).join('')}\nNext: ${next(dir).join(', then ')}\n`,
          );
        return written.ok ? EXIT.ok : EXIT.no;
      }),
    );
}

/** Paths in the configuration begin at its folder, so that is where to go on from. */
function next(dir: string): readonly string[] {
  const go = dir === '.' ? [] : [`cd ${dir}`];
  return [...go, 'sallyport check', 'sallyport serve --example --config sallyport.yaml'];
}
