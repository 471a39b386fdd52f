import { createOutage, type OutageEvent } from './outage.ts';
import {
  submitCheckpoint,
  type SignedState,
  type Witness,
  type WitnessFailure,
} from './submit-checkpoint.ts';
import type { Ask } from './get-and-post.ts';
import type { Endorsements } from '../endorsements.ts';

/** Has witnesses cosign the newest state of the log, now and then, beside everything else. */
export interface Publisher {
  /** Whether the last attempt with each witness worked. */
  readonly healthy: () => boolean;
  /** Ends what is under way. */
  readonly close: () => Promise<void>;
}

export interface PublisherOptions {
  readonly witnesses: readonly Witness[];
  readonly newest: () => Promise<SignedState | null>;
  readonly proof: (older: number, newer: number) => Promise<readonly Uint8Array[]>;
  readonly kept: Pick<Endorsements, 'keepCosignature' | 'cosignedSize'>;
  readonly ask: Ask;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A witness is asked at most once in this time. Milliseconds. */
  readonly everyMs: number;
  /** The beginning and the end of an outage of one witness. A rejection is the caller's to prevent. */
  readonly told: (witness: string, event: OutageEvent<WitnessFailure>, size: number) => Promise<void>;
  readonly count: (witness: string, worked: boolean) => void;
  /** A failure on our side: of the store. */
  readonly onError: (error: unknown) => void;
}

const MOST_WAIT = 10 * 60_000;

export function startPublisher(options: PublisherOptions): Publisher {
  const { witnesses, newest, proof, kept, ask, now, everyMs, told, count, onError } = options;
  let size = 0;
  const closing = new AbortController();
  const { signal } = closing;
  const askUntilClosed: Ask = (request) => ask({ ...request, signal });
  const lanes = witnesses.map((witness) => {
    const { name, id } = witness.key;
    const outage = createOutage<WitnessFailure>({
      now,
      firstWaitMs: everyMs,
      mostWaitMs: Math.max(MOST_WAIT, everyMs),
      told: (event) => told(name, event, size),
    });
    let reached = false;

    async function submit(state: SignedState): Promise<void> {
      if (!outage.mayTry()) return;
      // Also what another gateway on this store got.
      const from = await kept.cosignedSize(`${name}+${id}`);
      if (from >= state.size) {
        reached = true;
        return;
      }
      const submitted = await submitCheckpoint(witness, state, from, proof, askUntilClosed);
      // What a stop cut short says nothing of the witness.
      if (signal.aborted) return;
      count(name, submitted.ok);
      if (!submitted.ok) return await outage.failed(submitted.failure, submitted.detail);
      const { line, time } = submitted.cosignature;
      await kept.keepCosignature({ size: state.size, key: `${name}+${id}`, line, time });
      reached = true;
      await outage.worked();
    }
    return { submit, healthy: () => reached && !outage.lasts() };
  });

  let running: Promise<void> | null = null;
  async function turn(): Promise<void> {
    try {
      const state = await newest();
      if (state === null) return;
      size = state.size;
      // All see the same state, so that one note gathers what they say.
      const done = await Promise.allSettled(lanes.map((lane) => lane.submit(state)));
      for (const each of done) if (each.status === 'rejected') onError(each.reason);
    } catch (error) {
      onError(error);
    }
  }
  function tick(): void {
    running ??= turn().finally(() => (running = null));
  }
  const timer = setInterval(tick, everyMs);
  timer.unref();
  tick();
  return {
    healthy: () => lanes.every((lane) => lane.healthy()),
    async close() {
      clearInterval(timer);
      closing.abort();
      await running;
    },
  };
}
