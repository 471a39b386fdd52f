import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../model/log.ts';
import type { Disposal, Retention } from '../sessions/vault/disposal.ts';

/** Milliseconds. */
const EVERY = 3_600_000;

/** Between steps, each of which holds the writing thread for some milliseconds. */
const PAUSE = 100;

export interface Pruning {
  /** Resolves once no step is under way. */
  close(): Promise<void>;
}

/** Lets go of what retention no longer keeps: soon after the start, then every hour, at a quiet pace. */
export function startPruning(
  disposal: Disposal | undefined,
  { retention, now, log }: { readonly retention: Retention; readonly now: () => number; readonly log: Log },
): Pruning {
  const stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  if (Object.keys(retention).length === 0) return { close: () => running };
  if (disposal === undefined) {
    log('error', {}, 'record.retention is not kept: this kind of store can not prune yet');
    return { close: () => running };
  }

  async function run(within: Disposal): Promise<void> {
    try {
      const at = now();
      let payloads = 0;
      for (let after = -1; !stop.signal.aborted;) {
        const step = await within.prune({ retention, at, after, dryRun: false });
        payloads += Object.values(step.pruned).reduce((sum, count) => sum + count, 0);
        after = step.through;
        if (step.done) break;
        await sleep(PAUSE, undefined, { ref: false });
      }
      if (payloads > 0) log('info', { payloads }, 'payloads were pruned, as retention says');
    } catch (error) {
      log('error', { error: String(error) }, 'payloads that retention lets go of are kept for now');
    }
  }

  const again = (): void => void (running = running.then(() => run(disposal)));
  const first = setTimeout(again, PAUSE).unref();
  const timer = setInterval(again, EVERY).unref();
  return {
    async close() {
      clearTimeout(first);
      clearInterval(timer);
      stop.abort();
      await running;
    },
  };
}
