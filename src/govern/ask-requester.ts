import { shownToPerson } from './shown-to-person.ts';
import { lacksJustification, type Approval } from '../model/approval.ts';
import type { InputAsk } from '../model/answer.ts';
import type { JsonObject } from '../model/json.ts';
import type { CallOrigin } from '../model/tool-call.ts';

/** What the requester's own human is still to be asked, in the order in which it is asked. */
export function askOf(approval: Approval): 'justify' | 'approve' | null {
  const { request, verdicts } = approval;
  if (lacksJustification(approval)) return 'justify';
  const own = request.demands.filter(({ from }) => from === 'requester');
  const answered = own.every(({ policy }) =>
    verdicts.some((verdict) => verdict.policies.includes(policy.id)),
  );
  return own.length > 0 && !answered ? 'approve' : null;
}

export interface RequesterQuestion {
  /** `visit`: the client is given a link, and nothing that it brings back is a decision. */
  readonly purpose: 'justify' | 'approve' | 'visit';
  readonly ask: InputAsk;
}

/**
 * How the requester's human is asked through their client: by form where that will do, else with the link to the page
 * where they sign in. Null where there is nothing to ask, or the client can't be asked it.
 */
export function questionFor(
  approval: Approval,
  args: JsonObject,
  elicitation: CallOrigin['elicitation'],
  page: string | null,
): RequesterQuestion | null {
  const step = approval.status === 'pending' ? askOf(approval) : null;
  if (step === null) return null;
  if (elicitation.form && !(step === 'approve' && requesterSignsIn(approval)))
    return { purpose: step, ask: formFor(step, approval, args) };
  if (!elicitation.url || page === null) return null;
  return { purpose: 'visit', ask: { mode: 'url', message: visitMessage(step, approval, args), url: page } };
}

/** Policy wants more of the requester than an answer that their client may have given. */
function requesterSignsIn({ request }: Approval): boolean {
  return request.demands.some(({ from, assurance }) => from === 'requester' && assurance === 'high');
}

/** No URL in it: clients show that apart, with its host. */
function visitMessage(step: 'justify' | 'approve', approval: Approval, args: JsonObject): string {
  const { request } = approval;
  const what = shownToPerson(request, args);
  return step === 'justify'
    ? `Sign in and say why this is needed. A reviewer will read it.\n\n${what}\n\n(${request.id})`
    : `Your agent asks to do this. ${request.reason} Sign in to decide.\n\n${what}\n\n(${request.id})`;
}

/**
 * The form for the requester's human. It goes to the client that sent the call, so the statement is shown as it was
 * sent: what is approved must be what is seen.
 */
export function formFor(purpose: 'justify' | 'approve', approval: Approval, args: JsonObject): InputAsk {
  const what = shownToPerson(approval.request, args);
  switch (purpose) {
    case 'justify':
      return {
        mode: 'form',
        message: `Why is this needed? A reviewer will read it.\n\n${what}`,
        schema: {
          type: 'object',
          properties: {
            justification: {
              type: 'string',
              title: 'Why',
              description: 'One or two sentences.',
              minLength: 1,
              maxLength: 1000,
            },
          },
          required: ['justification'],
        },
      };
    case 'approve':
      return {
        mode: 'form',
        message: `Your agent asks to do this. ${approval.request.reason}\n\n${what}`,
        schema: {
          type: 'object',
          properties: {
            decision: {
              type: 'string',
              title: 'Decision',
              enum: ['approve', 'decline'],
              enumNames: ['Approve this once', 'Decline'],
            },
          },
          required: ['decision'],
        },
      };
  }
}

/** The groups, or the requester, whose word is asked for. */
export function asksWhom({ request }: Approval): string {
  return [
    ...new Set(
      request.demands.map(({ from, approvals }) => (approvals > 1 ? `${approvals} of ${from}` : from)),
    ),
  ].join(' and ');
}

export function waitsFor(approval: Approval): string {
  return `waiting for approval by ${asksWhom(approval)} (${approval.request.id})`;
}

/** Sentences for the agent and its person: what is to be done so that a pending request is decided, and where. */
export function howToDecide(approval: Approval, page: string | null): string {
  const at = page === null ? '' : ` at ${page}`;
  const high = approval.request.demands.some(({ assurance }) => assurance === 'high');
  const where = high
    ? ` It is decided by people who sign in${at}.`
    : page === null
      ? ''
      : ` It is decided${at}.`;
  return lacksJustification(approval) ? ` First its requester has to say why${at}.${where}` : where;
}
