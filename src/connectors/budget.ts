/** The time of one call: ends at its limit or when the caller goes away, whichever is first. */
export interface Budget {
  readonly signal: AbortSignal;
  /** Milliseconds left, at least 1. */
  remainingMs(): number;
  /** Why it ended, or null while it runs. */
  ended(): 'timeout' | 'cancelled' | null;
  /** Forgets timer and listener. */
  stop(): void;
}

/** How long before the gateway's own timer the server cuts, in ms: then its connection stays healthy. */
const SERVER_FIRST_MS = 50;

export function startBudget(timeoutMs: number, caller: AbortSignal): Budget {
  const controller = new AbortController();
  const deadline = performance.now() + timeoutMs;
  let why: 'timeout' | 'cancelled' | null = null;
  const end = (reason: 'timeout' | 'cancelled'): void => {
    if (why !== null) return;
    why = reason;
    controller.abort();
  };
  const cancelled = (): void => end('cancelled');
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  if (caller.aborted) cancelled();
  else caller.addEventListener('abort', cancelled, { once: true });
  return {
    signal: controller.signal,
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

/** Waits for the work, or until the signal aborts. Never rejects, and never leaves a rejection unhandled. */
export function settle<T>(work: Promise<T>, until?: AbortSignal): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const stop = (): void => resolve({ how: 'pending' });
    const finish = (settled: Settled<T>): void => {
      until?.removeEventListener('abort', stop);
      resolve(settled);
    };
    work.then(
      (value) => finish({ how: 'done', value }),
      (error: unknown) => finish({ how: 'failed', error }),
    );
    if (until?.aborted === true) stop();
    else until?.addEventListener('abort', stop, { once: true });
  });
}

/** Waits for the work for so many milliseconds. */
export async function settleWithin<T>(work: Promise<T>, ms: number): Promise<Settled<T>> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await settle(work, controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
