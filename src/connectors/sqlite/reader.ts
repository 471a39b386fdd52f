import { constants, type DatabaseSync } from 'node:sqlite';
import { authorize, readAuthorizer } from './authorizer.ts';
import { WorkerRefused } from './worker-refused.ts';
import { compile, requireArrays, type Compiled } from './compiled.ts';

/** A read-only connection that stays open for many calls and compiles a statement once. */
export interface Reader {
  /** Runs `work` in a transaction, which is rolled back. `busyMs` is how long a lock is waited for. */
  within<T>(busyMs: number, work: (transaction: Reading) => T): T;
  ping(): void;
  /** False once a transaction could not be ended, or too many statements were let go of: then it is to be closed. */
  usable(): boolean;
  close(): void;
}

/** One transaction of a reader. */
interface Reading {
  /** Throws what `use` throws, and where the transaction has ended by itself. */
  read<T>(text: string, use: (compiled: Compiled) => T): T;
}

/** Statements that are kept compiled. The least recently used falls out. */
const KEPT = 64;
/**
 * Statements that are let go of before the connection is closed. The collector frees one when it likes, and does not see
 * what the engine holds for it: 2,000 of 100 subqueries each had 350 MB.
 */
const LET_GO = 256;

/** `busyMs` is how long a lock is waited for while opening: one that recovers the file after a crash, for example. */
export function openReader(database: DatabaseSync, busyMs: number): Reader {
  // Only what a call brings is compiled while this is set, and compiled again by the engine where the schema changed.
  // To set the engine's authorizer for each call instead would make it forget every compiled statement.
  let guarded = false;
  authorize(database, (action, first, second) =>
    guarded ? readAuthorizer(action, first, second) : constants.SQLITE_OK,
  );
  // The lock first: to compile a statement is to read the schema.
  let busy = coarse(busyMs);
  database.exec(`PRAGMA busy_timeout = ${busy}; PRAGMA query_only = ON`);
  // Within a transaction neither VACUUM INTO nor ATTACH-and-DETACH can run, on builds without an authorizer too.
  const begin = database.prepare('BEGIN');
  const rollback = database.prepare('ROLLBACK');
  const schemaVersion = database.prepare('PRAGMA schema_version');
  const look = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1');

  const kept = new Map<string, Compiled>();
  let letGo = 0;
  let keptFor: unknown = null;
  let usable = true;

  /**
   * Asked within the transaction, which sees one schema to its end. What was compiled under another has other columns than
   * masking should be told of; and SQLite compiles by the schema that it remembers until a statement has looked.
   */
  const keepOneSchema = (): void => {
    const schema = schemaVersion.get()?.['schema_version'];
    if (schema === keptFor) return;
    letGo += kept.size;
    kept.clear();
    look.get();
    keptFor = schema;
  };

  const forget = (text: string): void => {
    kept.delete(text);
    letGo += 1;
  };

  const compiled = (text: string): Compiled => {
    const found = kept.get(text);
    kept.delete(text);
    const ready = found ?? compile(database, text, true);
    kept.set(text, ready);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) forget(oldest);
    return ready;
  };

  const waitAtMost = (ms: number): void => {
    if (busy === ms) return;
    database.exec(`PRAGMA busy_timeout = ${ms}`);
    busy = ms;
  };

  const reading: Reading = {
    read(text, use) {
      if (!database.isTransaction) throw new WorkerRefused('The transaction has ended.');
      try {
        return use(compiled(text));
      } catch (error) {
        forget(text);
        throw error;
      }
    },
  };

  return {
    within(ms, work) {
      waitAtMost(coarse(ms));
      try {
        begin.run();
        keepOneSchema();
        guarded = true;
        return work(reading);
      } finally {
        guarded = false;
        // Some errors (a full disk, no memory) end the transaction by themselves; this reader gets no other.
        try {
          rollback.run();
        } catch {
          usable = false;
        }
      }
    },
    ping() {
      requireArrays(look);
      look.get();
    },
    usable: () => usable && letGo < LET_GO,
    close() {
      // The engine holds the authorizer, and that this reader: neither would be collected.
      authorize(database, null);
      database.close();
    },
  };
}

/** Calls differ in the milliseconds that are left to them, and to tell the engine of each would cost more than it saves. */
function coarse(ms: number): number {
  return ms < 200 ? ms : Math.floor(ms / 100) * 100;
}
