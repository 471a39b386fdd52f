import { runProgram } from './cli/program.ts';

const output = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

process.exitCode = await runProgram(process.argv.slice(2), output, process.env);
