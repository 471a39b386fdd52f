const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const SIZE = /^(\d{1,12})(B|KiB|MiB|GiB)$/;

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `500ms`, `5s`, `30m`, `12h`, `400d` in milliseconds; undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  return match === null ? undefined : scale(match, MILLISECONDS);
}

/** `512B`, `64KiB`, `1MiB`, `2GiB` in bytes; undefined where it is none of these. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  return match === null ? undefined : scale(match, BYTES);
}

function scale(match: RegExpExecArray, units: Readonly<Record<string, number>>): number | undefined {
  const unit = units[match[2] ?? ''];
  const value = unit === undefined ? Number.NaN : Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? value : undefined;
}
