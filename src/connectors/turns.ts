import type { Lease, Pool } from './pool.ts';

/** A pool that no one caller can hold whole. */
export interface FairPool<S> extends Omit<Pool<S>, 'acquire'> {
  /** As `acquire` of the pool, for one caller: over its share, it waits behind itself and in nobody else's way. */
  acquire(signal: AbortSignal, owner: string): Promise<Lease<S>>;
}

interface Caller {
  /** Sessions held, and places in the pool's own queue. */
  taken: number;
  readonly waiting: Set<() => void>;
}

/**
 * Leaves one session of the pool to others, whatever one caller asks for: an agent that runs endless statements holds up
 * its own calls. A pool of one session can't be shared out.
 */
export function shareOut<S>(pool: Pool<S>, max: number): FairPool<S> {
  const share = Math.max(1, max - 1);
  const callers = new Map<string, Caller>();

  function giveBack(owner: string, caller: Caller): void {
    caller.taken -= 1;
    const [next] = caller.waiting;
    if (next !== undefined) {
      caller.waiting.delete(next);
      caller.taken += 1;
      next();
    } else if (caller.taken === 0) callers.delete(owner);
  }

  async function turn(signal: AbortSignal, caller: Caller): Promise<void> {
    if (caller.taken < share) {
      caller.taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => {
        if (caller.waiting.delete(go)) reject(new Error('No connection became free in time.'));
      };
      const go = (): void => {
        signal.removeEventListener('abort', gone);
        resolve();
      };
      caller.waiting.add(go);
      signal.addEventListener('abort', gone, { once: true });
    });
  }

  return {
    async acquire(signal, owner) {
      if (signal.aborted) throw new Error('The call ended before it began.');
      const caller = callers.get(owner) ?? { taken: 0, waiting: new Set() };
      callers.set(owner, caller);
      await turn(signal, caller);
      let lease: Lease<S>;
      try {
        lease = await pool.acquire(signal);
      } catch (error) {
        giveBack(owner, caller);
        throw error;
      }
      return {
        session: lease.session,
        fresh: lease.fresh,
        release(tidy) {
          lease.release(tidy);
          giveBack(owner, caller);
        },
        discard(after) {
          lease.discard(after);
          giveBack(owner, caller);
        },
      };
    },
    purge: () => pool.purge(),
    close: () => pool.close(),
    size: () => pool.size(),
  };
}
