import { textOf, utc } from '../pack-record.ts';
import type { SessionSummary } from '../../model/record.ts';
import { NONE, type Report } from './report.ts';

/** What is kept of a session while the period is read. */
interface OpenSession {
  readonly id: string;
  readonly firstIndex: number;
  principal: string;
  issuer: string;
  client: string;
  transport: string;
  opened: boolean;
  openedAt: number;
  closedAt: number | null;
  lastAt: number;
  calls: number;
  refused: number;
}

/** Sessions with a record in the period. `found` is filled as records come. */
export function sessions(found: Map<string, OpenSession>): Report {
  return {
    name: 'sessions',
    about: 'a line for each session with a record in the period',
    columns: [
      ['session', 'id of the session'],
      ['first_index', 'its first record in the period'],
      ['principal', 'whose it is'],
      ['issuer', 'who vouches for the principal'],
      ['client', 'what the client calls itself, masked'],
      ['transport', 'http or stdio'],
      ['opened', 'UTC; empty where it was opened before the period'],
      ['closed', 'UTC; empty where it was not closed in the period'],
      ['permitted', 'permitted calls in the period'],
      ['refused', 'refused calls in the period'],
    ],
    add: ({ index, time, type, session, event }) => {
      if (session === null) return NONE;
      const own = found.get(session) ?? begin(session, index, time);
      found.set(session, own);
      own.principal ||= textOf(event, 'principal') ?? '';
      own.issuer ||= own.principal === '' ? '' : (textOf(event, 'issuer') ?? '');
      own.client ||= textOf(event, 'client') ?? '';
      own.transport ||= textOf(event, 'transport') ?? '';
      own.lastAt = time;
      if (type === 'session.opened') [own.opened, own.openedAt] = [true, time];
      if (type === 'session.closed') own.closedAt = time;
      if (type === 'call.intent') own.calls += 1;
      if (type === 'call.refused') own.refused += 1;
      return NONE;
    },
    end: () =>
      inOrder(found).map((own) => [
        own.id,
        own.firstIndex,
        own.principal,
        own.issuer,
        own.client,
        own.transport,
        own.opened ? utc(own.openedAt) : null,
        own.closedAt === null ? null : utc(own.closedAt),
        own.calls,
        own.refused,
      ]),
  };
}

/** As far as the period tells, in the order of the log. */
export function summaries(found: ReadonlyMap<string, OpenSession>): readonly SessionSummary[] {
  return inOrder(found);
}

function inOrder(found: ReadonlyMap<string, OpenSession>): readonly OpenSession[] {
  return [...found.values()].toSorted((a, b) => a.firstIndex - b.firstIndex);
}

function begin(id: string, firstIndex: number, time: number): OpenSession {
  return {
    id,
    firstIndex,
    principal: '',
    issuer: '',
    client: '',
    transport: '',
    opened: false,
    openedAt: time,
    closedAt: null,
    lastAt: time,
    calls: 0,
    refused: 0,
  };
}
