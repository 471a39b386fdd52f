import type { JsonObject } from '../model/json.ts';
import type { CallInput } from '../model/tool-call.ts';
import { isJsonObject } from './json.ts';

/** The one key of `inputRequests`: a call asks one thing at a time. */
export const inputKey = 'sallyport';

export type ReadInput =
  { readonly ok: true; readonly input: CallInput | null } | { readonly ok: false; readonly message: string };

/**
 * What a client brings back to an `input_required` (2026-07-28, basic/patterns/mrtr), from the fields that the
 * revision sets apart for it and from nowhere else. Without an answer to our question there is no input, and the
 * question is asked again. An answer without its state is handed on with an empty one, which no gateway has sealed.
 */
export function readInput(requestState: unknown, inputResponses: unknown): ReadInput {
  const response = isJsonObject(inputResponses) ? inputResponses[inputKey] : undefined;
  if (response === undefined) return { ok: true, input: null };
  const answer = readAnswer(response);
  if (answer === null) {
    return {
      ok: false,
      message: `Invalid params: inputResponses.${inputKey} is no answer to an elicitation`,
    };
  }
  return { ok: true, input: { state: typeof requestState === 'string' ? requestState : '', ...answer } };
}

/** What a person said, apart from what they were asked. */
export type PersonsAnswer = Omit<CallInput, 'state'>;

/** An `ElicitResult`, or null where it is none. Content counts only where it was accepted. */
export function readAnswer(result: unknown): PersonsAnswer | null {
  if (!isJsonObject(result)) return null;
  const { action, content = {} } = result;
  if (action === 'accept') return isJsonObject(content) ? { action, content } : null;
  return action === 'decline' || action === 'cancel' ? { action, content: nothing } : null;
}

const nothing: JsonObject = {};
