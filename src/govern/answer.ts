import { maskResult, maskText } from '../masking/mask.ts';
import type { MaskedExecution } from './mask.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Approval } from '../model/approval.ts';
import type { ResultColumn, TableResult } from '../model/result.ts';
import type { Answer } from '../model/answer.ts';
import type { PermittedCall } from '../model/tool-call.ts';

const UNKNOWN =
  'The connection to the backend ended while the statement was running, so it may or may not have been carried out. ' +
  'It will not be repeated. Look at the data before you try again.';

const WITHHELD =
  'The call was refused and nothing was executed. The reason could not be masked and was withheld.';

/** What the agent is told of a call that was executed and whose outcome is on record. */
export function answerFor(permitted: PermittedCall, masked: MaskedExecution, received: Received): Answer {
  const call = received.id;
  switch (masked.kind) {
    case 'result':
      return end({ outcome: 'answered', call, result: masked.answer }, received);
    case 'failure':
      if (masked.unknown)
        return end(
          { outcome: 'unknown', cause: null, call, policies: permitted.policies, reason: UNKNOWN },
          received,
        );
      return end({ outcome: 'failed', call, message: masked.message }, received);
    case 'blocked': {
      const ran = permitted.facts.sql?.writes === false ? '' : ' The statement was carried out.';
      const reason = `The result holds data of a class that may not leave: ${masked.classes.join(', ')}.${ran} Ask for less.`;
      return end({ outcome: 'refused', cause: 'data_blocked', call, policies: [], reason }, received);
    }
    case 'withheld': {
      const ran = permitted.facts.sql?.writes === false ? '' : ' The statement was carried out.';
      const reason = `The result could not be masked and was withheld.${ran}`;
      return end({ outcome: 'refused', cause: 'masking_failed', call, policies: [], reason }, received);
    }
  }
}

/** What the agent is told where the outcome could not be put on record: nothing of the result leaves. */
export function answerUnrecorded(permitted: PermittedCall, received: Received): Answer {
  const call = received.id;
  if (permitted.facts.sql?.writes === false) {
    const reason =
      'The result could not be put on record and was withheld. Nothing was changed. Try again later.';
    return end({ outcome: 'refused', cause: 'store_unavailable', call, policies: [], reason }, received);
  }
  const reason =
    'The outcome could not be put on record, so it is withheld. The statement may have been carried out. ' +
    'Look at the data before you try again.';
  return end({ outcome: 'unknown', cause: 'store_unavailable', call, policies: [], reason }, received);
}

/** What the agent is told of a call that was not run. */
export function answerRefused(refusal: Refusal, received: Received): Answer {
  const { cause, policies = [] } = refusal;
  const reason = maskedReason(refusal.reason, received);
  const approval = refusal.approval === undefined ? {} : { approval: refusal.approval };
  return end({ outcome: 'refused', cause, call: received.id, policies, reason, ...approval }, received);
}

/** What the agent, or the client, is told of a call that waits for a person. */
export function answerHeld(held: Held, received: Received): Answer {
  const call = received.id;
  const { ask, state, approval } = held;
  if (held.held === 'input_required' && ask !== undefined && state !== undefined)
    return end({ outcome: 'input_required', call, ask, state }, received);
  const policies = approval.request.demands.map(({ policy }) => policy.id);
  const reason = maskedReason(held.reason, received);
  return end(
    { outcome: 'awaiting_approval', cause: null, call, policies, reason, approval: approval.request.id },
    received,
  );
}

/** What a reviewer is told at the end of reviewing: what waits, and how else it can be decided. */
export function answerReview(
  waiting: readonly Approval[],
  notes: readonly string[],
  received: Received,
): Answer {
  const column = (name: string): ResultColumn => ({ name, type: 'text' });
  const rows = waiting.map(({ request }) => [
    request.id,
    request.requester.id,
    request.tool,
    request.connection,
    request.reason,
    new Date(request.expiresAt).toISOString(),
  ]);
  const names = ['approval', 'requester', 'tool', 'connection', 'held_because', 'expires'];
  const table: TableResult = {
    kind: 'table',
    columns: [...names.map(column), ...(notes.length > 0 ? [column('note')] : [])],
    rows:
      notes.length > 0
        ? [...rows.map((row) => [...row, '']), ...notes.map((note) => ['', '', '', '', '', '', note])]
        : rows,
    truncated: null,
    rowsAffected: null,
  };
  const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>() };
  return end(
    { outcome: 'answered', call: received.id, result: maskResult(table, how, received.rules.masking) },
    received,
  );
}

/** Some reasons quote the agent's own statement; what is in it is masked like any other text on its way out. */
function maskedReason(reason: string, received: Received): string {
  try {
    return maskText(reason, received.rules.masking).value;
  } catch {
    return WITHHELD;
  }
}

function end(answer: Answer, received: Received): Answer {
  received.watch.end(answer.outcome, 'cause' in answer ? answer.cause : null);
  return answer;
}
