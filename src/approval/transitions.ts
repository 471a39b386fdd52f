import { countsFor, grantedUntil, isSatisfied, longestGrant } from './demands.ts';
import { personOf, samePerson } from './person.ts';
import { lacksJustification, type Approval, type Assurance, type Verdict } from '../model/approval.ts';
import type { DeskProblem, Ruling } from '../model/approval-desk.ts';
import type { JsonObject } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { NewRecord } from '../model/record.ts';

/** A step of an approval: what it is afterwards, and the record that tells of it. */
export type Transition =
  | { readonly ok: true; readonly approval: Approval; readonly record: NewRecord }
  | { readonly ok: false; readonly problem: DeskProblem };

/** A grant of a shape ends after so many executions: what lies in one row must have a bound. */
export const MAX_USES = 1_000;

/** When it is over by itself: a request or a grant of one act at its expiry, a grant of a shape when its time is up. */
export function endsAt({ request, grantedUntil: until }: Approval): number {
  return until ?? request.expiresAt;
}

export function isLive({ status }: Approval): boolean {
  return status === 'pending' || status === 'approved';
}

/** Live, and its time is up. From that moment it is worth nothing, whether or not anybody has noticed. */
export function isDue(approval: Approval, now: number): boolean {
  return isLive(approval) && now >= endsAt(approval);
}

/** What one person says. `mayApprove` is what policy says of this reviewer and this request, now. */
export function rule(
  approval: Approval,
  reviewer: Principal,
  ruling: Ruling,
  mayApprove: boolean,
  now: number,
): Transition {
  const { request, verdicts } = approval;
  if (reviewer.kind !== 'user') return problem('not_a_person');
  if (approval.status !== 'pending' || isDue(approval, now)) return problem('not_pending');
  if (verdicts.some(({ by }) => samePerson(by, reviewer))) return problem('already_ruled');
  const counting = request.demands.filter((demand) => countsFor(demand, request, reviewer, mayApprove));
  if (counting.length === 0) return problem('not_allowed');
  if (lacksJustification(approval)) return problem('not_justified');
  const assurance = assuranceOf(ruling, samePerson(request.requester, reviewer));
  // Not taken at all, rather than for the demands that it would do for: the same person can still decide where it counts.
  if (ruling.approve && assurance === 'low' && counting.some((demand) => demand.assurance === 'high'))
    return problem('low_assurance');
  const grantMs = ruling.approve ? ruling.grantMs : null;
  if (grantMs !== null && !(Number.isInteger(grantMs) && grantMs > 0 && grantMs <= longestGrant(request)))
    return problem('grant_too_long');

  const verdict: Verdict = {
    by: personOf(reviewer),
    approve: ruling.approve,
    policies: counting.map(({ policy }) => policy.id),
    channel: ruling.channel,
    assurance,
    comment: ruling.comment,
    grantMs,
    at: now,
  };
  const said = [...verdicts, verdict];
  const approved = ruling.approve && isSatisfied(request, said);
  const status = ruling.approve ? (approved ? 'approved' : 'pending') : 'declined';
  const next = step(approval, {
    status,
    verdicts: said,
    grantedUntil: approved ? grantedUntil(said, now) : null,
    endedBy: ruling.approve ? null : verdict.by,
  });
  return done(next, 'approval.decided', now, {
    by: verdict.by.id,
    issuer: verdict.by.issuer,
    approve: verdict.approve,
    channel: verdict.channel,
    assurance: verdict.assurance,
    comment: verdict.comment,
    grantMs,
    policies: verdict.policies,
    status,
  });
}

/** The requester's own words, once. Masked by now. */
export function justify(approval: Approval, by: Principal, text: string, now: number): Transition {
  if (!samePerson(approval.request.requester, by)) return problem('not_allowed');
  if (approval.status !== 'pending' || isDue(approval, now)) return problem('not_pending');
  if (approval.justification !== null) return problem('already_ruled');
  return done(step(approval, { justification: text }), 'approval.justified', now, {
    by: by.id,
    issuer: by.issuer,
    justification: text,
  });
}

/** Ends what is live. The requester may always let go of it; else whoever may approve it. */
export function revoke(
  approval: Approval,
  by: Principal,
  comment: string,
  mayApprove: boolean,
  now: number,
): Transition {
  if (!mayRevoke(approval, by, mayApprove)) return problem('not_allowed');
  if (!isLive(approval) || isDue(approval, now)) return problem('not_pending');
  const next = step(approval, { status: 'revoked', endedBy: personOf(by) });
  return done(next, 'approval.revoked', now, { by: by.id, issuer: by.issuer, comment });
}

export function mayRevoke({ request }: Approval, by: Principal, mayApprove: boolean): boolean {
  if (samePerson(request.requester, by)) return true;
  return request.demands.some((demand) => countsFor(demand, request, by, mayApprove));
}

/**
 * Ends what ran out; or, with `superseded`, what policy of today would not be content with: then it is over before its
 * time, so that it can be asked for again.
 */
export function expire(approval: Approval, because: 'time' | 'superseded', now: number): Transition {
  if (!isLive(approval) || (because === 'time' && !isDue(approval, now))) return problem('not_pending');
  return done(step(approval, { status: 'expired' }), 'approval.expired', now, {
    because,
    was: approval.status,
    expiresAt: endsAt(approval),
  });
}

/** One execution begins. A grant of one act is over with it. */
export function spend(
  approval: Approval,
  call: { readonly id: string; readonly session: string },
  now: number,
): Transition {
  if (approval.status !== 'approved' || isDue(approval, now)) return problem('not_pending');
  const uses = [...approval.uses, { call: call.id, at: now }];
  const over = approval.grantedUntil === null || uses.length >= MAX_USES;
  const next = step(approval, { uses, status: over ? 'spent' : 'approved' });
  const told = done(next, 'approval.used', now, { uses: uses.length });
  // Told in the session of the call that ran, which need not be the one that asked.
  return { ...told, record: { ...told.record, session: call.session, call: call.id } };
}

/**
 * Whatever the channel claims: an MCP client may have answered by itself; and the requester's agent holds the token with
 * which the command line would take its word for the requester's, so that of their own request only the page will do.
 */
function assuranceOf({ channel, assurance }: Ruling, own: boolean): Assurance {
  switch (channel) {
    case 'elicitation':
    case 'review_tool':
      return 'low';
    case 'cli':
      return own ? 'low' : assurance;
    case 'console':
      return assurance;
  }
}

type Changes = Partial<
  Pick<Approval, 'status' | 'verdicts' | 'justification' | 'grantedUntil' | 'uses' | 'endedBy'>
>;

function step(approval: Approval, changes: Changes): Approval {
  return { ...approval, ...changes, version: approval.version + 1 };
}

function done(
  approval: Approval,
  type: NewRecord['type'],
  time: number,
  event: JsonObject,
): Extract<Transition, { ok: true }> {
  const { id, session, call } = approval.request;
  return {
    ok: true,
    approval,
    record: { type, time, session, call, event: { approval: id, ...event }, payload: null },
  };
}

function problem(what: DeskProblem): Transition {
  return { ok: false, problem: what };
}
