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
  /** Calls of each path before anything is measured: V8 goes on compiling the governed one for some 40,000. */
  readonly warmCalls: number;
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
  const echoed = resultOf(answer);
  const paths: readonly Path[] = [
    { name: 'governed read', pid: gateway.pid, target, stop: () => gateway.stop() },
    await control('SDK v2 echo', 'sdk', echoed, requests, options.pinned),
    await control('node:http echo', 'http', echoed, requests, options.pinned),
  ];
  try {
    console.log(`answers   the same text and structuredContent from all three; bytes with headers:`);
    for (const { name, target: of } of paths)
      console.log(`          ${name.padEnd(16)} ${Buffer.byteLength(await callOnce(of))}`);
    console.log();
    for (const path of paths) await warm(path.target, options.warmCalls);
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

async function warm(target: Target, calls: number): Promise<void> {
  for (let made = 0; made < calls;) made += (await load(target, 16, 500)).calls;
}

async function compareAt(
  concurrency: number,
  paths: readonly Path[],
  { rounds, roundMs }: CompareOptions,
): Promise<void> {
  const measured = paths.map((): Measured[] => []);
  for (let round = 0; round < rounds; round += 1) {
    // There and back again, so that no path is always measured after the same one.
    const order = [...paths.entries()];
    for (const [index, { pid, target }] of round % 2 === 0 ? order : order.toReversed()) {
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
  const [governed = [], sdk = []] = measured;
  console.log(
    `${''.padEnd(16)}           CPU of the governed read: ${ratioOf(governed, sdk)} that of the SDK echo\n`,
  );
}

/** Of the rounds that were measured beside each other: what else the machine does falls on both. */
function ratioOf(ones: readonly Measured[], others: readonly Measured[]): string {
  const each = ({ before, after, calls }: Measured): number => cpuBetween(before, after) / calls;
  return `${median(ones.map((one, round) => each(one) / each(others[round] ?? one))).toFixed(2)} ×`;
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
  echoed: Echoed,
  requests: readonly Buffer[],
  pinned: readonly string[],
): Promise<Path> {
  const file = fileURLToPath(new URL('./echo-server.ts', import.meta.url));
  const [command, ...args] = [...pinned, process.execPath, ...FLAGS, file, kind, JSON.stringify(echoed)];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  const stop = (): Promise<unknown> => {
    child.kill();
    return once(child, 'close');
  };
  const target = { port: Number(port), requests, expect: '"structuredContent":' };
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

/** What of a result the controls repeat. */
interface Echoed {
  readonly content: readonly { readonly text: string }[];
  readonly structuredContent: object;
}

function resultOf(answer: string): Echoed {
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { readonly result: Echoed };
  const { content, structuredContent } = body.result;
  return { content, structuredContent };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
