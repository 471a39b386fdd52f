import { printable, shortened } from './printable.ts';

const NAME_LENGTH = 48;

/** A name that somebody chose, in a column. */
export function name(text: string): string {
  return shortened(printable(text), NAME_LENGTH);
}

/** A time that is out of range is in the record because somebody put it there: it must not stop the reading. */
export function utc(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'invalid time' : date.toISOString().slice(0, 23).replace('T', ' ');
}
