import { readSync, writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { Reply, Request } from './protocol.ts';
import { openDatabase } from './database.ts';
import { frame, frames, TOO_LARGE } from './protocol.ts';
import { WorkerRefused } from './worker-refused.ts';

/**
 * The process that holds a SQLite file. It is a process and not a thread because a statement can't be interrupted: Node
 * offers no `sqlite3_interrupt`, and a thread inside one `sqlite3_step` outlives `terminate()` for as long as the statement
 * likes. A process can be killed, and SQLite rolls back what it had not committed. Its memory is its own, too.
 *
 * It reads a request, does it, writes the reply, and ends when the pipe from the gateway does.
 */
function serve(): void {
  // A terminal and a service manager signal the whole group. The gateway decides what a running call is worth: this
  // process ends when the gateway's pipe does, or is killed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const deadline = new BigInt64Array(new SharedArrayBuffer(8));
  // Streams of its own, which nobody reads: else Node opens this process's, and from then on a write to a pipe that is full
  // fails where it should wait.
  new Worker(new URL(import.meta.url), { workerData: deadline, stdout: true, stderr: true }).unref();
  const database = openDatabase(MEMORY_LIMIT);
  for (;;) {
    const request = receive();
    if (request === null) return process.exit(0);
    if ('endMs' in request) {
      const end = process.hrtime.bigint() + BigInt(Math.ceil(request.endMs)) * 1_000_000n;
      Atomics.store(deadline, 0, end);
    }
    send(answer(database, request));
    Atomics.store(deadline, 0, 0n);
  }
}

/** Memory that SQLite may use, in bytes: a sort or a value beyond it fails the statement and not the machine. */
const MEMORY_LIMIT = 256 * 1024 * 1024;
/** What the process may hold in all, in bytes: as much for SQLite as for Node's heap (`connect.ts`), and what Node is itself. */
const PROCESS_LIMIT = 640 * 1024 * 1024;
/** How often somebody looks whether it still may run, in ms: a statement takes a gigabyte in half a second. */
const LOOK_MS = 100;
const DONE = JSON.stringify({ ok: true } satisfies Reply);
/** SQLITE_CANTOPEN, SQLITE_READONLY and its extended codes: a reader before a journal that has to be rolled back. */
const NEEDS_RECOVERY: ReadonlySet<number> = new Set([14, 8, 264, 776]);

/** The JSON of a `Reply`. */
function answer(database: ReturnType<typeof openDatabase>, request: Request): string {
  try {
    switch (request.op) {
      case 'run':
        return table(() => runRecovering(database, request));
      case 'reads': {
        const replies = database.together(request, (run) => {
          try {
            return table(run);
          } catch (error) {
            return JSON.stringify(failure(error, database.started()));
          }
        });
        return `{"ok":true,"replies":[${replies.join(',')}]}`;
      }
      case 'commit':
        database.end('COMMIT');
        return DONE;
      case 'rollback':
        database.end('ROLLBACK');
        return DONE;
      case 'ping':
        database.ping(request.path);
        return DONE;
    }
  } catch (error) {
    if (request.op !== 'run' || !request.readOnly) database.abandon();
    return JSON.stringify(failure(error, database.started()));
  }
}

function table(run: () => string): string {
  const started = performance.now();
  const json = run();
  return `{"ok":true,"table":${json},"tookMs":${performance.now() - started}}`;
}

function runRecovering(
  database: ReturnType<typeof openDatabase>,
  request: Extract<Request, { readonly op: 'run' }>,
) {
  try {
    return database.run(request);
  } catch (error) {
    if (!request.readOnly || database.started() || !NEEDS_RECOVERY.has(codeOf(error) ?? 0)) throw error;
    database.recover(request.path, request.busyMs);
    return database.run(request);
  }
}

function failure(error: unknown, started: boolean): Reply {
  if (error instanceof WorkerRefused) return { ok: false, code: null, message: error.message, started };
  const code = codeOf(error);
  // Anything without a code of the engine may name a path of this machine.
  if (code === null) return { ok: false, code, message: nodeProblem(error), started };
  return {
    ok: false,
    code,
    message: error instanceof Error ? error.message : 'The statement failed.',
    started,
  };
}

function nodeProblem(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  if (code === 'ENOENT') return 'The database file does not exist.';
  if (code === 'ERR_INVALID_ARG_VALUE') return 'The text holds no statement.';
  return 'The statement could not be run.';
}

function codeOf(error: unknown): number | null {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : null;
  return typeof code === 'number' ? code : null;
}

/** Most requests come whole in one read of this many bytes. */
const chunk = Buffer.alloc(64 * 1024);

/** The next request, or null where the gateway is gone. There is never more than one on its way. */
function receive(): Request | null {
  const requests: Request[] = [];
  const take = frames((json) => requests.push(JSON.parse(json)));
  for (;;) {
    const got = readSync(0, chunk, 0, chunk.length, null);
    if (got === 0) return null;
    // A copy: a frame that goes on in the next read is kept, and the chunk is written over.
    take(Buffer.from(chunk.subarray(0, got)));
    const [request] = requests;
    if (request !== undefined) return request;
  }
}

function send(reply: string): void {
  const bytes = frame(reply);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}

/**
 * Ends the process when a statement takes the machine's memory, which SQLite does not count in Node's build, or outlives
 * its time: the gateway, whose task that is, is gone.
 */
function watch(deadline: BigInt64Array): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const gateway = process.ppid;
  for (;;) {
    Atomics.wait(pause, 0, 0, LOOK_MS);
    const end = Atomics.load(deadline, 0);
    const overdue = end !== 0n && process.hrtime.bigint() > end;
    const large = process.memoryUsage.rss() > PROCESS_LIMIT;
    // A gateway that was killed reads no answer and records no outcome: what still runs must not go on to commit.
    if (overdue || process.ppid !== gateway) process.kill(process.pid, 'SIGKILL');
    else if (large) process.kill(process.pid, TOO_LARGE);
  }
}

if (isMainThread) serve();
else if (workerData instanceof BigInt64Array) watch(workerData);
