import { numberOf, textOf, utc } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** Requests and calls of nobody who could be identified, and requests that were turned away at the door. */
export function authenticationFailures(): Report {
  return {
    name: 'authentication_failures',
    about: 'a line for each door.refused record and each call that was refused as unidentified',
    columns: [
      ['index', 'record in the log'],
      ['time', 'UTC'],
      ['failure', 'why, out of the closed list in docs/session-store.md'],
      ['count', 'how many requests the record stands for: a flood is counted, not written one by one'],
      ['transport', 'http or stdio'],
      ['remote', 'the address the requests came from'],
      ['detail', 'one sentence, masked; never the credential'],
    ],
    add: ({ index, time, type, event }) => {
      const unidentified = type === 'call.refused' && textOf(event, 'cause') === 'unidentified';
      if (type !== 'door.refused' && !unidentified) return NONE;
      return [
        [
          index,
          utc(time),
          textOf(event, 'failure') ?? textOf(event, 'cause'),
          numberOf(event, 'count') ?? 1,
          textOf(event, 'transport'),
          textOf(event, 'remote'),
          textOf(event, 'detail'),
        ],
      ];
    },
    end: () => NONE,
  };
}
