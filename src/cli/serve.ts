import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { banner } from './banner.ts';
import { CONFIG_OPTION, JSON_OPTION, reportErrors, reportWarnings, withConfiguration } from './configured.ts';
import { EXIT } from './exit.ts';
import { jsonLine } from './output.ts';
import { untilStopped } from './signals.ts';
import { makeExampleDatabase } from '../app/example.ts';
import { serveHttp } from '../app/serve-http.ts';
import type { Command } from 'commander';
import type { CommandContext } from './program.ts';

interface ServeOptions {
  readonly config: string;
  readonly example?: boolean;
  readonly json?: boolean;
}

/** Running calls get this long to finish at a shutdown. Milliseconds. */
const GRACE = 10_000;

export function addServe(program: Command, { output, env, run }: CommandContext): void {
  program
    .command('serve')
    .description('run the gateway over HTTP')
    .option(...CONFIG_OPTION)
    .option(
      '--example',
      'make the customer database of the example where it is missing; without --config, serve the shipped example',
    )
    .option(...JSON_OPTION)
    .action((options: ServeOptions, command: Command) =>
      run(() => {
        const json = options.json === true;
        const named = command.getOptionValueSource('config') === 'cli';
        const path =
          options.example === true && !named ? join(packageRoot(), 'sallyport.yaml') : options.config;
        return withConfiguration(path, env, output, json, async (configuration) => {
          if (options.example === true) makeExampleDatabase(configuration);
          const stopped = untilStopped();
          const serving = await serveHttp(configuration).catch((error: unknown) => startFailure(error));
          if ('failure' in serving) {
            output.err(`sallyport: ${serving.failure}\n`);
            return serving.code;
          }
          if (!serving.ok) return reportErrors(serving.errors, output, json);
          reportWarnings(serving.warnings, output);
          const { endpoint, devTokens, tools, close } = serving.value;
          output.out(
            json
              ? jsonLine({ endpoint, tools, tokens: devTokens })
              : banner({
                  endpoint,
                  devTokens,
                  tools,
                  root: packageRoot(),
                  config: path,
                  example: options.example === true,
                }),
          );
          const signal = await stopped;
          await close(signal, GRACE);
          return EXIT.ok;
        });
      }),
    );
}

/** The folder that holds `package.json`, whether this runs from `src/` or `dist/`. */
function packageRoot(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

function startFailure(error: unknown): { readonly failure: string; readonly code: 69 | 71 } {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return {
      failure: `cannot listen: ${message}. Is another gateway running? server.listen names the address.`,
      code: EXIT.cannotListen,
    };
  return { failure: `cannot start: ${message}`, code: EXIT.unavailable };
}
