import { enableCompileCache } from 'node:module';

// Before the program is loaded: it saves a third of the start, and Claude Desktop starts a gateway a window.
enableCompileCache();
const { runProgram } = await import('./cli/program.ts');

// `sallyport … | head` closes the pipe early. That is no error of ours, and must not take a running gateway down.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: Error & { readonly code?: string }) => {
    if (error.code !== 'EPIPE') throw error;
  });

const output = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

process.exitCode = await runProgram(process.argv.slice(2), output, process.env);
