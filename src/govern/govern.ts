import { address } from './address.ts';
import { answerFor, answerUnrecorded } from './answer.ts';
import { clear } from './clear.ts';
import { answerTaken } from './create-task.ts';
import { decide, holding } from './decide.ts';
import { execute } from './execute.ts';
import { findInResult } from './find-in-result.ts';
import { identify } from './identify.ts';
import { inspect } from './inspect.ts';
import { mask } from './mask.ts';
import { permit } from './permit.ts';
import { receive, type Received } from './received.ts';
import { recordIntent } from './record-intent.ts';
import { recordOutcome } from './record.ts';
import { hold } from './hold.ts';
import { INTERNAL, notIntended, refuse } from './refuse.ts';
import { reveal } from './reveal.ts';
import type { CallIo } from './gateway.ts';
import type { Stations } from './stations.ts';
import type { OpenTask } from './task-steps.ts';
import type { Answer } from '../model/answer.ts';
import type { CallRequest, PermittedCall } from '../model/tool-call.ts';

/**
 * THE LINE: one call, from the door to the answer. Every station either hands the call on or ends it. Nothing runs
 * that is not on record, and nothing leaves that is neither masked nor on record.
 */
export async function govern(
  request: CallRequest,
  stations: Stations,
  io: CallIo,
  task: OpenTask | null = null,
): Promise<Answer> {
  const received = receive(request, stations, io, task);
  const { watch } = received;
  try {
    const caller = watch.lap('identify', await identify(received, stations));
    if (!caller.ok) return await refuse(caller, received, stations);

    const addressed = watch.lap('address', address(received, caller.principal, stations));
    if (!addressed.ok) return await refuse(addressed, received, stations);

    const inspected = watch.lap('inspect', await inspect(addressed.call, stations, received.rules));
    if (!inspected.ok) return await refuse(inspected, received, stations);

    const { call } = addressed;
    const { facts } = inspected;
    const decided = watch.lap('decide', decide(call, facts, received.rules, false));
    if (!decided.ok) return await refuse(decided, received, stations, { call, facts, holding: [] });

    const judged = { call, facts, holding: holding(decided.decision) };
    const revealed = reveal(call, received, stations);
    if (!revealed.ok) return await refuse(revealed, received, stations, judged);

    const cleared = watch.lap('clear', await clear(call, facts, decided.decision, received, stations));
    if (!cleared.ok)
      return await ('held' in cleared
        ? hold(cleared, judged, received, stations)
        : refuse(cleared, received, stations, judged));

    const permitted = permit(call, facts, cleared, revealed);
    const intended = watch.lap('intent', await recordIntent(permitted, received, stations));
    if (intended === 'taken') return answerTaken(received);
    if (intended !== 'recorded') return await refuse(notIntended(intended, call), received, stations, judged);

    return await carryOut(permitted, received, stations);
  } catch (bug) {
    stations.alarm(received.id, 'govern', bug);
    return await refuse(INTERNAL, received, stations);
  }
}

/** The second door, behind the intent: whatever fails from here on, the backend may have done its part. */
async function carryOut(permitted: PermittedCall, received: Received, stations: Stations): Promise<Answer> {
  const { watch } = received;
  try {
    const execution = watch.lap('execute', await execute(permitted, received, stations));
    const masked = watch.lap('mask', mask(permitted, execution, received, stations));
    const found = await findInResult(masked, received, stations);
    const recorded = watch.lap('outcome', await recordOutcome(permitted, masked, found, received, stations));
    return recorded === 'recorded'
      ? answerFor(permitted, masked, received)
      : answerUnrecorded(permitted, received);
  } catch (bug) {
    stations.alarm(received.id, 'carry out', bug);
    return answerUnrecorded(permitted, received);
  }
}
