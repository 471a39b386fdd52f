import { samePerson } from './person.ts';
import type { Approval, ApprovalRequest, Verdict } from '../model/approval.ts';
import type { ApprovalDemand } from '../model/decision.ts';
import type { Principal } from '../model/principal.ts';

/**
 * Whether what this reviewer says counts for this demand. The requester counts for `requester` and for nothing else:
 * not through a group that is asked, not through another one, and not even where a policy forgot to forbid it. Everybody
 * else must be in the group that is asked at this moment, and policy must let them approve.
 */
export function countsFor(
  demand: ApprovalDemand,
  request: ApprovalRequest,
  reviewer: Principal,
  mayApprove: boolean,
): boolean {
  if (reviewer.kind !== 'user') return false;
  const own = samePerson(request.requester, reviewer);
  if (demand.from === 'requester') return own;
  return !own && mayApprove && reviewer.groups.includes(demand.from);
}

/** Whether every demand has the approval of as many different people as it asks for. */
export function isSatisfied(request: ApprovalRequest, verdicts: readonly Verdict[]): boolean {
  if (request.demands.length === 0) return false;
  return request.demands.every(({ policy, approvals, assurance }) => {
    const people: Verdict[] = [];
    for (const verdict of verdicts) {
      if (!verdict.approve || !verdict.policies.includes(policy.id)) continue;
      if (assurance === 'high' && verdict.assurance !== 'high') continue;
      if (!people.some(({ by }) => samePerson(by, verdict.by))) people.push(verdict);
    }
    return people.length >= Math.max(1, approvals);
  });
}

/** The longest time, in milliseconds, for which the shape may be granted: every policy that holds it must allow it. */
export function longestGrant({ shape, demands }: ApprovalRequest): number {
  if (shape === null || demands.length === 0) return 0;
  return Math.min(...demands.map(({ grantsMs }) => grantsMs ?? 0));
}

/** The shortest time that was granted; null where anybody approved no more than the one act. */
export function grantedUntil(verdicts: readonly Verdict[], now: number): number | null {
  let shortest = Number.POSITIVE_INFINITY;
  for (const { approve, grantMs } of verdicts) {
    if (!approve) continue;
    if (grantMs === null) return null;
    shortest = Math.min(shortest, grantMs);
  }
  return Number.isFinite(shortest) ? now + shortest : null;
}

/**
 * Whether a request, or the grant that came of it, is enough for what policy demands now: an edit of the policies that
 * asks other people, more of them, for their reasons or with more assurance, is not answered by what was approved before.
 */
export function covers(approval: Approval, demands: readonly ApprovalDemand[], now: number): boolean {
  const { request, grantedUntil: until, verdicts } = approval;
  const since = verdicts.at(-1)?.at ?? now;
  return demands.every((wanted) => {
    const known = request.demands.find(({ policy }) => policy.id === wanted.policy.id);
    if (known === undefined || known.from !== wanted.from || known.approvals < wanted.approvals) return false;
    if (wanted.assurance === 'high' && known.assurance !== 'high') return false;
    if (wanted.justify && !known.justify) return false;
    return until === null || now < since + (wanted.grantsMs ?? 0);
  });
}
