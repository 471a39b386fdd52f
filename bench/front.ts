/**
 * What the front costs, with an echo behind it instead of a governed gateway, beside the SDK's own echo and a bare
 * `node:http` echo: calls a second and server CPU a call, at one core, all in one run. Read the ratios.
 *
 *     node bench/front.ts [seconds] [concurrency]
 */
import { fork } from 'node:child_process';
import { Agent, createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { createFixtureGateway } from '../test/clients/fixture-gateway.ts';
import { baseHeaders, modernCall, openSession } from '../test/clients/http-fixture.ts';
import { startHttp } from '../src/server/http.ts';

const paths = [
  'node:http',
  'sallyport 2026-07-28',
  'sallyport 2025 session',
  'SDK v2 createMcpHandler',
] as const;
type Path = (typeof paths)[number];

interface Usage {
  readonly cpuMicroseconds: number;
  readonly rssBytes: number;
}

function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    });
  });
}

function bareEcho(): Promise<string> {
  return listen((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { id, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
        id: number;
        params: { arguments: unknown };
      };
      const text = JSON.stringify(params.arguments);
      const body = JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } });
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      res.end(body);
    });
  });
}

function sdkEcho(): Promise<string> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'echo', version: '1.0.0' });
    server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
      content: [{ type: 'text', text }],
    }));
    return server;
  });
  const answer = toNodeHandler(handler);
  return listen((req, res) => {
    const { method = 'POST', url = '/', headers } = req;
    void answer({ method, url, headers, [Symbol.asyncIterator]: () => req[Symbol.asyncIterator]() }, res);
  });
}

async function sallyport(): Promise<string> {
  const gateway = createFixtureGateway();
  // The fixture keeps every call for its tests; a benchmark would measure that.
  gateway.calls.push = () => 0;
  const { url } = await startHttp({
    gateway,
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: 'http://127.0.0.1:8400',
    allowedHosts: [],
    allowedOrigins: [],
    maxBodyBytes: 1_000_000,
    metadata: {},
    challenge: () => 'Bearer',
    sessionIdleMs: 60_000,
    log: () => undefined,
  });
  return `${url}/mcp`;
}

async function serve(path: Path): Promise<void> {
  const url =
    path === 'node:http'
      ? await bareEcho()
      : path === 'SDK v2 createMcpHandler'
        ? await sdkEcho()
        : await sallyport();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() } satisfies Usage);
  });
  process.send?.(url);
}

async function measure(path: Path, seconds: number, concurrency: number): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['serve', path]);
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => child.once('message', (value) => resolve(value as T)));
  const usage = (): Promise<Usage> => {
    child.send('usage');
    return next<Usage>();
  };
  const url = await next<string>();
  const call = modernCall('echo', { text: 'x'.repeat(200) });
  let { headers } = call;
  if (path === 'sallyport 2025 session') {
    headers = { ...baseHeaders, ...(await openSession(new URL(url))) };
    delete (call.message['params'] as { _meta?: unknown })._meta;
  }
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const one = (id: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ ...call.message, id });
      const sent = { ...headers, 'content-length': Buffer.byteLength(body) };
      const req = request(url, { method: 'POST', headers: sent, agent }, (res) => {
        if (res.statusCode !== 200) reject(new Error(`${path}: status ${res.statusCode}`));
        res.resume();
        res.on('end', resolve);
      });
      req.on('error', reject);
      req.end(body);
    });
  let id = 0;
  const run = async (ms: number): Promise<number[]> => {
    const took: number[] = [];
    const until = performance.now() + ms;
    const worker = async (): Promise<void> => {
      for (let start = performance.now(); start < until; start = performance.now()) {
        await one(++id);
        took.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return took.sort((a, b) => a - b);
  };
  await run(1_000);
  const before = await usage();
  const started = performance.now();
  const took = await run(seconds * 1_000);
  const elapsed = performance.now() - started;
  const after = await usage();
  const at = (share: number): string => (took[Math.floor(took.length * share)] ?? 0).toFixed(2);
  console.log(
    [
      path.padEnd(24),
      `${Math.round((took.length / elapsed) * 1_000)}`.padStart(7),
      ((after.cpuMicroseconds - before.cpuMicroseconds) / 1_000 / took.length).toFixed(3).padStart(9),
      at(0.5).padStart(8),
      at(0.99).padStart(8),
      `${Math.round(after.rssBytes / 1_048_576)}`.padStart(8),
    ].join(' '),
  );
  agent.destroy();
  child.kill();
}

if (process.argv[2] === 'serve') {
  const path = paths.find((known) => known === process.argv[3]);
  if (path === undefined) throw new Error('no such path');
  await serve(path);
} else {
  const seconds = Number(process.argv[2] ?? 3);
  const concurrency = Number(process.argv[3] ?? 16);
  console.log(`concurrency ${concurrency}, ${seconds} s each`);
  console.log(`${'path'.padEnd(24)} calls/s  CPU ms/c   p50 ms   p99 ms  RSS MiB`);
  for (const path of paths) await measure(path, seconds, concurrency);
}
