import { Refused } from '../sql/refused.ts';

/** For what is outside the allowlist of programs, options and constructs: unknown is refused, never guessed at. */
export function notUnderstood(message: string): Refused {
  return new Refused('unsupported', message);
}

/** A word of the agent's own command, short enough to be told. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
