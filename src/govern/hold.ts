import { answerHeld, answerRefused } from './answer.ts';
import { createTask } from './create-task.ts';
import { recordHeld } from './record.ts';
import { NOT_MASKED, STORE_DOWN } from './refuse.ts';
import type { Held, Judged, Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { Answer } from '../model/answer.ts';

/** Ends a call that waits for a person: on record, then told. Never throws. */
export async function hold(
  held: Held,
  judged: Judged,
  received: Received,
  stations: Stations,
): Promise<Answer> {
  if (held.held === 'task') return await createTask(held, judged, received, stations);
  const recorded = await recordHeld(held, judged, received, stations);
  return recorded === 'recorded'
    ? answerHeld(held, received)
    : answerRefused(recorded === 'not_masked' ? NOT_MASKED : STORE_DOWN, received);
}
