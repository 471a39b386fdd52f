import { resolve } from 'node:path';
import type { Backend } from '../session.ts';
import type { SqliteOptions } from './options.ts';
import { createPool } from '../pool.ts';
import { shareOut } from '../turns.ts';
import { scrubber } from '../scrub.ts';
import { connect } from './connect.ts';
import { explain } from './errors.ts';
import { createLane } from './lane.ts';
import { sqliteSession, type Times } from './run.ts';

/** Idle processes end after this, in ms. Starting one takes about 60 ms, and one holds about 45 MB. */
const IDLE_MS = 300_000;

export function sqliteBackend(options: SqliteOptions): Backend {
  const path = resolve(options.path);
  const times: Times = {
    saw: (statement, tookMs) => lane?.saw(statement, tookMs),
    sawCut: (statement, afterMs) => lane?.sawCut(statement, afterMs),
  };
  const scrub = scrubber({ always: [path, options.path], words: [] });
  const max = options.pool?.max ?? 4;
  const pool = createPool({
    max,
    idleMs: IDLE_MS,
    open: async () => sqliteSession(connect(), path, times),
  });
  // Where there is to be one process, there is one.
  const lane = max > 1 ? createLane({ path, connect, idleMs: IDLE_MS }) : null;
  const shared = shareOut(pool, max);
  return {
    kind: 'sqlite',
    name: options.name,
    readOnly: options.readOnly ?? false,
    placeholders: 'question',
    pool: {
      ...shared,
      close: async () => {
        await Promise.all([shared.close(), lane?.close()]);
      },
    },
    readAmongOthers: (order, owner, over) => (order.fixed ? (lane?.read(order, owner, over) ?? null) : null),
    explain: (error) => explain(error, scrub),
    undoneByLoss: true,
    // The authorizer keeps a statement inside its file.
    undoable: () => true,
  };
}
