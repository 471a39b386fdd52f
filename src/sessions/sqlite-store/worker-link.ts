import { Worker } from 'node:worker_threads';
import type { WorkerSettings } from './protocol.ts';

/** A thread that answers requests one after the other. Where it dies, the next request finds a new one. */
export interface WorkerLink<Request, Reply> {
  /** Rejects with `WorkerDied` where the thread ended before it answered: it may have carried the request out. */
  request(request: Request): Promise<Reply>;
  /** Lets the thread end after everything it was asked. `farewell` is the request that it ends on. */
  close(farewell: Request): Promise<void>;
}

export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

export interface WorkerLinkOptions {
  readonly url: URL;
  readonly settings: WorkerSettings;
  readonly onDeath: (detail: string) => void;
}

interface Pending<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: WorkerDied) => void;
}

export function createWorkerLink<Request, Reply>(options: WorkerLinkOptions): WorkerLink<Request, Reply> {
  const { url, settings, onDeath } = options;
  let current: { readonly thread: Worker; readonly pending: Pending<Reply>[] } | null = null;
  let closing = false;

  function start(): { readonly thread: Worker; readonly pending: Pending<Reply>[] } {
    // Replies come in the order of the requests, so a list is all the bookkeeping there is.
    const pending: Pending<Reply>[] = [];
    const thread = new Worker(url, { workerData: settings });
    let detail = 'the thread ended';
    thread.on('message', (reply: Reply) => pending.shift()?.resolve(reply));
    thread.on('error', (error) => {
      detail = error instanceof Error ? error.message : 'the thread threw';
    });
    thread.on('exit', () => {
      if (current?.thread === thread) current = null;
      for (const { reject } of pending.splice(0)) reject(new WorkerDied(detail));
      if (!closing) onDeath(detail);
    });
    return { thread, pending };
  }

  function request(message: Request): Promise<Reply> {
    current ??= start();
    const { thread, pending } = current;
    return new Promise((resolve, reject) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, which has no origin
      thread.postMessage(message);
      pending.push({ resolve, reject });
    });
  }

  return {
    request,
    close: async (farewell) => {
      closing = true;
      const thread = current?.thread;
      if (thread === undefined) return;
      const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
      // A thread that dies now is as gone as one that says goodbye.
      await request(farewell).catch((error: unknown) => {
        if (!(error instanceof WorkerDied)) throw error;
      });
      await ended;
    },
  };
}
