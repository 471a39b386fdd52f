/** Counts what is running, so that a shutdown can wait for it. */
export interface Inflight {
  /** Returns the way to say that it is over; saying it twice is saying it once. */
  enter(): () => void;
  /** Resolves when nothing runs, or after `ms`; says whether nothing runs. */
  idle(ms: number): Promise<boolean>;
}

export function createInflight(): Inflight {
  let running = 0;
  let waiting: (() => void)[] = [];
  return {
    enter() {
      running += 1;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        running -= 1;
        if (running > 0) return;
        for (const resume of waiting) resume();
        waiting = [];
      };
    },
    async idle(ms) {
      if (running === 0) return true;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      return running === 0;
    },
  };
}
