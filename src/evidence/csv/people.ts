import { objectOf, textOf, textsOf, utc, type PackRecord } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** Somebody who acted in the period. */
export interface Person {
  readonly principal: string;
  readonly issuer: string;
  /** `user` or `service`; empty where no session of theirs was opened in the period. */
  kind: string;
  /** Of the first session that was opened in the period; null where none was. */
  firstGroups: readonly string[] | null;
  /** Of the last one. */
  lastGroups: readonly string[] | null;
  firstTime: number;
  lastTime: number;
  sessions: number;
  permitted: number;
  refused: number;
  held: number;
  requested: number;
  decided: number;
  readonly credentials: Set<string>;
}

/** Those who acted in the period, by issuer and name. `people` is filled as records come. */
export function principals(people: Map<string, Person>): Report {
  function personOf(record: PackRecord): Person | null {
    const { event, type, time } = record;
    const principal =
      textOf(event, type === 'approval.requested' ? 'requester' : 'principal') ?? textOf(event, 'by');
    const issuer = textOf(event, 'issuer');
    if (principal === null || issuer === null) return null;
    const key = JSON.stringify([issuer, principal]);
    const person = people.get(key) ?? begin(principal, issuer, time);
    people.set(key, person);
    person.firstTime = Math.min(person.firstTime, time);
    person.lastTime = Math.max(person.lastTime, time);
    return person;
  }

  return {
    name: 'principals',
    about: 'a line for each principal who acted in the period',
    columns: [
      ['principal', 'id of the principal'],
      ['issuer', 'who vouches'],
      ['kind', 'user or service; empty where no session was opened in the period'],
      ['groups_first', 'groups of the first session opened in the period, separated by spaces'],
      ['groups_last', 'groups of the last one'],
      ['first_seen', 'UTC'],
      ['last_seen', 'UTC'],
      ['sessions', 'opened in the period'],
      ['permitted', 'calls that were permitted'],
      ['refused', 'calls that were refused'],
      ['held', 'calls that had to wait for a person'],
      ['approvals_requested', 'requests for approval'],
      ['approvals_decided', 'decisions on requests'],
      ['credentials', 'kinds of credential, separated by spaces'],
    ],
    add: (record) => {
      const person = personOf(record);
      if (person === null) return NONE;
      count(person, record);
      return NONE;
    },
    end: () =>
      [...people]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, person]) => [
          person.principal,
          person.issuer,
          person.kind,
          person.firstGroups?.join(' ') ?? null,
          person.lastGroups?.join(' ') ?? null,
          utc(person.firstTime),
          utc(person.lastTime),
          person.sessions,
          person.permitted,
          person.refused,
          person.held,
          person.requested,
          person.decided,
          [...person.credentials].toSorted().join(' '),
        ]),
  };
}

/** What a record adds one to. */
const COUNTS: Readonly<Record<string, 'permitted' | 'refused' | 'held' | 'requested' | 'decided'>> = {
  'call.intent': 'permitted',
  'call.refused': 'refused',
  'call.held': 'held',
  'approval.requested': 'requested',
  'approval.decided': 'decided',
};

function count(person: Person, { type, event }: PackRecord): void {
  const counted = COUNTS[type];
  if (counted !== undefined) person[counted] += 1;
  if (type !== 'session.opened') return;
  const groups = textsOf(event, 'groups');
  person.sessions += 1;
  person.kind = textOf(event, 'kind') ?? '';
  person.firstGroups ??= groups;
  person.lastGroups = groups;
  const credential = textOf(objectOf(event['credential']), 'kind');
  if (credential !== null) person.credentials.add(credential);
}

function begin(principal: string, issuer: string, time: number): Person {
  return {
    principal,
    issuer,
    kind: '',
    firstGroups: null,
    lastGroups: null,
    firstTime: time,
    lastTime: time,
    sessions: 0,
    permitted: 0,
    refused: 0,
    held: 0,
    requested: 0,
    decided: 0,
    credentials: new Set(),
  };
}
