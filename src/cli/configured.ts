import { EXIT, type ExitCode } from './exit.ts';
import { formatLoadError, jsonLine, type Output } from './output.ts';
import { loadConfiguration, type Configuration } from '../app/configuration.ts';
import type { LoadError } from '../model/load-error.ts';

const DEFAULT_CONFIG = 'sallyport.yaml';
export const CONFIG_OPTION = ['-c, --config <file>', 'the configuration', DEFAULT_CONFIG] as const;
export const JSON_OPTION = ['--json', 'write JSON, for programs'] as const;

/** Loads the configuration and goes on with it; where it is not good, says why and ends. */
export async function withConfiguration(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  output: Output,
  json: boolean,
  work: (configuration: Configuration) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await loadConfiguration(path, env);
  if (!loaded.ok) return reportErrors(loaded.errors, output, json);
  reportWarnings(loaded.warnings, output);
  return await work(loaded.value);
}

/** Tells every error, for a person or a program, and returns the exit code for it. */
export function reportErrors(errors: readonly LoadError[], output: Output, json: boolean): ExitCode {
  if (json) output.out(jsonLine({ ok: false, errors }));
  else for (const error of errors) output.err(formatLoadError(error, 'error'));
  return EXIT.config;
}

export function reportWarnings(warnings: readonly LoadError[], output: Output): void {
  for (const warning of warnings) output.err(formatLoadError(warning, 'warning'));
}
