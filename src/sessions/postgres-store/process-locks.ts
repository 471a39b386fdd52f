import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf } from '../row.ts';
import type { Processes } from '../store.ts';
import type { Connection } from './connection.ts';
import { createLink } from './link.ts';

/** How often a lock that went with its connection is taken again. Milliseconds. */
const LOOK_EVERY = 2_000;

/** A server that has just started knows none of its locks: processes that live take theirs again in this time. */
const SETTLED_AFTER = 3 * LOOK_EVERY;

/**
 * A lock of the database for each process, held by a session of its own: the server lets go of it once the connection ends,
 * by whatever death, and within some ten seconds where a whole machine dies. Where it is the server that died, a process
 * takes its lock again, and nobody is said to be gone before it could.
 */
export function createProcessLocks(
  open: () => Promise<Connection>,
  schema: string,
): Processes & { readonly close: () => Promise<void> } {
  const link = createLink(open);
  const mine = new Set<string>();
  const looking = new Set<string>();
  /** The connection that holds the locks of `mine`. */
  let holder: Connection | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function tryLock(connection: Connection, id: string): Promise<boolean> {
    const [row] = await connection.query(`SELECT pg_try_advisory_lock(${KEY})::int AS locked`, schema, id);
    return numberOf(row, 'locked') === 1;
  }

  async function unlock(connection: Connection, id: string): Promise<void> {
    await connection.query(`SELECT pg_advisory_unlock(${KEY})::text`, schema, id);
  }

  /** The server may have been away, or the way to it. */
  async function holdOn(): Promise<void> {
    await link.through(async (connection) => {
      if (connection === holder) return;
      for (const id of mine) await tryLock(connection, id);
      holder = connection;
    });
  }

  return {
    async enter(id) {
      await link.through(async (connection) => {
        if (!(await tryLock(connection, id))) throw new Error('another process has the lock of this one');
        for (const other of mine) if (connection !== holder) await tryLock(connection, other);
        mine.add(id);
        holder = connection;
      });
      // What fails now is tried again.
      timer ??= setInterval(() => void holdOn().catch(() => undefined), LOOK_EVERY);
      timer.unref();
    },
    async ifGone(id, work) {
      // A session may take its own lock a second time.
      if (mine.has(id) || looking.has(id)) return;
      looking.add(id);
      try {
        await sleep(await link.through(unsettledFor));
        if (!(await link.through((connection) => tryLock(connection, id)))) return;
        try {
          await work();
        } finally {
          await link.through((connection) => unlock(connection, id));
        }
      } finally {
        looking.delete(id);
      }
    },
    async close() {
      if (timer !== null) clearInterval(timer);
      await link.close();
    },
  };
}

const KEY = "hashtextextended('sallyport:process:' || $1::text || ':' || $2::text, 0)";

async function unsettledFor(connection: Connection): Promise<number> {
  const [row] = await connection.query(
    'SELECT (extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)::bigint AS up',
  );
  return Math.max(0, SETTLED_AFTER - numberOf(row, 'up'));
}
