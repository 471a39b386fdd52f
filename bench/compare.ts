/** The governed read beside its two controls, in one run: rounds take turns, and the median of the rounds is shown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { modernCall } from '../test/clients/http-fixture.ts';
import { startGoverned } from './governed.ts';
import { cpuBetween, usageOf, type TreeUsage } from './process-tree.ts';
import { callOnce, load, type LoadResult, type Target } from './raw-load.ts';
import { readStations, stationTable } from './stations.ts';

export interface CompareOptions {
  readonly main: string;
  /** Put before the command of a server. */
  readonly pinned: readonly string[];
  readonly rounds: number;
  readonly roundMs: number;
}

interface Path {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
  readonly stop: () => Promise<unknown>;
}

interface Measured extends LoadResult {
  readonly before: TreeUsage;
  readonly after: TreeUsage;
}

const CONCURRENCIES = [1, 16, 64];
/** Every path gets this long to compile, before anything is measured. */
const WARM_MS = 8000;

/** As `bin/sallyport` runs the gateway; the controls run with the same. */
const FLAGS =
  readFileSync(new URL('../bin/sallyport', import.meta.url), 'utf8').match(/(?<=^exec .*)--\S+/gmu) ?? [];

export async function compare(options: CompareOptions): Promise<void> {
  const governed = await startGoverned([...options.pinned, process.execPath, ...FLAGS, options.main]);
  const { gateway, emails } = governed;
  const requests = requestsFor(gateway.endpoint, gateway.tokens['alice'] ?? '', emails);
  const target: Target = {
    port: Number(new URL(gateway.endpoint).port),
    requests,
    expect: '"isError":false',
  };
  const answer = await callOnce(target);
  const text = textOf(answer);
  const paths: readonly Path[] = [
    { name: 'governed read', pid: gateway.pid, target, stop: () => gateway.stop() },
    await control('SDK v2 echo', 'sdk', text, requests, options.pinned),
    await control('node:http echo', 'http', text, requests, options.pinned),
  ];
  try {
    console.log(
      `answers   ${Buffer.byteLength(text)} bytes of text each; the governed one holds it twice, as`,
    );
    console.log(
      `          text and as structuredContent (${Buffer.byteLength(answer)} bytes with headers)\n`,
    );
    for (const path of paths) await load(path.target, 16, WARM_MS);
    const header = `${'path'.padEnd(16)}  at once   calls/s   p50 ms   p99 ms   CPU ms/call   RSS MiB`;
    console.log(header);
    for (const concurrency of CONCURRENCIES) await compareAt(concurrency, paths, options);

    const before = await readStations(gateway.endpoint);
    const usage = usageOf(gateway.pid);
    const alone = await load(target, 1, options.roundMs * 2);
    const spent = usageOf(gateway.pid);
    console.log('\nThe governed read alone, one at a time: where its time goes');
    console.log(stationTable(before, await readStations(gateway.endpoint)));
    console.log(`\nand its CPU: ${cpuByPart(usage, spent, alone.calls)}`);
  } finally {
    for (const path of paths) await path.stop();
  }
}

async function compareAt(
  concurrency: number,
  paths: readonly Path[],
  { rounds, roundMs }: CompareOptions,
): Promise<void> {
  const measured = paths.map((): Measured[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { pid, target }] of paths.entries()) {
      const before = usageOf(pid);
      const result = await load(target, concurrency, roundMs);
      measured[index]?.push({ ...result, before, after: usageOf(pid) });
    }
  }
  for (const [index, { name }] of paths.entries()) {
    const of = (value: (one: Measured) => number): number => median((measured[index] ?? []).map(value));
    const rss = of(({ after }) => after.rssMiB);
    const children = of(({ after }) => after.childrenRssMiB);
    console.log(
      [
        name.padEnd(16),
        String(concurrency).padStart(8),
        of(({ calls, elapsedMs }) => (calls / elapsedMs) * 1000)
          .toFixed(0)
          .padStart(9),
        of(({ p50 }) => p50)
          .toFixed(2)
          .padStart(8),
        of(({ p99 }) => p99)
          .toFixed(2)
          .padStart(8),
        of(({ before, after, calls }) => cpuBetween(before, after) / calls)
          .toFixed(3)
          .padStart(13),
        `${rss.toFixed(0)}${children > 0 ? ` + ${children.toFixed(0)}` : ''}`.padStart(9),
      ].join(' '),
    );
  }
}

function cpuByPart(before: TreeUsage, after: TreeUsage, calls: number): string {
  const each = (of: (usage: TreeUsage) => number): string =>
    `${(((of(after) - of(before)) / calls) * 1000).toFixed(0)} µs`;
  return [
    `main thread ${each(({ mainThreadMs }) => mainThreadMs)}`,
    `other threads (the store's, V8's) ${each(({ otherThreadsMs }) => otherThreadsMs)}`,
    `SQLite connector processes ${each(({ childrenMs }) => childrenMs)} a call`,
  ].join(', ');
}

async function control(
  name: string,
  kind: 'http' | 'sdk',
  text: string,
  requests: readonly Buffer[],
  pinned: readonly string[],
): Promise<Path> {
  const file = fileURLToPath(new URL('./echo-server.ts', import.meta.url));
  const [command, ...args] = [...pinned, process.execPath, ...FLAGS, file, kind, text];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  const stop = (): Promise<unknown> => {
    child.kill();
    return once(child, 'close');
  };
  const target = { port: Number(port), requests, expect: text.slice(0, 16) };
  return { name, pid: child.pid ?? 0, target, stop };
}

/** The same bytes go to all three: the controls do not read the token. */
export function requestsFor(endpoint: string, token: string, emails: readonly string[]): readonly Buffer[] {
  const { pathname, host } = new URL(endpoint);
  return emails.map((email, id) => {
    const { headers, message } = modernCall('read_customer', { email }, {}, id);
    const body = JSON.stringify(message);
    const lines = Object.entries({
      host,
      ...headers,
      authorization: `Bearer ${token}`,
      'content-length': Buffer.byteLength(body),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

function textOf(answer: string): string {
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as {
    readonly result: { readonly content: readonly { readonly text: string }[] };
  };
  return body.result.content[0]?.text ?? '';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
