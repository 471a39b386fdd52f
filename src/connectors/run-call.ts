import type { Execution } from '../model/result.ts';
import type { PermittedCall } from '../model/tool-call.ts';
import type { Budget, Settled } from './budget.ts';
import type { Lease } from './pool.ts';
import type { Backend, Session, SessionTerms } from './session.ts';
import type { Order } from './statement.ts';
import { serverTimeout, settle, settleWithin, startBudget } from './budget.ts';
import { explain } from './explain.ts';
import { orderOf } from './statement.ts';

/** How long past its limit a write may wait for the server's word on whether it happened, in ms. */
const GRACE_MS = 1000;

/** Carries one call out on any kind of backend: order, session, transaction, statement, end. */
export async function runCall(
  permitted: PermittedCall,
  io: { readonly signal: AbortSignal },
  backend: Backend,
): Promise<Execution> {
  const order = orderOf(permitted, backend);
  if (!order.ok) return order.execution;
  const budget = startBudget(order.limits.timeoutMs, io.signal);
  try {
    const owner = ownerOf(permitted);
    const over = (): boolean => budget.ended() !== null;
    const among = order.readOnly ? (backend.readAmongOthers?.(order, owner, over) ?? null) : null;
    if (among !== null) {
      const settled = await settle(among, budget);
      if (settled.how !== 'done') return failed(settled, order, budget, backend, 'no');
      if (settled.value !== null) return { ok: true, result: settled.value };
    }
    const begun = await begin(order, owner, budget, backend);
    if ('failure' in begun) return begun;
    return order.readOnly
      ? await read(order, budget, backend, begun)
      : await write(order, budget, backend, begun);
  } finally {
    budget.stop();
  }
}

type Failed = Extract<Execution, { readonly ok: false }>;

interface Begun {
  readonly lease: Lease<Session>;
  readonly terms: SessionTerms;
}

/** Finds a session and opens its transaction. A session that went stale while idle is replaced: nothing was sent yet. */
async function begin(order: Order, owner: string, budget: Budget, backend: Backend): Promise<Begun | Failed> {
  for (;;) {
    const found = await settle(backend.pool.acquire(budget.signal(), owner));
    if (found.how !== 'done') return failed(found, order, budget, backend, 'no');
    const lease = found.value;
    const terms: SessionTerms = {
      readOnly: order.readOnly,
      limits: order.limits,
      serverTimeoutMs: serverTimeout(budget.remainingMs()),
    };
    const begun = await settle(lease.session.begin(terms), budget);
    if (begun.how === 'done' && budget.ended() === null) return { lease, terms };
    if (begun.how === 'done') {
      lease.release(() => lease.session.rollback());
      return failed({ how: 'pending' }, order, budget, backend, 'no');
    }
    lease.discard();
    if (begun.how === 'pending') backend.pool.purge();
    else if (!lease.fresh && explain(begun.error, backend).lost) continue;
    return failed(begun, order, budget, backend, 'no');
  }
}

/** A read changes nothing, so its answer waits for nothing: the session is tidied, or the statement cut, behind it. */
async function read(order: Order, budget: Budget, backend: Backend, begun: Begun): Promise<Execution> {
  const { lease, terms } = begun;
  const executing = lease.session.execute(order.statement, terms);
  const settled = await settle(executing, budget);
  switch (settled.how) {
    case 'done':
      if (lease.session.usable()) lease.release(() => lease.session.rollback());
      else lease.discard(cut(executing, backend, lease.session));
      return { ok: true, result: settled.value };
    case 'failed':
      lease.release(() => lease.session.rollback());
      return failed(settled, order, budget, backend, 'no');
    case 'pending':
      lease.discard(cut(executing, backend, lease.session));
      return failed(settled, order, budget, backend, 'no');
  }
}

async function write(order: Order, budget: Budget, backend: Backend, begun: Begun): Promise<Execution> {
  const { lease, terms } = begun;
  const { session } = lease;
  const executing = session.execute(order.statement, terms);
  const settled = await settle(executing, budget);
  if (settled.how !== 'done' || budget.ended() !== null) {
    const lost = settled.how === 'failed' && explain(settled.error, backend).lost;
    const end = lost ? 'lost' : await undo(settled, executing, backend, lease);
    if (lost) lease.discard();
    return failed(settled, order, budget, backend, ranAfter(end, order, session, backend));
  }
  // From here the server may commit at any moment: what is unknown now stays unknown, and is said to be.
  const committed = await settleWithin(session.commit(), budget.remainingMs() + GRACE_MS);
  if (committed.how === 'done') {
    lease.release(() => Promise.resolve());
    return { ok: true, result: settled.value };
  }
  lease.discard();
  if (committed.how === 'pending') backend.pool.purge();
  const refusedByServer = committed.how === 'failed' && !explain(committed.error, backend).lost;
  return failed(
    committed,
    order,
    budget,
    backend,
    refusedByServer && backend.undoable(order.facts) ? 'no' : 'maybe',
  );
}

type Undone = 'undone' | 'partly' | 'lost';

/** Rolls a write back that failed or ran out of time. */
async function undo(
  settled: Settled<unknown>,
  executing: Promise<unknown>,
  backend: Backend,
  lease: Lease<Session>,
): Promise<Undone> {
  if (settled.how === 'pending') {
    const cutting = cut(executing, backend, lease.session);
    lease.discard(cutting);
    return cutting;
  }
  const rolledBack = await settleWithin(lease.session.rollback(), GRACE_MS);
  if (rolledBack.how === 'done') {
    lease.release(() => Promise.resolve());
    return rolledBack.value;
  }
  lease.discard();
  return 'lost';
}

/**
 * Stops a statement at the server and rolls back, within the grace. The connection is of no use afterwards: a
 * cancellation may arrive late, and must not meet the statement of another call.
 */
async function cut(executing: Promise<unknown>, backend: Backend, session: Session): Promise<Undone> {
  const end = performance.now() + GRACE_MS;
  const cancelling = session.cancel();
  const settled = await settleWithin(executing, GRACE_MS);
  await settleWithin(cancelling, Math.max(1, end - performance.now()));
  if (settled.how === 'pending') {
    backend.pool.purge();
    return 'lost';
  }
  if (!session.usable()) return 'lost';
  const rolledBack = await settleWithin(session.rollback(), Math.max(1, end - performance.now()));
  return rolledBack.how === 'done' ? rolledBack.value : 'lost';
}

function ranAfter(end: Undone, order: Order, session: Session, backend: Backend): 'no' | 'maybe' {
  if (!session.started()) return 'no';
  const whole = end === 'undone' || (end === 'lost' && backend.undoneByLoss);
  return whole && backend.undoable(order.facts) ? 'no' : 'maybe';
}

/** Says in the closed list's words why there is no result. The end of the budget outranks what it caused. */
function failed(
  settled: Settled<unknown>,
  order: Order,
  budget: Budget,
  backend: Backend,
  ran: 'no' | 'maybe',
): Failed {
  const { timeoutMs } = order.limits;
  const explained = settled.how === 'failed' ? explain(settled.error, backend) : null;
  // Servers use one code for their own time limit and for a cancellation; the clock tells them apart.
  const byServer =
    explained?.failure === 'cancelled' && budget.remainingMs() <= 100 ? 'timeout' : explained?.failure;
  const failure = budget.ended() ?? byServer ?? 'timeout';
  const message =
    failure === 'cancelled'
      ? 'The call was cancelled.'
      : failure === 'timeout'
        ? `The database gave no result within the time limit of ${timeoutMs} ms; the statement was stopped.`
        : (explained?.message ?? 'The connector failed.');
  return { ok: false, failure, message, ran };
}

/** Whose call it is, for sharing out the sessions: a person or service, whatever tokens and sessions it has. */
function ownerOf({ call }: PermittedCall): string {
  const { kind, issuer, id } = call.principal;
  return JSON.stringify([kind, issuer, id]);
}
