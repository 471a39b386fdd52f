import { InvalidArgumentError } from 'commander';

export function commaSeparated(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A day or a moment in ISO 8601, of UTC where it names no zone, in epoch milliseconds. */
export function moment(text: string): number {
  const zoned = /[Zz]$|[+-]\d\d:?\d\d$|^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
  const time = /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('expected a date such as 2026-11-21 or 2026-11-21T09:00:00Z.');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m`, `12h`, `7d` → seconds. */
export function durationInSeconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('expected a duration such as 30m, 12h or 7d.');
}

/** A whole number from 1 to 10,000. */
export function limit(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('expected a whole number from 1 to 10000.');
}
