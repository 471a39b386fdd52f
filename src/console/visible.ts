import type { Approval, ApprovalRequest, Person } from '../model/approval.ts';
import type { Principal } from '../model/principal.ts';

/** Two are the same person where kind, issuer and id agree. */
export function samePerson(one: Person, other: Person): boolean {
  return one.kind === other.kind && one.issuer === other.issuer && one.id === other.id;
}

/**
 * Who is shown a request: whom policy lets approve it, whoever ruled on it or ended it, and whose it is. To everybody
 * else it does not exist.
 */
export function mayLook(
  viewer: Principal,
  approval: Approval,
  mayApprove: (reviewer: Principal, request: ApprovalRequest) => boolean,
): boolean {
  const { request, verdicts, endedBy } = approval;
  return (
    samePerson(viewer, request.requester) ||
    verdicts.some(({ by }) => samePerson(viewer, by)) ||
    (endedBy !== null && samePerson(viewer, endedBy)) ||
    mayApprove(viewer, request)
  );
}
