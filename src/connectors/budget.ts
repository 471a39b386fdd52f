/** The time of one call: ends at its limit or when the caller goes away, whichever is first. */
export interface Budget {
  /** For what takes a signal. Made when it is asked for: it costs more than all else here. */
  signal(): AbortSignal;
  /** Calls back once, when it ends or at once where it has, unless told to forget it. */
  whenEnded(then: () => void): Forget;
  /** Milliseconds left, at least 1. */
  remainingMs(): number;
  /** Why it ended, or null while it runs. */
  ended(): 'timeout' | 'cancelled' | null;
  /** Forgets timer and listener. */
  stop(): void;
}

type Forget = () => void;

/** How long before the gateway's own timer the server cuts, in ms: then its connection stays healthy. */
const SERVER_FIRST_MS = 50;

export function startBudget(timeoutMs: number, caller: AbortSignal): Budget {
  const waiting = new Set<() => void>();
  let controller: AbortController | null = null;
  const deadline = performance.now() + timeoutMs;
  let why: 'timeout' | 'cancelled' | null = null;
  const end = (reason: 'timeout' | 'cancelled'): void => {
    if (why !== null) return;
    why = reason;
    controller?.abort();
    for (const then of waiting) then();
    waiting.clear();
  };
  const cancelled = (): void => end('cancelled');
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  if (caller.aborted) cancelled();
  else caller.addEventListener('abort', cancelled, { once: true });
  return {
    signal() {
      controller ??= new AbortController();
      if (why !== null) controller.abort();
      return controller.signal;
    },
    whenEnded(then) {
      if (why === null) waiting.add(then);
      else then();
      return () => waiting.delete(then);
    },
    remainingMs: () => Math.max(1, Math.floor(deadline - performance.now())),
    ended: () => why,
    stop() {
      clearTimeout(timer);
      caller.removeEventListener('abort', cancelled);
    },
  };
}

/** The time limit that the server is given, out of what is left. */
export function serverTimeout(remainingMs: number): number {
  return remainingMs > 2 * SERVER_FIRST_MS
    ? remainingMs - SERVER_FIRST_MS
    : Math.max(1, Math.floor(remainingMs / 2));
}

export type Settled<T> =
  | { readonly how: 'done'; readonly value: T }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'pending' };

/** Waits for the work, or until the budget ends. Never rejects, and never leaves a rejection unhandled. */
export function settle<T>(work: Promise<T>, until?: Pick<Budget, 'whenEnded'>): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const forget = until?.whenEnded(() => resolve({ how: 'pending' }));
    const finish = (settled: Settled<T>): void => {
      forget?.();
      resolve(settled);
    };
    work.then(
      (value) => finish({ how: 'done', value }),
      (error: unknown) => finish({ how: 'failed', error }),
    );
  });
}

/** Waits for the work for so many milliseconds. */
export function settleWithin<T>(work: Promise<T>, ms: number): Promise<Settled<T>> {
  return settle(work, {
    whenEnded(then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  });
}
