import type { IdentityFailure } from '../model/principal.ts';

/** Why a caller was not identified, on its way through this folder: the failing half of `Identified`. */
export interface Refusal {
  readonly ok: false;
  readonly failure: IdentityFailure;
  readonly detail: string;
}

/**
 * `detail` is a sentence for the record. It is written here, never taken from the token: what a stranger puts into
 * a claim must not reach a log.
 */
export function refuse(failure: IdentityFailure, detail: string): Refusal {
  return { ok: false, failure, detail };
}
