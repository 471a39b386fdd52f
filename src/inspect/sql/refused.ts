import type { NotUnderstood } from '../../model/facts.ts';

/**
 * Thrown inside the inspection of one text, from any depth of its tree, and turned into a value in
 * `inspect-sql.ts`, the only place that catches it.
 */
export class Refused extends Error {
  readonly notUnderstood: NotUnderstood;

  constructor(reason: NotUnderstood['reason'], message: string) {
    super(message);
    this.notUnderstood = { reason, message };
  }
}

/** For a construct that is outside the allowlist: unknown is refused, never guessed at. */
export function unsupported(what: string): Refused {
  return new Refused('unsupported', `${what} is not among the SQL that is understood here.`);
}
