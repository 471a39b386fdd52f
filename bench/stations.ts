/** The gateway's own account of a call's time, from its metrics. */

/** Seconds and calls so far, by station, in the order of the path; `whole` is the call itself. */
export type Stations = ReadonlyMap<string, { readonly seconds: number; readonly calls: number }>;

export async function readStations(endpoint: string): Promise<Stations> {
  const text = await (await fetch(new URL('/metrics', endpoint))).text();
  const found = new Map<string, { seconds: number; calls: number }>();
  const line =
    /^sallyport_(station|call)_duration_seconds_(sum|count)\{(?:station|outcome)="(\w+)"\} (\S+)$/gm;
  for (const [, what = '', kind, label = '', value] of text.matchAll(line)) {
    const name = what === 'call' ? 'whole' : label;
    const entry = found.get(name) ?? { seconds: 0, calls: 0 };
    if (kind === 'sum') entry.seconds += Number(value);
    else entry.calls += Number(value);
    found.set(name, entry);
  }
  return found;
}

const WAITS: Readonly<Record<string, string>> = {
  intent: 'waits for a commit and its fsync',
  execute: 'waits for the database process',
  outcome: 'waits for a commit and its fsync',
};

export function stationTable(before: Stations, after: Stations): string {
  const whole = mean('whole', before, after);
  return [...after.keys()]
    .toSorted((a, b) => Number(a === 'whole') - Number(b === 'whole'))
    .map((name) => {
      const each = mean(name, before, after);
      const share = ((100 * each) / whole).toFixed(0);
      return `  ${name.padEnd(10)} ${each.toFixed(1).padStart(8)} µs ${share.padStart(4)} %  ${WAITS[name] ?? ''}`.trimEnd();
    })
    .join('\n');
}

/** Microseconds a call between two readings. */
function mean(name: string, before: Stations, after: Stations): number {
  const from = before.get(name) ?? { seconds: 0, calls: 0 };
  const to = after.get(name) ?? from;
  return ((to.seconds - from.seconds) / Math.max(1, to.calls - from.calls)) * 1e6;
}
