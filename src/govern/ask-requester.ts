import { shownToPerson } from './shown-to-person.ts';
import type { InputAsk } from '../model/answer.ts';
import type { Approval } from '../model/approval.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** What the requester's own human is still to be asked, in the order in which it is asked. */
export function askOf({ request, justification, verdicts }: Approval): 'justify' | 'approve' | null {
  if (justification === null && request.demands.some(({ justify }) => justify)) return 'justify';
  const own = request.demands.filter(({ from }) => from === 'requester');
  const answered = own.every(({ policy }) =>
    verdicts.some((verdict) => verdict.policies.includes(policy.id)),
  );
  return own.length > 0 && !answered ? 'approve' : null;
}

/**
 * The form for the requester's human. It goes to the client that sent the call, so the statement is shown as it was
 * sent: what is approved must be what is seen.
 */
export function formFor(
  purpose: 'justify' | 'approve',
  approval: Approval,
  call: Pick<ToolCall, 'arguments'>,
): InputAsk {
  const what = shownToPerson(approval.request, call.arguments);
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
