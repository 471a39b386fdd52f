import { enableCompileCache } from 'node:module';

// Before the program is loaded: it saves a third of the start, and Claude Desktop starts a gateway a window.
enableCompileCache();
const { runProgram } = await import('./cli/program.ts');

const output = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

process.exitCode = await runProgram(process.argv.slice(2), output, process.env);
