import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reply, Request } from './protocol.ts';
import { frame, frames, TOO_LARGE } from './protocol.ts';

/** A SQLite process: asks and answers, one at a time. */
export interface Connected {
  /** Rejects with `ProcessEnded` where the process is gone, or goes before it replies. */
  ask(request: Request): Promise<Reply>;
  lost(): boolean;
  /** Kills the process, and resolves once it is gone: what it had not committed is rolled back. */
  kill(): Promise<void>;
}

export class ProcessEnded extends Error {
  /** It held more memory than a process may. */
  readonly tooLarge: boolean;
  constructor(tooLarge = false) {
    super('The SQLite process ended.');
    this.tooLarge = tooLarge;
  }
}

const WORKER = fileURLToPath(
  new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
/** What a result may take to build beyond SQLite's own memory, in MiB. */
const HEAP_MIB = 256;

export function connect(): Connected {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${HEAP_MIB}`,
      ...process.execArgv.filter((flag) => flag === '--experimental-strip-types'),
      WORKER,
    ],
    // No environment: the gateway's holds every secret it has.
    { stdio: ['pipe', 'pipe', 'ignore'], env: {} },
  );
  let lost = false;
  let waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void } | null =
    null;
  const gone = Promise.withResolvers<void>();

  const lose = (tooLarge = false): void => {
    lost = true;
    waiting?.reject(new ProcessEnded(tooLarge));
    waiting = null;
  };
  child.once('close', (_code, signal) => {
    lose(signal === TOO_LARGE);
    gone.resolve();
  });
  // Where it could not even be spawned there is an error and no close.
  child.once('error', () => {
    lose();
    if (child.pid === undefined) gone.resolve();
  });
  // What became of the process is told by its end.
  child.stdin.on('error', () => (lost = true));
  child.stdout.on('error', () => (lost = true));
  child.stdout.on(
    'data',
    frames((json) => {
      const reply: Reply = JSON.parse(json);
      const waiter = waiting;
      waiting = null;
      waiter?.resolve(reply);
    }),
  );

  return {
    ask(request) {
      if (lost || waiting !== null) return Promise.reject(new ProcessEnded());
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        child.stdin.write(frame(JSON.stringify(request)));
      });
    },
    lost: () => lost,
    kill() {
      child.kill('SIGKILL');
      return gone.promise;
    },
  };
}
