import { textOf, textsOf, utc } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** Calls that were not carried out, or whose result was withheld. */
export function denials(): Report {
  return {
    name: 'denials',
    about: 'a line for each call that was refused, and for each result that was withheld',
    columns: [
      ['index', 'record in the log'],
      ['time', 'UTC'],
      ['call', 'id of the call, which the agent was told'],
      ['session', 'id of the session; empty where nobody was identified'],
      ['principal', 'who called'],
      ['issuer', 'who vouches for the principal'],
      ['tool', 'what was called; empty on a result that was withheld, whose call.intent names it'],
      ['executed', 'whether it was carried out and only its result withheld'],
      ['cause', 'why, out of the closed list in docs/session-store.md'],
      ['policies', 'the policies that spoke, separated by spaces'],
      ['rules', 'digest of the rules it was judged by'],
      ['reason', 'what the agent was told, masked'],
      ['transport', 'http or stdio'],
      ['client', 'what the client calls itself, masked'],
      ['remote', 'the address the request came from'],
    ],
    add: ({ index, time, type, call, session, event }) => {
      const withheld = type === 'call.outcome' && textOf(event, 'outcome') === 'refused';
      if (type !== 'call.refused' && !withheld) return NONE;
      const of = (key: string): string | null => textOf(event, key);
      return [
        [
          index,
          utc(time),
          call,
          session,
          of('principal'),
          of('issuer'),
          of('tool'),
          withheld,
          of('cause'),
          textsOf(event, 'policies').join(' '),
          of('rules'),
          of('reason'),
          of('transport'),
          of('client'),
          of('remote'),
        ],
      ];
    },
    end: () => NONE,
  };
}
