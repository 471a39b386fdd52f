import type { Backend } from './session.ts';
import { explain } from './explain.ts';
import { settle, settleWithin, startBudget } from './budget.ts';

/** Milliseconds in which a backend has to answer to count as healthy. */
const HEALTH_MS = 5000;

/** One round trip on a session of the pool: it proves what the next call will need. */
export async function checkHealth(
  backend: Backend,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const budget = startBudget(HEALTH_MS, new AbortController().signal);
  try {
    for (;;) {
      const found = await settle(backend.pool.acquire(budget.signal(), 'health'));
      if (found.how !== 'done') return { ok: false, detail: sentence(found) };
      const lease = found.value;
      const answered = await settleWithin(lease.session.ping(), budget.remainingMs());
      if (answered.how === 'done') {
        lease.release(() => Promise.resolve());
        return { ok: true, detail: 'The database answers.' };
      }
      lease.discard();
      if (answered.how === 'pending') backend.pool.purge();
      if (lease.fresh || answered.how === 'pending') return { ok: false, detail: sentence(answered) };
    }
  } finally {
    budget.stop();
  }

  function sentence(settled: { readonly how: string; readonly error?: unknown }): string {
    return settled.how === 'failed' && budget.ended() === null
      ? explain(settled.error, backend).message
      : `The database did not answer within ${HEALTH_MS} ms.`;
  }
}
