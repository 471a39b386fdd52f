import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { TableResult } from '../../model/result.ts';
import type { Request } from './protocol.ts';
import { tableBuilder } from '../table.ts';
import { mayRun, readAuthorizer, writeAuthorizer } from './authorizer.ts';
import { cell, parameter } from './values.ts';

type Run = Extract<Request, { readonly op: 'run' }>;

/** What the process itself refuses; the engine's errors carry a code. */
export class WorkerRefused extends Error {}

/**
 * The database as one process holds it: a reader that stays open, and a writer that is opened for one call, so that no
 * temporary table, setting or half-open transaction of a write is met by another call.
 */
export function openDatabase(memoryLimit: number) {
  let reader: { readonly database: DatabaseSync; readonly identity: string } | null = null;
  let writer: DatabaseSync | null = null;
  let started = false;

  const readerOf = (path: string): DatabaseSync => {
    // A file that was replaced is another database; the old one would go on answering from beyond.
    const { dev, ino } = statSync(path);
    const identity = `${dev}:${ino}`;
    if (reader?.identity === identity) return reader.database;
    reader?.database.close();
    reader = null;
    const database = new DatabaseSync(path, { readOnly: true, allowExtension: false });
    settle(database);
    reader = { database, identity };
    return database;
  };

  const settle = (database: DatabaseSync): void => {
    if (typeof database.enableDefensive === 'function') database.enableDefensive(true);
    database.exec(`PRAGMA trusted_schema = OFF; PRAGMA hard_heap_limit = ${memoryLimit}`);
  };

  const read = (run: Run): TableResult => {
    const database = readerOf(run.path);
    authorize(database, null);
    database.exec(`PRAGMA busy_timeout = ${run.busyMs}; PRAGMA query_only = ON`);
    // Within a transaction neither VACUUM INTO nor ATTACH-and-DETACH can run, on builds without an authorizer too.
    database.exec('BEGIN');
    try {
      authorize(database, readAuthorizer);
      return fetch(database, run);
    } finally {
      authorize(database, null);
      finish(database);
    }
  };

  /** Some errors (a full disk, no memory) end the transaction by themselves; that reader is not trusted with another. */
  const finish = (database: DatabaseSync): void => {
    try {
      database.exec('ROLLBACK');
    } catch {
      database.close();
      reader = null;
    }
  };

  const write = (run: Run): TableResult => {
    if (!existsSync(run.path)) throw new WorkerRefused('The database file does not exist.');
    writer = new DatabaseSync(run.path, { allowExtension: false });
    settle(writer);
    writer.exec(`PRAGMA busy_timeout = ${run.busyMs}; PRAGMA foreign_keys = ON`);
    writer.exec('BEGIN IMMEDIATE');
    authorize(writer, writeAuthorizer);
    return fetch(writer, run);
  };

  const fetch = (database: DatabaseSync, run: Run): TableResult => {
    if (typeof database.setAuthorizer !== 'function' && !mayRun(run.text, run.readOnly))
      throw new WorkerRefused('This kind of statement is not run here.');
    const statement = database.prepare(run.text);
    oneStatement(run.text, statement.sourceSQL);
    requireArrays(statement);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const columns = statement.columns();
    const table = tableBuilder(run.limits);
    table.columns(columns.map((column) => ({ name: column.name, type: (column.type ?? '').toLowerCase() })));
    started = true;
    const values = run.values.map(parameter);
    if (columns.length === 0) statement.run(...values);
    else
      for (const row of rows(statement, values)) {
        // A write is stepped to its end: what it returns is shortened, what it does is not.
        if (!table.add(row.map(cell)) && run.readOnly) break;
      }
    return table.finish(run.readOnly ? null : changes(database));
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
    run(run: Run): TableResult {
      started = false;
      return run.readOnly ? read(run) : write(run);
    },
    started: () => started,
    end,
    /** Closes a writer whatever state it is in; SQLite rolls back what was open. */
    abandon(): void {
      writer?.close();
      writer = null;
    },
    ping(path: string): void {
      const statement = readerOf(path).prepare('SELECT 1 FROM sqlite_schema LIMIT 1');
      requireArrays(statement);
      statement.get();
    },
    /** A writer that was killed leaves a journal that only a connection with the right to write can roll back. */
    recover(path: string): void {
      if (!existsSync(path)) return;
      const database = new DatabaseSync(path);
      database.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
      database.close();
    },
  };
}

/** Rows that the one statement of this connection changed, those of its triggers not included. */
function changes(database: DatabaseSync): number {
  authorize(database, null);
  return Number(database.prepare('SELECT changes() AS n').get()?.['n'] ?? 0);
}

function* rows(statement: StatementSync, values: ReturnType<typeof parameter>[]) {
  for (const row of statement.iterate(...values)) {
    const cells: unknown = row;
    if (Array.isArray(cells)) yield cells.map((value: Parameters<typeof cell>[0]) => value);
  }
}

/** 22.16 and 24.0 brought rows as arrays: without them two columns of one name would become one. */
function requireArrays(statement: StatementSync): void {
  if (typeof statement.setReturnArrays === 'function') return;
  throw new WorkerRefused(`SQLite connections need Node.js 22.16 or later, and this is ${process.version}.`);
}

/** The engine compiles the first statement and ignores what follows, so what follows must be nothing. */
function oneStatement(text: string, compiled: string): void {
  const rest = text.slice(text.indexOf(compiled) + compiled.length);
  if (/^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/u.test(rest)) return;
  throw new WorkerRefused('A call runs one statement, and this text holds more.');
}

function authorize(database: DatabaseSync, authorizer: typeof readAuthorizer | null): void {
  if (typeof database.setAuthorizer === 'function') database.setAuthorizer(authorizer);
}
