import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Processes } from '../store.ts';

/** A random id, as `server.started` has it: it becomes part of a file's name. */
const ID = /^[\w-]{1,64}$/;

/**
 * One lock file beside the store for each process on it. The lock is SQLite's own, for Node.js has no other: the system
 * takes it from a process that ends, by whatever death, on every system and over the walls of containers.
 */
export function createProcessLocks(store: string): Processes & { readonly close: () => void } {
  const held = new Map<string, DatabaseSync>();

  const fileOf = (id: string): string => {
    if (!ID.test(id)) throw new TypeError('not the id of a process');
    return `${store}.process-${id}`;
  };

  function letGo(id: string, db: DatabaseSync): void {
    held.delete(id);
    // Gone before it is free: who finds no file makes one, and never waits for this.
    rmSync(fileOf(id), { force: true });
    db.close();
  }

  return {
    async enter(id) {
      const db = lock(fileOf(id));
      if (db === null) throw new Error('another process has the lock of this one');
      held.set(id, db);
    },
    async ifGone(id, work) {
      const db = lock(fileOf(id));
      if (db === null) return;
      held.set(id, db);
      try {
        await work();
      } catch (error) {
        held.delete(id);
        db.close();
        throw error;
      }
      letGo(id, db);
    },
    close() {
      for (const [id, db] of held) letGo(id, db);
    },
  };
}

/** Null where somebody has it. */
function lock(path: string): DatabaseSync | null {
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path);
  try {
    // A journal in memory: nothing is ever written, and no second file appears beside the first.
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
