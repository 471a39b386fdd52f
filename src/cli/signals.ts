/** Signals that ask a process to stop, with their numbers. A closed terminal hangs up. */
const STOP = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

type StopSignal = keyof typeof STOP;

/** Resolves with the name of the first signal to stop. A second one ends the process at once, as people expect. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (asked) process.exit(128 + STOP[signal]);
        asked = true;
        resolve(signal);
      });
  });
}
