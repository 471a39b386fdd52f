import { whyNot, type Ask } from './get-and-post.ts';
import { createOutage, type OutageEvent } from './outage.ts';
import { openStamp, stampRequest } from './time-stamp.ts';
import type { SignedState } from './submit-checkpoint.ts';
import type { Endorsements } from '../endorsements.ts';

/** `unavailable`: no answer. `refused`: it said no. `bad_answer`: not a time stamp over what was sent. */
export type TimestampFailure = 'unavailable' | 'refused' | 'bad_answer';

export interface Timestamper {
  readonly close: () => Promise<void>;
}

export interface TimestamperOptions {
  /** Of the time-stamping authority, over HTTP (RFC 3161 §3.4). */
  readonly url: string;
  /** Milliseconds between two time stamps. Where nothing was signed since the last, none is asked for. */
  readonly everyMs: number;
  readonly newest: () => Promise<SignedState | null>;
  readonly kept: Pick<Endorsements, 'keepTimestamp' | 'lastTimestamp'>;
  readonly ask: Ask;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly told: (event: OutageEvent<TimestampFailure>, size: number) => Promise<void>;
  readonly count: (worked: boolean) => void;
  /** A failure on our side: of the store. */
  readonly onError: (error: unknown) => void;
}

const TIMEOUT = 20_000;
const MAX_ANSWER = 256 * 1024;
const NONCE_BYTES = 8;
/** How often it is looked whether one is due, at most. Milliseconds. */
const LOOK = 60_000;

export function startTimestamper(options: TimestamperOptions): Timestamper {
  const { url, everyMs, newest, kept, ask, now, random, told, count, onError } = options;
  let size = 0;
  const closing = new AbortController();
  const lookMs = Math.min(everyMs, LOOK);
  const outage = createOutage<TimestampFailure>({
    now,
    firstWaitMs: lookMs,
    mostWaitMs: Math.max(lookMs, 15 * LOOK),
    told: (event) => told(event, size),
  });

  async function turn(): Promise<void> {
    if (!outage.mayTry()) return;
    const last = await kept.lastTimestamp();
    // The clock may have gone back: then one too many is better than none for long.
    if (last !== null && Math.abs(now() - last.at) < everyMs) return;
    const state = await newest();
    if (state === null || state.size === last?.size) return;
    size = state.size;
    const request = { data: state.note, nonce: random(NONCE_BYTES) };
    let body: Buffer;
    try {
      const answer = await ask({
        url,
        method: 'POST',
        body: stampRequest(request),
        contentType: 'application/timestamp-query',
        timeoutMs: TIMEOUT,
        most: MAX_ANSWER,
        signal: closing.signal,
      });
      if (answer.status !== 200) return await failed('unavailable', `it answered ${answer.status}`);
      ({ body } = answer);
    } catch (error) {
      return await failed('unavailable', whyNot(error));
    }
    const stamp = openStamp(body, request);
    if (!stamp.ok) return await failed(stamp.failure, stamp.detail);
    count(true);
    const { token, genTime } = stamp;
    await kept.keepTimestamp({ size: state.size, token, genTime, at: now() });
    await outage.worked();
  }

  async function failed(failure: TimestampFailure, detail: string): Promise<void> {
    // What a stop cut short says nothing of the authority.
    if (closing.signal.aborted) return;
    count(false);
    await outage.failed(failure, detail);
  }

  let running: Promise<void> | null = null;
  function tick(): void {
    running ??= turn()
      .catch(onError)
      .finally(() => (running = null));
  }
  const timer = setInterval(tick, lookMs);
  timer.unref();
  tick();
  return {
    async close() {
      clearInterval(timer);
      closing.abort();
      await running;
    },
  };
}
