import { booleanOf, numberOf, textOf, utc } from '../pack-record.ts';
import type { Report } from './report.ts';
import { NONE } from './report.ts';

/** Who asked for what and who decided, a line an event. */
export function approvals(): Report {
  const requests = new Map<string, readonly (string | null)[]>();
  return {
    name: 'approvals',
    about: 'a line for each event of a request for approval',
    columns: [
      ['index', 'record in the log'],
      ['time', 'UTC, by the clock of the gateway'],
      ['event', 'requested, asked, justified, decided, expired, revoked, used'],
      ['approval', 'id of the request'],
      ['requester', 'who asked; empty where the request was filed before the period'],
      ['requester_issuer', 'who vouches for the requester'],
      ['tool', 'what was asked for'],
      ['connection', 'where it would act'],
      ['environment', 'of the connection'],
      ['actor', 'who decided, justified or revoked'],
      ['actor_issuer', 'who vouches for the actor'],
      ['approve', 'on decided: true or false'],
      [
        'own_request',
        'on decided: whether requester and actor are one; empty where the requester is not known here',
      ],
      ['channel', 'how it was asked or decided'],
      ['assurance', 'on decided: how well it is known that a person did it'],
      ['words', 'justification or comment, masked'],
      ['uses', 'on used: how many there are with this one'],
      ['digest', 'on requested: of the act that is approved'],
    ],
    add: ({ index, time, type, event }) => {
      if (!type.startsWith('approval.')) return NONE;
      const what = type.slice('approval.'.length);
      const approval = textOf(event, 'approval');
      if (what === 'requested' && approval !== null)
        requests.set(
          approval,
          ['requester', 'issuer', 'tool', 'connection', 'environment'].map((key) => textOf(event, key)),
        );
      const request = requests.get(approval ?? '') ?? [null, null, null, null, null];
      const actor = textOf(event, 'by');
      const [requester = null, issuer = null] = request;
      const own = actor === requester && textOf(event, 'issuer') === issuer;
      return [
        [
          index,
          utc(time),
          what,
          approval,
          ...request,
          actor,
          actor === null ? null : textOf(event, 'issuer'),
          booleanOf(event, 'approve'),
          what === 'decided' && requester !== null ? own : null,
          textOf(event, 'channel'),
          textOf(event, 'assurance'),
          textOf(event, 'justification') ?? textOf(event, 'comment'),
          numberOf(event, 'uses'),
          textOf(event, 'digest'),
        ],
      ];
    },
    end: () => NONE,
  };
}
