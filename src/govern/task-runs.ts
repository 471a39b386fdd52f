import type { TaskId } from '../model/task.ts';

/**
 * The calls of tasks that this process carries out now. They are no client's request: a poll that goes away does not
 * stop one, and a shutdown waits for them.
 */
export interface TaskRuns {
  /** Begins the work, or joins what is under way for the task; resolves when it is over, or after `withinMs`. */
  join(id: TaskId, withinMs: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void>;
  /** Resolves when nothing is under way for the task. */
  settled(id: TaskId): Promise<void>;
  has(id: TaskId): boolean;
  stop(id: TaskId): void;
  /** Lets what runs come to its end for `graceMs`, then stops it and waits for that. */
  close(graceMs: number): Promise<void>;
}

interface Run {
  readonly abort: AbortController;
  /** Never rejects. */
  readonly over: Promise<void>;
}

export function createTaskRuns(onError: (id: TaskId, error: unknown) => void): TaskRuns {
  const running = new Map<TaskId, Run>();

  function start(id: TaskId, work: (signal: AbortSignal) => Promise<unknown>): Run {
    const abort = new AbortController();
    const over = work(abort.signal)
      .catch((error: unknown) => onError(id, error))
      .then(() => void running.delete(id));
    const run = { abort, over };
    running.set(id, run);
    return run;
  }

  return {
    join: (id, withinMs, work) => within((running.get(id) ?? start(id, work)).over, withinMs),
    settled: async (id) => await running.get(id)?.over,
    has: (id) => running.has(id),
    stop: (id) => running.get(id)?.abort.abort(),
    async close(graceMs) {
      const all = [...running.values()];
      await within(Promise.all(all.map(({ over }) => over)), graceMs);
      for (const { abort } of running.values()) abort.abort();
      await Promise.all([...running.values()].map(({ over }) => over));
    },
  };
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
