/**
 * A load generator that costs little beside what it measures: requests are bytes made beforehand, a connection is a
 * socket, and of an answer only its end is looked for and whether it is the one that was expected.
 */
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly port: number;
  /** Whole requests, headers and all, taken in turn. */
  readonly requests: readonly Buffer[];
  /** Stands in every right answer. */
  readonly expect: string;
}

export interface LoadResult {
  readonly calls: number;
  readonly elapsedMs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Keeps `concurrency` calls under way, each on a connection of its own, for so long. */
export async function load(target: Target, concurrency: number, ms: number): Promise<LoadResult> {
  const took: number[] = [];
  const started = performance.now();
  const until = started + ms;
  const one = async (index: number): Promise<void> => {
    const connection = await open(target);
    for (let n = index * 97; ; n += concurrency) {
      const begun = performance.now();
      if (begun >= until) break;
      await connection.call(target.requests[n % target.requests.length]!);
      took.push(performance.now() - begun);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: concurrency }, (_, index) => one(index)));
  const elapsedMs = performance.now() - started;
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? Number.NaN;
  return { calls: took.length, elapsedMs, p50: at(0.5), p99: at(0.99) };
}

/** One request; its answer as text, head and all. */
export async function callOnce(target: Target): Promise<string> {
  const connection = await open(target);
  const answer = await connection.call(target.requests[0]!);
  connection.close();
  return answer.toString();
}

interface Connection {
  call(request: Buffer): Promise<Buffer>;
  close(): void;
}

async function open({ port, expect }: Target): Promise<Connection> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let waiting: PromiseWithResolvers<Buffer> | null = null;
  let received: Buffer | null = null;
  const fail = (error: Error): void => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    received = received === null ? chunk : Buffer.concat([received, chunk]);
    if (!isWhole(received)) return;
    const answer = received;
    received = null;
    if (answer.includes(expect)) waiting?.resolve(answer);
    else fail(new Error(`not the answer that was expected:\n${answer.toString()}`));
  });
  return {
    call(request) {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** Whether an answer is here to its end: by its length, or by the chunk that ends it. */
function isWhole(bytes: Buffer): boolean {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return false;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head);
  if (length !== null) return bytes.length >= headEnd + 4 + Number(length[1]);
  return bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}
