import { grantMsOf } from '../govern/review-form.ts';
import { messagePage } from './message-page.ts';
import { MOST_COMMENT } from './request-page.ts';
import { goTo, page, type Reply } from './reply.ts';
import type { Surroundings, Viewer } from './layout.ts';
import type { Approval } from '../model/approval.ts';
import type { ApprovalDesk, DeskProblem, DeskResult } from '../model/approval-desk.ts';

/** POST …/decide. The desk checks policy afresh; what the page showed before grants nothing. */
export async function decideRequest(
  desk: ApprovalDesk,
  around: Surroundings,
  viewer: Viewer,
  approval: Approval,
  fields: URLSearchParams,
): Promise<Reply> {
  const { id } = approval.request;
  const decision = fields.get('decision');
  const comment = commentOf(fields);
  const duration = fields.get('duration') ?? 'once';
  const grantMs = duration === 'once' ? null : grantMsOf(duration);
  if (
    (decision !== 'approve' && decision !== 'decline') ||
    comment === null ||
    (duration !== 'once' && grantMs === null)
  )
    return notUnderstood(around, id);
  const approve = decision === 'approve';
  const ruled = await desk.rule(id, viewer.principal, {
    approve,
    comment,
    grantMs: approve ? grantMs : null,
    channel: 'console',
    // Whoever signed in with the provider decided; whoever pasted a token may be anybody who can read the key file.
    assurance: viewer.proof === 'oidc' ? 'high' : 'low',
  });
  return done(ruled, around, id);
}

/** POST …/revoke. */
export async function revokeRequest(
  desk: ApprovalDesk,
  around: Surroundings,
  viewer: Viewer,
  approval: Approval,
  fields: URLSearchParams,
): Promise<Reply> {
  const { id } = approval.request;
  const comment = commentOf(fields);
  if (comment === null) return notUnderstood(around, id);
  return done(await desk.revoke(id, viewer.principal, comment), around, id);
}

/** POST …/justify: the requester's own words, once. */
export async function justifyRequest(
  desk: ApprovalDesk,
  around: Surroundings,
  viewer: Viewer,
  approval: Approval,
  fields: URLSearchParams,
): Promise<Reply> {
  const { id } = approval.request;
  const words = commentOf(fields);
  if (words === null || words === '') return notUnderstood(around, id);
  return done(await desk.justify(id, viewer.principal, words), around, id);
}

/** Null where it is longer than what is kept: nobody's words are cut without their knowing. */
function commentOf(fields: URLSearchParams): string | null {
  // Browsers count a line break of a form as one character, and send two.
  const comment = (fields.get('comment') ?? '').replaceAll('\r\n', '\n').trim();
  return comment.length > MOST_COMMENT ? null : comment;
}

function done(result: DeskResult, around: Surroundings, id: string): Reply {
  const path = `/console/approvals/${id}`;
  if (result.ok) return goTo(`${around.root}${path}`);
  const [status, title, text] = PROBLEMS[result.problem];
  return page(status, messagePage(around, title, text, path));
}

function notUnderstood(around: Surroundings, id: string): Reply {
  const text = 'The form was not complete, or the comment is too long. Nothing was decided.';
  return page(400, messagePage(around, 'Not understood', text, `/console/approvals/${id}`));
}

const PROBLEMS: Readonly<Record<DeskProblem, readonly [number, string, string]>> = {
  not_found: [404, 'No such request', 'There is no request of this name that you may see.'],
  not_pending: [
    409,
    'Too late',
    'The request was decided, revoked, used or ran out meanwhile. Your decision was not taken.',
  ],
  not_allowed: [
    403,
    'Not yours to decide',
    'Policy does not let you decide this. Your decision was not taken.',
  ],
  not_a_person: [403, 'Not yours to decide', 'Only people approve. Your decision was not taken.'],
  already_ruled: [
    409,
    'Already decided',
    'You have decided this request already, and the first decision stands.',
  ],
  not_justified: [
    409,
    'Too early',
    'The requester has not said yet why it is needed. Your decision was not taken.',
  ],
  low_assurance: [
    403,
    'Sign in with your identity provider',
    'Policy wants high assurance for this, and a pasted token has little. Your decision was not taken.',
  ],
  grant_too_long: [
    400,
    'Too long',
    'Policy does not allow a grant of that length. Your decision was not taken.',
  ],
};
