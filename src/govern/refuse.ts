import { answerRefused } from './answer.ts';
import { recordRefusal } from './record.ts';
import type { Judged, Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { ToolCall } from '../model/tool-call.ts';
import type { Answer } from '../model/answer.ts';

export const STORE_DOWN = {
  ok: false,
  cause: 'store_unavailable',
  reason:
    'The call could not be put on record, and nothing runs unrecorded. Nothing was executed. Try again later.',
} as const satisfies Refusal;

export const NOT_MASKED = {
  ok: false,
  cause: 'masking_failed',
  reason:
    'The call could not be masked for the record, and nothing runs unrecorded. Nothing was executed. Tell the operator.',
} as const satisfies Refusal;

export const INTERNAL = {
  ok: false,
  cause: 'internal',
  reason: 'The gateway failed and let nothing through. Nothing was executed.',
} as const satisfies Refusal;

/** Why a permitted call is not run after all: it could not be put on record, or its grant was used meanwhile. */
export function notIntended(
  why: 'store_down' | 'not_masked' | 'grant_gone',
  { principal, session }: ToolCall,
): Refusal {
  switch (why) {
    case 'store_down':
      return { ...STORE_DOWN, principal, session };
    case 'not_masked':
      return { ...NOT_MASKED, principal, session };
    case 'grant_gone': {
      const reason =
        'The approval was used by another call or ended meanwhile. Nothing was executed. Call again to ask again.';
      return { ok: false, cause: 'approval_expired', reason, principal, session };
    }
  }
}

/** Ends a call that goes no further: on record, then told to the agent. Never throws. */
export async function refuse(
  refusal: Refusal,
  received: Received,
  stations: Stations,
  judged: Judged | null = null,
): Promise<Answer> {
  const recorded = await recordRefusal(refusal, judged, received, stations);
  return answerRefused(recorded === 'store_down' ? STORE_DOWN : refusal, received);
}
