import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Gateway } from '../govern/gateway.ts';
import type { IdentityFailure, Principal } from '../model/principal.ts';
import { bearerOf } from './door.ts';
import { parseLogPath, type LogResource } from './log-path.ts';
import { sendJson } from './reply.ts';

/** The signed log over the record, for auditors who fetch it. Null: there is no such thing, or nothing signs it yet. */
export interface RecordLog {
  /** Entries hold names of principals and what they did: who is identified may still not read them. */
  readonly mayRead: (principal: Principal) => boolean;
  /** Puts on record that somebody reads. Rejects where that can't be done: then nothing is sent. */
  readonly reads: (
    principal: Principal,
    resource: Exclude<LogResource, { readonly kind: 'checkpoint' }>,
    remote: string | undefined,
  ) => Promise<void>;
  readonly checkpoint: () => Promise<string | null>;
  /** The first `width` hashes of a tile, or entries under it, as C2SP tlog-tiles has them. */
  readonly tile: (level: number, index: number, width: number) => Promise<Uint8Array | null>;
  readonly entries: (index: number, width: number) => Promise<Uint8Array | null>;
}

export interface RecordLogOptions {
  readonly gateway: Pick<Gateway, 'identify' | 'doorRefused'>;
  readonly recordLog: RecordLog;
  /** The value of `WWW-Authenticate`. */
  readonly challenge: (failure: IdentityFailure) => string;
}

/** A tile never changes; it is for its reader alone, and not for a proxy that others ask too. */
const TILE = {
  'content-type': 'application/octet-stream',
  'cache-control': 'private, max-age=31536000, immutable',
};
const CHECKPOINT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/** Serves what is below `/log/` to an identified reader. The Host of the request was found to be ours. */
export async function serveRecordLog(
  { gateway, recordLog, challenge }: RecordLogOptions,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
): Promise<void> {
  const token = bearerOf(req.headers.authorization);
  const identified = await gateway.identify(token === null ? { kind: 'none' } : { kind: 'bearer', token });
  if (!identified.ok) {
    const { failure, detail } = identified;
    const remote = req.socket.remoteAddress;
    await gateway.doorRefused({
      failure,
      detail,
      transport: 'http',
      ...(remote === undefined ? {} : { remote }),
    });
    return sendJson(res, 401, '{"error":"unauthorized"}', { 'www-authenticate': challenge(failure) });
  }
  if (!recordLog.mayRead(identified.principal)) return sendJson(res, 403, '{"error":"not_a_reader"}');
  const resource = parseLogPath(path);
  const found = resource === null ? null : await read(recordLog, resource);
  if (found === null || resource === null) return sendJson(res, 404, '{"error":"not_found"}');
  // A checkpoint says nothing of any record, and is fetched every few seconds by who watches for it.
  if (resource.kind === 'checkpoint') return send(res, found, CHECKPOINT);
  try {
    await recordLog.reads(identified.principal, resource, req.socket.remoteAddress);
  } catch {
    return sendJson(res, 503, '{"error":"not_recorded"}');
  }
  send(res, found, TILE);
}

async function read(log: RecordLog, resource: LogResource): Promise<Uint8Array | null> {
  switch (resource.kind) {
    case 'checkpoint': {
      const note = await log.checkpoint();
      return note === null ? null : Buffer.from(note);
    }
    case 'tile':
      return await log.tile(resource.level, resource.index, resource.width);
    case 'entries':
      return await log.entries(resource.index, resource.width);
  }
}

function send(res: ServerResponse, bytes: Uint8Array, headers: OutgoingHttpHeaders): void {
  res.writeHead(200, { ...headers, 'content-length': bytes.length });
  res.end(bytes);
}
