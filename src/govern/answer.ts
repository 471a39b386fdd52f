import { maskResult, maskText } from '../masking/mask.ts';
import { mayWrite } from '../model/facts.ts';
import type { MaskedExecution } from './mask.ts';
import type { Held, Received, Refusal } from './received.ts';
import type { Approval } from '../model/approval.ts';
import type { ResultColumn, TableResult } from '../model/result.ts';
import type { Answer } from '../model/answer.ts';
import type { TaskView } from '../model/task.ts';
import type { CallId, PermittedCall } from '../model/tool-call.ts';

const UNKNOWN =
  'The connection to the backend ended while the statement was running, so it may or may not have been carried out. ' +
  'It will not be repeated. Look at the data before you try again.';

const LOST =
  'The gateway that carried the call out did not come back with an outcome, so it may or may not have been carried out. ' +
  'It will not be repeated. Look at the data before you try again.';

const WITHHELD =
  'The call was refused and nothing was executed. The reason could not be masked and was withheld.';

/** What the agent is told of a call that was executed and whose outcome is on record. */
export function answerFor(permitted: PermittedCall, masked: MaskedExecution, received: Received): Answer {
  return end(executed(permitted, masked, received), received);
}

/** What came of an execution, in the words of an answer. */
export function executed(permitted: PermittedCall, masked: MaskedExecution, { id: call }: Received): Answer {
  switch (masked.kind) {
    case 'result':
      return { outcome: 'answered', call, result: masked.answer };
    case 'failure':
      return masked.unknown
        ? { outcome: 'unknown', cause: null, call, policies: permitted.policies, reason: UNKNOWN }
        : { outcome: 'failed', call, message: masked.message };
    case 'blocked': {
      const ran = permitted.facts.sql?.writes === false ? '' : ' The statement was carried out.';
      const reason = `The result holds data of a class that may not leave: ${masked.classes.join(', ')}.${ran} Ask for less.`;
      return { outcome: 'refused', cause: 'data_blocked', call, policies: [], reason };
    }
    case 'withheld': {
      const ran = mayWrite(permitted.facts) ? ' The statement was carried out.' : '';
      const reason = `The result could not be masked and was withheld.${ran}`;
      return { outcome: 'refused', cause: 'masking_failed', call, policies: [], reason };
    }
  }
}

/** What the agent is told where the outcome could not be put on record: nothing of the result leaves. */
export function answerUnrecorded(permitted: PermittedCall, received: Received): Answer {
  const call = received.id;
  if (!mayWrite(permitted.facts)) {
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
  return end(refused(refusal, received), received);
}

export function refused(refusal: Refusal, received: Received): Answer {
  const { cause, policies = [] } = refusal;
  const reason = maskedReason(refusal.reason, received);
  const approval = refusal.approval === undefined ? {} : { approval: refusal.approval };
  return { outcome: 'refused', cause, call: received.id, policies, reason, ...approval };
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

/** The handle of a call that waits, for its client to poll with. */
export function answerTask(task: TaskView, received: Received): Answer {
  return end({ outcome: 'task', call: received.id, task }, received);
}

/** What is told of a task whose process went away in the middle of the one execution. */
export function answerLost(call: CallId): Answer {
  return { outcome: 'unknown', cause: null, call, policies: [], reason: LOST };
}

/** What a reviewer is told at the end of reviewing: what waits, and how else it can be decided. */
export function answerReview(
  waiting: readonly Approval[],
  notes: readonly string[],
  received: Received,
  pageOf: (approval: string) => string | null,
): Answer {
  const column = (name: string): ResultColumn => ({ name, type: 'text' });
  const rows = waiting.map(({ request }) => [
    request.id,
    request.requester.id,
    request.tool,
    request.connection,
    request.reason,
    new Date(request.expiresAt).toISOString(),
    pageOf(request.id) ?? '',
  ]);
  const names = ['approval', 'requester', 'tool', 'connection', 'held_because', 'expires', 'decide_at'];
  const table: TableResult = {
    kind: 'table',
    columns: [...names.map(column), ...(notes.length > 0 ? [column('note')] : [])],
    rows:
      notes.length > 0
        ? [...rows.map((row) => [...row, '']), ...notes.map((note) => [...names.map(() => ''), note])]
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
