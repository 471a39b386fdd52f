import type { Person } from '../model/approval.ts';

/** What an approval remembers of a principal. */
export function personOf({ kind, id, issuer }: Person): Person {
  return { kind, id, issuer };
}

/** People are told apart by who vouches for them, kind and id; by nothing else, and above all not by group. */
export function samePerson(one: Person, other: Person): boolean {
  return one.kind === other.kind && one.id === other.id && one.issuer === other.issuer;
}
