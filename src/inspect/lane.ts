import { Worker } from 'node:worker_threads';
import type { NotUnderstood } from '../model/facts.ts';
import { isFromWorker, type Finding, type Job, type Question } from './job.ts';

/** One worker and the one text it is at. A worker that fails or is late is replaced; its text is refused. */
export interface Lane {
  /** One at a time: call again only when it has resolved. Never rejects. */
  readonly run: (question: Question) => Promise<Finding>;
  /** Resolves once the parsers are loaded; rejects with the worker's error where they can't be. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Loading takes some 100 ms; a machine that needs this long has other troubles. */
const START_MS = 30_000;

interface Running {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

export function openLane(timeoutMs: number): Lane {
  let running: Running | null = null;
  let busy = false;
  let closed = false;
  let nextId = 0;
  const ends = new Set<Promise<unknown>>();

  const drop = (which: Running): void => {
    if (running === which) running = null;
    const end: Promise<unknown> = which.worker.terminate().finally(() => ends.delete(end));
    ends.add(end);
  };

  const start = (): Running => {
    const file = `./inspect-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`;
    const worker = new Worker(new URL(file, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
      // Flags of the process, such as those of a program given on its command line, are not the worker's.
      execArgv: [],
    });
    // An error of a thread that nobody waits for any more must not end the process.
    worker.on('error', () => {});
    const ready = settle<void>(worker, START_MS, (message, resolve) => {
      if ('ready' in message) resolve();
    });
    const started = { worker, ready };
    ready.then(
      () => {
        if (!busy) worker.unref();
      },
      () => drop(started),
    );
    running = started;
    return started;
  };

  const ask = async (at: Running, job: Job): Promise<Finding> => {
    const answer = settle<Finding>(at.worker, timeoutMs, (message, resolve) => {
      if ('id' in message && message.id === job.id) resolve(message.finding);
    });
    at.worker.postMessage(job, []);
    return answer;
  };

  return {
    async run(question) {
      if (closed) return failed(question, 'crashed');
      busy = true;
      const at = running ?? start();
      try {
        at.worker.ref();
        await at.ready;
        nextId += 1;
        const finding = await ask(at, { id: nextId, question });
        // A parser that failed once may answer wrongly from then on.
        if (!finding.result.ok && finding.result.notUnderstood.reason === 'crashed') replace(at);
        return finding;
      } catch (error) {
        replace(at);
        return failed(question, error instanceof Late ? 'timeout' : 'crashed');
      } finally {
        busy = false;
        running?.worker.unref();
      }
    },
    async warm() {
      await (running ?? start()).ready;
    },
    async close() {
      closed = true;
      if (running !== null) drop(running);
      await Promise.all(ends);
    },
  };

  function replace(at: Running): void {
    drop(at);
    if (!closed) start();
  }
}

class Late extends Error {}

/** Waits for a message that `accept` takes, for the worker's end, or for the time to run out, whichever is first. */
async function settle<T>(
  worker: Worker,
  timeoutMs: number,
  accept: (message: Exclude<ReturnType<typeof read>, null>, resolve: (value: T) => void) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onMessage = (message: unknown): void => {
    const known = read(message);
    if (known !== null) accept(known, resolve);
  };
  // Of a start this is the error of a program, for no statement has been sent; what fails later goes no further than `run`.
  const onError = (error: unknown): void => reject(new Error(`the inspector failed: ${nameOf(error)}`));
  const onExit = (code: number): void => reject(new Error(`the inspector ended with code ${code}`));
  const timer = setTimeout(() => reject(new Late('no answer in time')), timeoutMs);
  // What keeps the process alive is the worker that is asked, never the clock.
  timer.unref();
  worker.on('message', onMessage);
  worker.once('error', onError);
  worker.once('exit', onExit);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off('message', onMessage);
    worker.off('error', onError);
    worker.off('exit', onExit);
  }
}

function read(message: unknown) {
  return isFromWorker(message) ? message : null;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'it threw something that is no error';
}

function failed(question: Question, reason: 'timeout' | 'crashed'): Finding {
  const what = nounOf(question);
  const message =
    reason === 'timeout'
      ? `The ${what} took too long to inspect; a simpler one may pass.`
      : `The parser failed on this ${what}; a simpler one may pass.`;
  return refusedFinding(question, { reason, message });
}

/** What a person calls a text of this kind. */
export function nounOf({ kind }: Question): string {
  return NOUNS[kind];
}

const NOUNS: Readonly<Record<Question['kind'], string>> = {
  sql: 'statement',
  shell: 'command',
  http: 'request',
  text: 'text',
};

export function refusedFinding({ kind }: Question, notUnderstood: NotUnderstood): Finding {
  return { kind, result: { ok: false, notUnderstood } };
}
