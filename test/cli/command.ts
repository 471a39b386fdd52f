/** Runs one command line in this process, which starts nothing and takes milliseconds. */
import { runProgram } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  readonly json: () => any; // eslint-disable-line typescript/no-explicit-any -- tests look into JSON of any shape
}

export async function command(...argv: readonly string[]): Promise<Ran> {
  return await commandIn({}, ...argv);
}

/** As `command`, with environment variables. */
export async function commandIn(
  env: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const output = {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
  };
  const code = await runProgram(argv, output, env);
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}
