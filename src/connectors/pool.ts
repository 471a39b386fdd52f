import type { Session } from './session.ts';
import { settleWithin } from './budget.ts';

/** A session that one call holds. Exactly one of `release` and `discard` ends the lease. */
export interface Lease<S> {
  readonly session: S;
  /** Opened for this lease: a failure of it is the backend's, not that of a connection gone stale. */
  readonly fresh: boolean;
  /** Runs `tidy` unless the session is clean, resets it and keeps it; drops it where either fails. Returns at once. */
  release(tidy: () => Promise<unknown>): void;
  /** Drops the session, after the work given here where there is one; its place is free once it is gone. */
  discard(after?: Promise<unknown>): void;
}

/** At most `max` sessions, opened when needed, reset between calls, closed when idle. */
export interface Pool<S> {
  /** Waits in order of arrival, until the signal aborts. Rejects with the error of opening, with `PoolClosed`, or then. */
  acquire(signal: AbortSignal): Promise<Lease<S>>;
  /** Drops every idle session: one of them did not answer, so the others are likely as dead. */
  purge(): void;
  close(): Promise<void>;
  /** Sessions open, opening or closing: never above `max`. */
  size(): number;
}

export class PoolClosed extends Error {}

/** How long a session may take to tidy up, reset or close before it is dropped or left behind, in ms. */
const TIDY_MS = 3000;

interface PoolOptions<S> {
  readonly max: number;
  /** Idle time after which a session is closed, in ms. */
  readonly idleMs: number;
  readonly open: () => Promise<S>;
}

interface Waiter<S> {
  readonly take: (lease: Lease<S>) => void;
  readonly fail: (error: unknown) => void;
}

export function createPool<S extends Pick<Session, 'reset' | 'clean' | 'usable' | 'cancel' | 'destroy'>>(
  options: PoolOptions<S>,
): Pool<S> {
  const idle: { readonly session: S; readonly timer: NodeJS.Timeout }[] = [];
  const waiters = new Set<Waiter<S>>();
  const leased = new Set<S>();
  const background = new Set<Promise<void>>();
  let size = 0;
  let opening = 0;
  /** Sessions on their way back: whoever waits gets one of these sooner than a new one. */
  let tidying = 0;
  let closed = false;

  const inBackground = (work: Promise<void>): void => {
    background.add(work);
    void work.finally(() => background.delete(work));
  };

  /** Ends a session that a call holds: a server may not notice a closed connection until its statement is done. */
  const end = async (session: S): Promise<void> => {
    await settleWithin(session.cancel(), TIDY_MS);
    await settleWithin(session.destroy(), TIDY_MS);
  };

  const drop = async (session: S): Promise<void> => {
    await settleWithin(session.destroy(), TIDY_MS);
    size -= 1;
    openForWaiters();
  };

  const lease = (session: S, fresh: boolean): Lease<S> => {
    leased.add(session);
    const discard = (after?: Promise<unknown>): void => {
      inBackground(
        (async () => {
          await after;
          if (leased.delete(session)) await drop(session);
        })(),
      );
    };
    return {
      session,
      fresh,
      discard,
      release(tidy) {
        if (session.clean() && session.usable() && !closed) {
          if (leased.delete(session)) offer(session, false);
          return;
        }
        tidying += 1;
        inBackground(
          (async () => {
            const clean = await settleWithin(
              tidy().then(() => session.reset()),
              TIDY_MS,
            );
            tidying -= 1;
            if (clean.how !== 'done' || !session.usable() || closed) return discard();
            if (leased.delete(session)) offer(session, false);
          })(),
        );
      },
    };
  };

  const offer = (session: S, fresh: boolean): void => {
    const [next] = waiters;
    if (next !== undefined) {
      waiters.delete(next);
      next.take(lease(session, fresh));
      return;
    }
    const entry = {
      session,
      timer: setTimeout(() => evict(entry), options.idleMs),
    };
    entry.timer.unref();
    idle.push(entry);
  };

  const evict = (entry: (typeof idle)[number]): void => {
    const at = idle.indexOf(entry);
    if (at < 0) return;
    idle.splice(at, 1);
    clearTimeout(entry.timer);
    inBackground(drop(entry.session));
  };

  const openOne = async (): Promise<void> => {
    try {
      const session = await options.open();
      opening -= 1;
      if (closed) await drop(session);
      else offer(session, true);
    } catch (error) {
      opening -= 1;
      size -= 1;
      const [next] = waiters;
      if (next === undefined) return;
      waiters.delete(next);
      next.fail(error);
      openForWaiters();
    }
  };

  const openForWaiters = (): void => {
    if (closed) return;
    while (size < options.max && opening + tidying < waiters.size) {
      size += 1;
      opening += 1;
      inBackground(openOne());
    }
  };

  const takeIdle = (): S | null => {
    for (let entry = idle.pop(); entry !== undefined; entry = idle.pop()) {
      clearTimeout(entry.timer);
      if (entry.session.usable()) return entry.session;
      inBackground(drop(entry.session));
    }
    return null;
  };

  return {
    acquire(signal) {
      if (closed) return Promise.reject(new PoolClosed('The connection is closed.'));
      if (signal.aborted) return Promise.reject(new Error('The call ended before it began.'));
      const session = takeIdle();
      if (session !== null) return Promise.resolve(lease(session, false));
      return new Promise((resolve, reject) => {
        const gone = (): void => {
          if (waiters.delete(waiter)) reject(new Error('No connection became free in time.'));
        };
        const waiter: Waiter<S> = {
          take(taken) {
            signal.removeEventListener('abort', gone);
            resolve(taken);
          },
          fail(error) {
            signal.removeEventListener('abort', gone);
            // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the driver's object, for `explain`
            reject(error);
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', gone, { once: true });
        openForWaiters();
      });
    },
    purge() {
      for (const entry of Array.from(idle)) evict(entry);
    },
    async close() {
      closed = true;
      for (const waiter of waiters) waiter.fail(new PoolClosed('The connection is closed.'));
      waiters.clear();
      for (const entry of Array.from(idle)) evict(entry);
      for (const session of Array.from(leased)) inBackground(end(session));
      while (background.size > 0) await Promise.all(background);
    },
    size: () => size,
  };
}
