import { numberOf, textOf, utc } from '../pack-record.ts';
import { NONE, type Report } from './report.ts';

/** Every change of skills, policies and masking, and every edit that was not taken. */
export function rules(): Report {
  return {
    name: 'rules',
    about: 'a line for each set of rules that came into force, and each edit that was rejected',
    columns: [
      ['index', 'record in the log'],
      ['time', 'UTC'],
      ['event', 'loaded or rejected'],
      ['rules', 'digest of the whole set: what decisions refer to; on rejected, of the set that stays'],
      ['previous', 'the set before; empty at a start'],
      ['skills', 'digest of the skills'],
      ['policies', 'digest of the policies'],
      ['masking', 'digest of masking.yaml'],
      ['patterns', 'digest of patterns.yaml'],
      ['tools', 'how many tools there are'],
      ['errors', 'on rejected: how many'],
      ['file', 'on rejected: of the first error'],
      ['line', 'on rejected: of the first error'],
    ],
    add: ({ index, time, type, event }) => {
      if (type !== 'rules.loaded' && type !== 'rules.rejected') return NONE;
      const of = (key: string): string | null => textOf(event, key);
      return [
        [
          index,
          utc(time),
          type.slice('rules.'.length),
          of('rules') ?? of('kept'),
          of('previous'),
          of('skills'),
          of('policies'),
          of('masking'),
          of('patterns'),
          numberOf(event, 'tools'),
          numberOf(event, 'errors'),
          of('file'),
          numberOf(event, 'line'),
        ],
      ];
    },
    end: () => NONE,
  };
}
