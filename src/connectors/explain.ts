import type { Backend, Explained } from './session.ts';
import { PoolClosed } from './pool.ts';

/** What an error means: the pool's own here, all others by kind. */
export function explain(error: unknown, backend: Backend): Explained {
  return error instanceof PoolClosed
    ? { failure: 'unavailable', message: error.message, lost: true }
    : backend.explain(error);
}
