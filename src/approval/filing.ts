import { covers } from './demands.ts';
import { digestOf } from './digest.ts';
import { newRequest, shapeOf, type DeskMask } from './new-request.ts';
import { endsAt, expire, isDue, isLive, type Transition } from './transitions.ts';
import type { DeskStore } from './desk-store.ts';
import type { Approval, ApprovalId } from '../model/approval.ts';
import type { HeldCall } from '../model/approval-desk.ts';

export interface FilingOptions {
  readonly store: DeskStore;
  readonly clock: () => number;
  readonly newId: () => ApprovalId;
  readonly mask: DeskMask;
  readonly digestKey: Uint8Array;
  readonly expiresMs: number;
  /** Pending requests that one requester may have. */
  readonly mostPending: number;
  readonly attempts: number;
  /** Called after each change that this process made. */
  readonly onChange: () => void;
}

/** Where requests are filed and found again, and where what ran out is noticed. */
export interface Filing {
  readonly find: (held: HeldCall) => Promise<Approval | null>;
  readonly request: (held: HeldCall) => Promise<Approval | 'too_many'>;
  /** The approval as it is at this moment: what ran out is put on record as that before anybody looks at it. */
  readonly current: (approval: Approval) => Promise<Approval>;
  /** Whether the step was done; not where the approval is not what it was any more. */
  readonly write: (before: Approval, step: Extract<Transition, { ok: true }>) => Promise<boolean>;
}

/** Ended requests of one act that are looked at. */
const MAX_PAST = 20;
/** Live grants of one shape that are looked at. */
const MAX_GRANTS = 20;

export function createFiling(options: FilingOptions): Filing {
  const { store, clock, newId, mask, digestKey, expiresMs, mostPending, attempts, onChange } = options;

  async function write(before: Approval, step: Extract<Transition, { ok: true }>): Promise<boolean> {
    const done = await store.appendWith([step.record], {
      kind: 'replace',
      from: before.version,
      approval: step.approval,
    });
    if (done) onChange();
    return done;
  }

  async function current(approval: Approval): Promise<Approval> {
    let seen: Approval | null = approval;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (seen === null || !isDue(seen, clock())) break;
      const step = expire(seen, 'time', clock());
      if (step.ok && (await write(seen, step))) return step.approval;
      seen = await store.approval(approval.request.id);
    }
    // Rows are never deleted. Where it could not be settled, what is due is still refused by every step.
    return seen ?? approval;
  }

  /** Live grants of the shape of this statement. What a fingerprint does not tell apart must be the same besides. */
  async function shapeGrant({ call, facts, decision }: HeldCall): Promise<Approval | null> {
    const shape = shapeOf(facts);
    if (shape === null) return null;
    const { principal, tool } = call;
    const asked = { requester: principal, connection: tool.connection.name, tool: tool.name, shape };
    for (const found of await store.approvals({ shape: asked, limit: MAX_GRANTS })) {
      const grant = await current(found);
      const running = grant.status === 'approved' && grant.grantedUntil !== null;
      if (running && covers(grant, decision.demands, clock()) && sameReach(grant, facts)) return grant;
    }
    return null;
  }

  async function find(held: HeldCall): Promise<Approval | null> {
    const grant = await shapeGrant(held);
    if (grant !== null) return grant;
    const digest = digestOf(held.call, digestKey);
    for (const found of await store.approvals({ digest, limit: MAX_PAST })) {
      const approval = await current(found);
      if (isLive(approval)) return covers(approval, held.decision.demands, clock()) ? approval : null;
      if (approval.status === 'spent') continue;
      const lasted = approval.request.expiresAt - approval.request.createdAt;
      return clock() - endedAt(approval) < lasted ? approval : null;
    }
    return null;
  }

  async function request(held: HeldCall): Promise<Approval | 'too_many'> {
    const digest = digestOf(held.call, digestKey);
    let refused = 0;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const made = newRequest({ held, id: newId(), digest, now: clock(), expiresMs, mask });
      const { approval, record } = made;
      if (await store.appendWith([record], { kind: 'create', approval, mostPending })) {
        onChange();
        return approval;
      }
      const standing = await live(digest);
      // No request of this act, and none could be filed, twice over: then it is the bound and not a race.
      if (standing === null && ++refused > 1) return 'too_many';
      if (standing === null) continue;
      if (covers(standing, held.decision.demands, clock())) return standing;
      const step = expire(standing, 'superseded', clock());
      if (step.ok) await write(standing, step);
    }
    throw new Error(`a request was changed by others ${attempts} times in a row`);
  }

  async function live(digest: string): Promise<Approval | null> {
    const [found] = await store.approvals({ digest, status: ['pending', 'approved'], limit: 1 });
    if (found === undefined) return null;
    const approval = await current(found);
    return isLive(approval) ? approval : null;
  }

  return { current, write, find, request };
}

/** `WHERE 1 = 0` and `WHERE 1 = 1` have one fingerprint, and do not do the same. */
function sameReach({ request }: Approval, { sql }: HeldCall['facts']): boolean {
  const known = request.facts['sql'];
  if (sql === undefined || typeof known !== 'object' || known === null || !('unbounded' in known))
    return false;
  return (
    known['unbounded'] === sql.unbounded &&
    known['writes'] === sql.writes &&
    known['statements'] === sql.statements
  );
}

/** When it ended, as far as the approval tells. */
function endedAt(approval: Approval): number {
  const { status, verdicts } = approval;
  return (status === 'declined' ? verdicts.at(-1)?.at : undefined) ?? endsAt(approval);
}
