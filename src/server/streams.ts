import type { ServerResponse } from 'node:http';
import { ownerKey, type Caller } from './caller.ts';

/** `setTimeout` takes no more. */
const maxTimerMs = 2 ** 31 - 1;

export interface Streams {
  /** False where the principal has too many open already. */
  hold(res: ServerResponse, caller: Caller): boolean;
}

/**
 * Long-lived streams, bounded for each principal. A stream ends when the credential that opened it does: requests are
 * checked one by one, a stream would else outlive the right to it.
 */
export function createStreams(maxPerPrincipal: number): Streams {
  const open = new Map<string, number>();
  return {
    hold(res, caller) {
      const owner = ownerKey(caller.principal);
      const count = open.get(owner) ?? 0;
      if (count >= maxPerPrincipal) return false;
      open.set(owner, count + 1);
      const { expiresAt } = caller.principal.credential;
      const timer =
        expiresAt === undefined
          ? undefined
          : setTimeout(() => end(res), Math.min(Math.max(expiresAt - Date.now(), 0), maxTimerMs)).unref();
      // A keep-alive may be written just after the stream was ended here.
      res.on('error', () => res.destroy());
      res.on('close', () => {
        clearTimeout(timer);
        const left = (open.get(owner) ?? 1) - 1;
        if (left === 0) open.delete(owner);
        else open.set(owner, left);
      });
      return true;
    },
  };
}

function end(res: ServerResponse): void {
  if (res.headersSent) res.end();
  else res.destroy();
}
