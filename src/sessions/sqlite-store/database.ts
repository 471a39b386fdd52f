import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreRefused } from '../store.ts';
import { syncDirectory } from '../sync-directory.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts';
import { numberOf } from '../row.ts';

/** How long a connection waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** A write-ahead log that a long reader made large is cut back to this. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Creates the file for its owner alone, before SQLite would create it for everybody the umask lets in. */
export function createFile(path: string): void {
  const directory = dirname(path);
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  syncDirectory(directory);
  if (first !== undefined) syncDirectory(dirname(first));
}

/**
 * Takes a file that is ours, or empty, to the newest schema. Throws `StoreRefused` where it is neither. `keys` is where
 * the key comes from that a store without one is given.
 */
export function openForWriting(path: string, keys: MasterKeySource): DatabaseSync {
  return open(path, (db) => {
    if (pragma(db, 'journal_mode') !== 'wal') db.exec('PRAGMA journal_mode = WAL');
    // FULL syncs the log at every commit; NORMAL would lose the last ones with the power.
    // What is erased is overwritten, and so are the pages that a migration lets go of.
    db.exec(
      `PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}; PRAGMA secure_delete = ON`,
    );
    if (migrate(db, keys)) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    // Once it is known to be ours. The write-ahead log takes over the mode.
    chmodSync(path, 0o600);
  });
}

/** A second connection, for reading what the first has committed. */
export function openForReading(path: string): DatabaseSync {
  return open(path, (db) => db.exec('PRAGMA query_only = ON'));
}

function open(path: string, prepare: (db: DatabaseSync) => void): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF`,
    );
    identify(db);
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Reads only: what is not ours is left as it was found. */
function identify(db: DatabaseSync): void {
  let id: unknown;
  let tables: number;
  try {
    id = pragma(db, 'application_id');
    tables = numberOf(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n');
  } catch (error) {
    if (isNotADatabase(error)) throw new StoreRefused('not_ours', 'the file is not a SQLite database');
    throw error;
  }
  if (id !== APPLICATION_ID && (id !== 0 || tables > 0)) {
    throw new StoreRefused('not_ours', 'the database belongs to another program');
  }
  const version = pragma(db, 'user_version');
  const newest = MIGRATIONS.length;
  if (typeof version === 'number' && version > newest) {
    const found = `the database has schema ${version}, and this version knows up to ${newest}`;
    throw new StoreRefused('newer_schema', `${found}: run the version that wrote it, or a newer one`);
  }
}

/** Whether there was something to do. */
function migrate(db: DatabaseSync, keys: MasterKeySource): boolean {
  if (pragma(db, 'user_version') === MIGRATIONS.length) return false;
  // Another process may be at it: who gets the lock second finds the work done. Closing rolls back where this throws.
  db.exec('BEGIN IMMEDIATE');
  identify(db);
  const version = Number(pragma(db, 'user_version'));
  for (const migration of MIGRATIONS.slice(version)) {
    db.exec(migration.sql);
    migration.fill?.(db, keys);
    db.exec(`PRAGMA user_version = ${migration.version}`);
  }
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
  return true;
}

function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

function isNotADatabase(error: unknown): boolean {
  const SQLITE_NOTADB = 26;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_NOTADB;
}
