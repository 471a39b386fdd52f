/** Tells the beginning and the end of a trouble once each, however often it is met in between. */
export interface Outage<Failure extends string> {
  /** True while the last attempt failed. */
  readonly lasts: () => boolean;
  /** Whether it is time for a further attempt. */
  readonly mayTry: () => boolean;
  readonly failed: (failure: Failure, detail: string) => Promise<void>;
  readonly worked: () => Promise<void>;
}

export interface OutageOptions<Failure extends string> {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The wait after a first failure; it doubles with each further one. Milliseconds. */
  readonly firstWaitMs: number;
  readonly mostWaitMs: number;
  readonly told: (event: OutageEvent<Failure>) => Promise<void>;
}

export type OutageEvent<Failure extends string> =
  | { readonly kind: 'failed'; readonly failure: Failure; readonly detail: string }
  /** `since` is the time of the first failure, in epoch milliseconds; `attempts` how many failed. */
  | { readonly kind: 'recovered'; readonly since: number; readonly attempts: number };

export function createOutage<Failure extends string>(options: OutageOptions<Failure>): Outage<Failure> {
  const { now, firstWaitMs, mostWaitMs, told } = options;
  let since = 0;
  let attempts = 0;
  let next = 0;
  let last: Failure | null = null;
  return {
    lasts: () => attempts > 0,
    mayTry: () => now() >= next,
    async failed(failure, detail) {
      if (attempts === 0) since = now();
      next = now() + Math.min(firstWaitMs * 2 ** Math.min(attempts, 30), mostWaitMs);
      attempts += 1;
      // A witness that was down and then knows more than we do is another story, and the worse one.
      const again = last === failure;
      last = failure;
      if (!again) await told({ kind: 'failed', failure, detail });
    },
    async worked() {
      next = 0;
      if (attempts === 0) return;
      const event = { kind: 'recovered', since, attempts } as const;
      [attempts, last] = [0, null];
      await told(event);
    },
  };
}
