import type { Session } from '../session.ts';
import { ProcessEnded, type Connected } from './connect.ts';
import type { Lane } from './lane.ts';
import type { Reply, Request } from './protocol.ts';
import { SqliteFailure } from './errors.ts';

/** Who is told how long reads took. */
export type Times = Pick<Lane, 'saw' | 'sawCut'>;

/** How long past its time a process lives on where nobody ends it, in ms. */
const ORPHAN_MS = 2000;

/**
 * A session in a SQLite process. A read is one round trip, transaction and all; a write stays open in the process until
 * it is told to commit, so that as long as it was not told, killing it rolls back for certain.
 */
export function sqliteSession(connected: Connected, path: string, times: Times): Session {
  let started = false;
  let open = false;

  const ask = async (request: Request): Promise<Extract<Reply, { readonly ok: true }>> => {
    const reply = await connected.ask(request);
    if (reply.ok) return reply;
    started = reply.started;
    throw new SqliteFailure(reply.code, reply.message);
  };

  return {
    async begin() {
      started = false;
      open = false;
    },
    async execute(statement, terms) {
      started = true;
      const { readOnly, limits, serverTimeoutMs } = terms;
      const asked = performance.now();
      const reply = await ask({
        op: 'run',
        path,
        text: statement.text,
        values: statement.values,
        readOnly,
        limits,
        busyMs: serverTimeoutMs,
        endMs: serverTimeoutMs + ORPHAN_MS,
      }).catch((error: unknown) => {
        if (readOnly && error instanceof ProcessEnded) times.sawCut(statement, performance.now() - asked);
        throw error;
      });
      open = !readOnly;
      if (reply.table === undefined) throw new SqliteFailure(null, 'The statement gave no result.');
      if (readOnly) times.saw(statement, reply.tookMs ?? Infinity);
      return reply.table;
    },
    started: () => started,
    async commit() {
      open = false;
      await ask({ op: 'commit' });
    },
    async rollback() {
      // A write that failed was rolled back where it failed.
      if (open) {
        open = false;
        await ask({ op: 'rollback' });
      }
      return 'undone';
    },
    // The process opens a connection for each write, and a reader can't keep anything: there is nothing to clear.
    async reset() {},
    clean: () => !open,
    async ping() {
      await ask({ op: 'ping', path, endMs: ORPHAN_MS });
    },
    usable: () => !connected.lost(),
    cancel: () => connected.kill(),
    destroy: () => connected.kill(),
  };
}
