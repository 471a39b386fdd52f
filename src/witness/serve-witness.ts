import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { judge, MAX_REQUEST } from './add-checkpoint.ts';
import { openCosigner } from './cosigner.ts';
import { openState } from './state.ts';
import { parseVerifierKey, type VerifierKey } from '../verify/signed-checkpoint.ts';

export interface WitnessOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** A folder of its own, made where it is missing. */
  readonly state: string;
  /** Verifier keys of the logs that it watches. Several may be of one origin. */
  readonly logs: readonly string[];
  /** The name of a key that is made now; null: a random one, or that of the key there is. */
  readonly name: string | null;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Witness {
  readonly url: string;
  readonly verifierKey: string;
  readonly close: () => Promise<void>;
}

/** A verifier key of a log that is none. */
class NotALogKey extends Error {
  override readonly name = 'NotALogKey';
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** A witness after C2SP tlog-witness, for small sites and tests: one folder, one process, no configuration. */
export async function serveWitness(options: WitnessOptions): Promise<Witness> {
  const { listen, state: folder, now } = options;
  const logs = keysOf(options.logs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cosigner = openCosigner(join(folder, 'witness.key'), options.name);
  writeFileSync(join(folder, 'witness.key.pub'), `${cosigner.verifierKey}\n`);
  const state = openState(join(folder, 'witness.db'));

  function add(request: string): Answer {
    return state.alone((rows) => {
      const judged = judge(request, logs, rows.latest);
      if (!judged.ok)
        return judged.status === 409
          ? { status: 409, body: `${judged.size}\n`, type: 'text/x.tlog.size' }
          : { status: judged.status, body: `${judged.why}\n` };
      const { origin, size, root, text, signatures } = judged;
      const line = cosigner.cosign(text, Math.floor(now() / 1000));
      const note = `${text}\n${[...signatures, line].join('\n')}\n`;
      rows.put({ origin, originHash: hash('sha256', origin), size, root, note });
      return { status: 200, body: `${line}\n` };
    });
  }

  async function answer(req: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(req.url ?? '', 'http://witness.invalid');
    if (pathname === '/add-checkpoint') {
      if (req.method !== 'POST') return { status: 405, body: 'POST a checkpoint here\n' };
      const request = await readText(req);
      return request === null ? { status: 400, body: 'too large, or not text\n' } : add(request);
    }
    const [, originHash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(pathname) ?? [];
    if (originHash === undefined) return { status: 404, body: 'there is nothing here\n' };
    if (req.method !== 'GET' && req.method !== 'HEAD') return { status: 405, body: 'for reading only\n' };
    const note = state.note(originHash);
    return note === null
      ? { status: 404, body: 'nothing of this log was cosigned\n' }
      : { status: 200, body: note };
  }

  const server = createServer((req, res) => {
    answer(req).then(
      (found) => send(req, res, found),
      // A disk that is full: nothing was cosigned, and the log may try again.
      () => send(req, res, { status: 503, body: 'not now\n' }),
    );
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  server.maxConnections = 1_000;
  try {
    server.listen(listen.port, listen.host);
    await once(server, 'listening');
  } catch (error) {
    state.close();
    throw error;
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : listen.port;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return {
    url: `http://${host}:${port}`,
    verifierKey: cosigner.verifierKey,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      state.close();
    },
  };
}

function keysOf(texts: readonly string[]): ReadonlyMap<string, readonly VerifierKey[]> {
  const logs = new Map<string, readonly VerifierKey[]>();
  for (const text of texts) {
    const key = parseVerifierKey(text);
    if (key === null) throw new NotALogKey(`"${text.slice(0, 80)}" is not the verifier key of a log`);
    logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
  }
  return logs;
}

/** Null where it is too large or not UTF-8. */
async function readText(req: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    if (!Buffer.isBuffer(chunk)) return null;
    size += chunk.length;
    if (size > MAX_REQUEST) return null;
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return null;
  }
}

function send(req: IncomingMessage, res: ServerResponse, { status, body, type }: Answer): void {
  // What was not read of a request that is too large would be taken for the next one.
  const close = req.complete ? {} : { connection: 'close' };
  res.writeHead(status, {
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...close,
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
