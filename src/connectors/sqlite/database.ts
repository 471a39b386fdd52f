import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Request } from './protocol.ts';
import { tableBuilder } from '../table.ts';
import { authorize, writeAuthorizer } from './authorizer.ts';
import { compile, rows, type Compiled } from './compiled.ts';
import { openReader, type Reader } from './reader.ts';
import { parameter } from './values.ts';
import { WorkerRefused } from './worker-refused.ts';

type Run = Extract<Request, { readonly op: 'run' }>;
type Reads = Extract<Request, { readonly op: 'reads' }>;

/** How long a ping waits for a lock, in ms. */
const PING_BUSY_MS = 1000;

/**
 * The database as one process holds it: a reader that stays open, and a writer that is opened for one call, so that no
 * temporary table, setting or half-open transaction of a write is met by another call.
 */
export function openDatabase(memoryLimit: number) {
  let reader: { readonly open: Reader; readonly identity: string } | null = null;
  let writer: DatabaseSync | null = null;
  let started = false;

  const readerOf = (path: string, busyMs: number): Reader => {
    // A file that was replaced is another database; the old one would go on answering from beyond.
    const { dev, ino } = statSync(path);
    const identity = `${dev}:${ino}`;
    if (reader?.identity === identity && reader.open.usable()) return reader.open;
    reader?.open.close();
    reader = null;
    const database = new DatabaseSync(path, { readOnly: true, allowExtension: false });
    try {
      settle(database);
      reader = { open: openReader(database, busyMs), identity };
      return reader.open;
    } catch (error) {
      database.close();
      throw error;
    }
  };

  const settle = (database: DatabaseSync): void => {
    if (typeof database.enableDefensive === 'function') database.enableDefensive(true);
    database.exec(`PRAGMA trusted_schema = OFF; PRAGMA hard_heap_limit = ${memoryLimit}`);
    // Node's own build of SQLite counts no memory (DEFAULT_MEMSTATUS=0), and keeps no heap limit.
    if (typeof database.limits === 'object') database.limits.length = memoryLimit;
  };

  const write = (run: Run): string => {
    if (!existsSync(run.path)) throw new WorkerRefused('The database file does not exist.');
    writer = new DatabaseSync(run.path, { allowExtension: false });
    settle(writer);
    writer.exec(`PRAGMA busy_timeout = ${run.busyMs}; PRAGMA foreign_keys = ON`);
    writer.exec('BEGIN IMMEDIATE');
    authorize(writer, writeAuthorizer);
    return fetch(compile(writer, run.text, false), run, writer);
  };

  /** A table, as JSON. Rows changed are counted for the writer that is given. */
  const fetch = (
    compiled: Compiled,
    run: Pick<Run, 'values' | 'limits' | 'readOnly'>,
    changing: DatabaseSync | null,
  ): string => {
    const { statement, columns } = compiled;
    const table = tableBuilder(run.limits);
    table.columns(columns);
    started = true;
    const values = run.values.map(parameter);
    if (columns.length === 0) statement.run(...values);
    else
      for (const row of rows(compiled, values)) {
        // A write is stepped to its end: what it returns is shortened, what it does is not.
        if (!table.add(row) && run.readOnly) break;
      }
    return table.finishAsJson(changing === null ? null : changes(changing));
  };

  const end = (how: 'COMMIT' | 'ROLLBACK'): void => {
    if (writer === null) return;
    const database = writer;
    authorize(database, null);
    database.exec(how);
    writer = null;
    database.close();
  };

  return {
    /** A table, as JSON. */
    run(run: Run): string {
      started = false;
      if (!run.readOnly) return write(run);
      return readerOf(run.path, run.busyMs).within(run.busyMs, (reading) =>
        reading.read(run.text, (compiled) => fetch(compiled, run, null)),
      );
    },
    /** Reads of several calls, of one state of the database. `each` is given every one to run: a table, as JSON. */
    together({ path, busyMs, reads }: Reads, each: (run: () => string) => string): readonly string[] {
      return readerOf(path, busyMs).within(busyMs, (reading) =>
        reads.map(({ text, values, limits }) => {
          started = false;
          return each(() =>
            reading.read(text, (compiled) => fetch(compiled, { values, limits, readOnly: true }, null)),
          );
        }),
      );
    },
    started: () => started,
    end,
    /** Closes a writer whatever state it is in; SQLite rolls back what was open. */
    abandon(): void {
      writer?.close();
      writer = null;
    },
    ping(path: string): void {
      readerOf(path, PING_BUSY_MS).ping();
    },
    /** A writer that was killed leaves a journal that only a connection with the right to write can roll back. */
    recover(path: string, busyMs: number): void {
      if (!existsSync(path)) return;
      const database = new DatabaseSync(path);
      database.exec(`PRAGMA busy_timeout = ${busyMs}; SELECT 1 FROM sqlite_schema LIMIT 1`);
      database.close();
    },
  };
}

/** Rows that the one statement of this connection changed, those of its triggers not included. */
function changes(database: DatabaseSync): number {
  authorize(database, null);
  return Number(database.prepare('SELECT changes() AS n').get()?.['n'] ?? 0);
}
