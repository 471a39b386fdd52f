import { shownToPerson } from './shown-to-person.ts';
import type { InputAsk } from '../model/answer.ts';
import type { Approval } from '../model/approval.ts';
import type { Principal } from '../model/principal.ts';
import type { CallOrigin } from '../model/tool-call.ts';

/** For how long a shape may be granted, where policy allows it. Milliseconds. */
const DURATIONS: Readonly<Record<string, number>> = {
  '15m': 15 * 60_000,
  '30m': 30 * 60_000,
  '1h': 3_600_000,
  '4h': 4 * 3_600_000,
  '8h': 8 * 3_600_000,
};

/** A choice of the form → milliseconds; null for this one act. */
export function grantMsOf(choice: string): number | null {
  return DURATIONS[choice] ?? null;
}

/**
 * How a reviewer is asked in their client: by form, or with the link to the page where policy wants them to sign in, or
 * the client takes links alone. Null where this client can't be asked about it.
 */
export function reviewQuestion(
  approval: Approval,
  reviewer: Principal,
  notes: readonly string[],
  now: number,
  elicitation: CallOrigin['elicitation'],
  page: string | null,
): InputAsk | null {
  // Whoever must sign in for one demand must for all that ask them: a person gives one verdict.
  const high = approval.request.demands.some(
    ({ from, assurance }) => assurance === 'high' && reviewer.groups.includes(from),
  );
  if (elicitation.form && !high) return reviewForm(approval, notes, now);
  if (!elicitation.url || page === null) return null;
  const where = 'Sign in to decide. Values are masked.';
  return {
    mode: 'url',
    message: [...whatIsAsked(approval, notes), where, `(${approval.request.id})`].join('\n\n'),
    url: page,
  };
}

/** What a reviewer is shown and may answer: who, which agent, what exactly, why it was held, what it will touch. */
export function reviewForm(approval: Approval, notes: readonly string[], now: number): InputAsk {
  const { request } = approval;
  const { expiresAt } = request;
  const durations = durationsFor(approval);
  const message = [
    ...whatIsAsked(approval, notes),
    `It runs out in ${Math.max(1, Math.round((expiresAt - now) / 60_000))} minutes. Values are masked. (${request.id})`,
  ].join('\n\n');
  const properties = {
    decision: {
      type: 'string',
      title: 'Decision',
      enum: ['approve', 'decline', 'later'],
      enumNames: ['Approve', 'Decline', 'Later'],
    },
    comment: { type: 'string', title: 'Comment', description: 'The requester sees it.', maxLength: 1000 },
    ...(durations.length === 0
      ? {}
      : {
          duration: {
            type: 'string',
            title: 'For how long',
            enum: ['once', ...durations],
            enumNames: ['This once', ...durations.map((one) => `Statements of this shape, for ${one}`)],
          },
        }),
  };
  return { mode: 'form', message, schema: { type: 'object', properties, required: ['decision'] } };
}

function whatIsAsked(approval: Approval, notes: readonly string[]): readonly string[] {
  const { request, justification, verdicts } = approval;
  const { requester, client, reason } = request;
  return [
    ...notes,
    `${requester.id} asks, through ${client}, for what policy holds: ${reason}`,
    shownToPerson(request, request.arguments),
    `Why they need it: ${justification ?? 'not said'}`,
    ...verdicts.map(({ by, approve }) => `${by.id} has ${approve ? 'approved' : 'declined'} it.`),
  ];
}

/** The durations that every demanding policy allows; none where one of them allows none. */
export function durationsFor({ request }: Approval): readonly string[] {
  if (request.shape === null) return [];
  const longest = Math.min(...request.demands.map(({ grantsMs }) => grantsMs ?? 0));
  return Object.entries(DURATIONS)
    .filter(([, ms]) => ms <= longest)
    .map(([name]) => name);
}
