import { Refused } from '../sql/refused.ts';

/** For a form that browsers, libraries and servers do not all read alike: a policy would decide on one of the readings. */
export function ambiguous(what: string, instead: string): Refused {
  return new Refused('ambiguous', `${what} is read differently by different programs; ${instead}.`);
}
