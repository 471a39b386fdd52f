/** Wakes who waits for a change in this process. Changes of other processes are found by looking into the store. */
export interface Bell {
  readonly ring: () => void;
  /**
   * Asks until there is an answer, the time is up or the signal aborts: at once, at every ring, and every `pollMs`. The
   * answer, or null.
   */
  readonly until: <T>(
    ask: () => Promise<T | null>,
    times: { readonly withinMs: number; readonly pollMs: number },
    signal: AbortSignal,
  ) => Promise<T | null>;
}

export function createBell(): Bell {
  const waiting = new Set<() => void>();
  let rung = 0;

  /** Until the next ring, for `ms` milliseconds, or until the signal aborts. */
  function wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake, { once: true });
      waiting.add(wake);
    });
  }

  return {
    ring: () => {
      rung += 1;
      for (const wake of waiting) wake();
    },
    until: async (ask, { withinMs, pollMs }, signal) => {
      // Timers' own clock: how long somebody waits has nothing to do with what time it is.
      const end = performance.now() + withinMs;
      for (;;) {
        const before = rung;
        const answer = await ask();
        const left = end - performance.now();
        if (answer !== null || left <= 0 || signal.aborted) return answer;
        // A ring while the store was asked may tell of what the answer did not hold yet.
        if (rung === before) await wait(Math.min(left, pollMs), signal);
      }
    },
  };
}
