import { whyNot, type Answer, type Ask } from './get-and-post.ts';
import { findCosignature, type Cosignature, type WitnessKey } from './witness-key.ts';

export interface Witness {
  /** The submission prefix of C2SP tlog-witness, without a slash at its end. */
  readonly url: string;
  readonly key: WitnessKey;
}

/** A signed state of the log. */
export interface SignedState {
  readonly size: number;
  /** What is signed: the lines before the empty one, with their ends. */
  readonly text: string;
  /** With the signature of the log. */
  readonly note: string;
}

export type Submitted =
  | { readonly ok: true; readonly cosignature: Cosignature }
  | { readonly ok: false; readonly failure: WitnessFailure; readonly detail: string };

/**
 * `unavailable`: no answer, or one that says to come again. `unknown_log`: it does not know this log or its key.
 * `not_consistent`: what we sent does not go on from what it has seen. `ahead`: it has seen more of this log than there is:
 * the record was put back, or another goes by its name. `bad_answer`: not a cosignature of that witness.
 */
export type WitnessFailure = 'unavailable' | 'unknown_log' | 'not_consistent' | 'ahead' | 'bad_answer';

const TIMEOUT = 10_000;
const MAX_ANSWER = 64 * 1024;

/**
 * Has a witness cosign a state of the log (`add-checkpoint`). `from` is the size that it cosigned last, as far as we know;
 * where it knows better it says so, and is asked again from there, once. `proof` leads from one size to another.
 */
export async function submitCheckpoint(
  { url, key }: Witness,
  state: SignedState,
  from: number,
  proof: (older: number, newer: number) => Promise<readonly Uint8Array[]>,
  ask: Ask,
): Promise<Submitted> {
  let older = from;
  for (let attempt = 1; ; attempt += 1) {
    const hashes = await proof(older, state.size);
    const lines = [`old ${older}`, ...hashes.map((each) => Buffer.from(each).toString('base64'))];
    let answer: Answer;
    try {
      answer = await ask({
        url: `${url}/add-checkpoint`,
        method: 'POST',
        body: `${lines.join('\n')}\n\n${state.note}`,
        timeoutMs: TIMEOUT,
        most: MAX_ANSWER,
      });
    } catch (error) {
      return { ok: false, failure: 'unavailable', detail: whyNot(error) };
    }
    if (answer.status === 200) {
      const cosignature = findCosignature(state.text, answer.body.toString('utf8'), key);
      return cosignature === null
        ? { ok: false, failure: 'bad_answer', detail: 'no good cosignature of this witness in its answer' }
        : { ok: true, cosignature };
    }
    if (answer.status !== 409) return refusal(answer.status);
    const [, digits] = /^(0|[1-9]\d{0,14})\n$/.exec(answer.body.toString('latin1')) ?? [];
    if (digits === undefined || answer.contentType !== 'text/x.tlog.size')
      return { ok: false, failure: 'bad_answer', detail: 'a conflict without the size that it has' };
    older = Number(digits);
    if (older > state.size)
      return { ok: false, failure: 'ahead', detail: `it has cosigned ${older} records of this log` };
    if (attempt === 2)
      return { ok: false, failure: 'unavailable', detail: 'others keep it moving: it named two sizes' };
  }
}

function refusal(status: number): Submitted {
  const detail = `it answered ${status}`;
  if (status === 404 || status === 403) return { ok: false, failure: 'unknown_log', detail };
  if (status === 422) return { ok: false, failure: 'not_consistent', detail };
  return { ok: false, failure: status >= 500 || status === 429 ? 'unavailable' : 'bad_answer', detail };
}
