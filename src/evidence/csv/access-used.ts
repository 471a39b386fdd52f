import { textOf, utc } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** Who used what, as it was decided. */
export function accessUsed(): Report {
  const used = new Map<
    string,
    { readonly key: readonly string[]; counts: [number, number, number]; lastAt: number }
  >();
  const COLUMN = { 'call.intent': 0, 'call.refused': 1, 'call.held': 2 } as const;
  return {
    name: 'access_used',
    about: 'a line for each principal and tool, from the calls of the period',
    columns: [
      ['principal', 'who called'],
      ['issuer', 'who vouches for the principal'],
      ['tool', 'what was called; on refusals, the name that the caller wrote, masked'],
      ['permitted', 'calls that were permitted'],
      ['refused', 'calls that were refused'],
      ['held', 'calls that had to wait for a person'],
      ['last', 'UTC, of the last of them'],
    ],
    add: ({ type, time, event }) => {
      if (type !== 'call.intent' && type !== 'call.refused' && type !== 'call.held') return NONE;
      const key = [
        textOf(event, 'principal') ?? '',
        textOf(event, 'issuer') ?? '',
        textOf(event, 'tool') ?? '',
      ];
      const id = JSON.stringify(key);
      const found = used.get(id) ?? { key, counts: [0, 0, 0], lastAt: time };
      found.counts[COLUMN[type]] += 1;
      found.lastAt = Math.max(found.lastAt, time);
      used.set(id, found);
      return NONE;
    },
    end: () =>
      [...used]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { key, counts, lastAt }]) => [...key, ...counts, utc(lastAt)]),
  };
}
