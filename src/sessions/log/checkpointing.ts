/** Signs now and then what was appended. */
export interface Checkpointing {
  /**
   * Signs what lies there unsigned, of a crash or of a command, and looks now and then whether another process that does
   * not sign, or no longer does, left something more.
   */
  begin(): void;
  /** Something was appended: within the interval it is signed. */
  appended(): void;
  /** Signs what is not signed yet. Nothing is signed afterwards. */
  close(): Promise<void>;
}

export interface CheckpointingOptions {
  /** Signs, or comes a step nearer to it: true where it is to be called again. */
  readonly step: () => Promise<boolean>;
  /** At most one checkpoint in this time. Milliseconds. */
  readonly everyMs: number;
  /** Told of each failure. It is tried again after the interval. */
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds. */
const LOOK_EVERY = 2_000;

/** Where nothing is unsigned a step writes nothing, and so neither does an idle gateway. */
export function createCheckpointing({ step, everyMs, onFailure }: CheckpointingOptions): Checkpointing {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let looking: NodeJS.Timeout | null = null;
  let closed = false;

  function appended(): void {
    if (timer !== null || closed) return;
    timer = setTimeout(() => {
      // What is appended from here on may come too late for this run, and has one of its own.
      timer = null;
      running = running.then(run);
    }, everyMs);
    timer.unref();
  }

  async function run(): Promise<void> {
    try {
      let more = await step();
      // What comes in between has its turn: a step is short.
      while (more) more = await step();
    } catch (error) {
      onFailure(error);
      appended();
    }
  }

  return {
    begin() {
      appended();
      looking ??= setInterval(appended, LOOK_EVERY).unref();
    },
    appended,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      if (looking !== null) clearInterval(looking);
      await running;
      await run();
    },
  };
}
