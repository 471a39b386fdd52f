import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ApiKey } from '../../model/api-key.ts';
import type { NewRecord } from '../../model/record.ts';
import type { AppendItem } from '../append-queue.ts';
import type { EncodedChange } from '../change.ts';
import { encodeRecord, type EncodedRecord } from '../entry.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import { keyScope } from '../vault/scope.ts';
import { sealSalted } from '../vault/seal.ts';
import { approvalStatements, changeApproval, type ApprovalStatements } from './approval-rows.ts';
import { createFile, openForWriting } from './database.ts';
import { numberOf, textOf } from '../row.ts';
import { sessionChanges } from '../session-rows.ts';
import { changeSession, sessionStatements, type SessionStatements } from './session-row.ts';
import { changeTask, INSERT_TASK, UPDATE_TASK } from './task-row.ts';
import { vaultOf, type Vault } from './vault-rows.ts';

/** A commit whose result could not be found out. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}

export interface Writer {
  /** Throws where the file can't be used. `now` is epoch milliseconds. */
  open(now: number): void;
  /**
   * Durable when it returns: which of the guarded items were done, in order. When it throws nothing was written, except
   * for `CommitUnknown`.
   */
  append(batch: number, items: readonly AppendItem[]): readonly boolean[];
  /** The same of a batch that was committed, null of one that was not. Durably so, either way, when it returns. */
  settle(batch: number): readonly boolean[] | null;
  probe(): void;
  putKey(key: ApiKey): void;
  revokeKey(id: string, at: number): boolean;
  forgetTasks(at: number): void;
  /** One transaction of somebody else's statements. Throws `CommitUnknown` where it may have been committed. */
  transaction<T>(work: (db: DatabaseSync) => T): T;
  /** The same, with records that are appended in it. */
  recorded<T>(work: (transaction: Transaction) => T): T;
  /** Whether the write-ahead log is empty now, so that what was deleted is in no file. */
  flush(): boolean;
  /** The secret of that name, which is `fresh` where there was none. */
  secret(name: string, fresh: string): string;
  close(): void;
}

/** A transaction that may append. */
export interface Transaction {
  readonly db: DatabaseSync;
  readonly append: (records: readonly NewRecord[]) => void;
}

interface Connection {
  readonly db: DatabaseSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly next: StatementSync;
  readonly event: StatementSync;
  readonly payload: StatementSync;
  readonly session: SessionStatements;
  readonly mark: StatementSync;
  readonly guardMark: StatementSync;
  readonly approval: ApprovalStatements;
  readonly task: { readonly insert: StatementSync; readonly update: StatementSync };
  readonly touch: StatementSync;
  readonly vault: Vault;
}

/** Marks of writers that were last seen before this are of no use to anybody. */
const FORGET_MARKS_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The only hand of this process that writes. After any failure the connection is dropped, which rolls back what it had
 * open, and the next request makes a new one: recovery is the path that is taken anyhow.
 */
export function createWriter(path: string, writer: string, keys: MasterKeySource): Writer {
  let connection: Connection | null = null;
  let lastTime = 0;

  function connect(): Connection {
    connection ??= prepare(openForWriting(path, keys), keys);
    return connection;
  }

  function disconnect(): void {
    const old = connection;
    connection = null;
    old?.db.close();
  }

  /** Throws `CommitUnknown` where COMMIT itself failed; after any other error nothing was written. */
  function transaction<T>(work: (c: Connection) => T): T {
    let committing = false;
    try {
      const c = connect();
      // Takes the lock first, so that the next index can't be taken by another process.
      c.begin.run();
      const result = work(c);
      committing = true;
      c.commit.run();
      return result;
    } catch (error) {
      disconnect();
      if (committing) throw new CommitUnknown(messageOf(error));
      throw error;
    }
  }

  function append(batch: number, items: readonly AppendItem[]): readonly boolean[] {
    return transaction((c) => {
      c.vault.refresh();
      const done: boolean[] = [];
      // Changes that are not done take their own records with them and no others.
      const records = items.flatMap((item) => {
        if (item.changes.length === 0) return item.records;
        const changed = changeAll(c, item.changes);
        done.push(changed);
        return changed ? item.records : [];
      });
      insert(c, records);
      c.mark.run(writer, batch, lastTime);
      if (done.length > 0) c.guardMark.run(writer, batch, done.map(Number).join(''));
      return done;
    });
  }

  function insert(c: Connection, records: readonly EncodedRecord[]): void {
    let index = numberOf(c.next.get(), 'next');
    for (const { type, time, session, call, entry, payload, commitment } of records) {
      c.event.run(index, type, time, session, call, entry);
      if (payload !== null && commitment !== null) {
        const key = c.vault.sealing(keyScope(session, time));
        const bound = Buffer.from(commitment, 'hex');
        c.payload.run(index, key.id, sealSalted(key.key, bound, payload));
      }
      index += 1;
      lastTime = Math.max(lastTime, time);
    }
    for (const row of sessionChanges(records)) changeSession(c.session, row);
  }

  /** All of them or none. One is one statement, of several the first are taken back. */
  function changeAll(c: Connection, changes: readonly EncodedChange[]): boolean {
    const [only] = changes;
    if (changes.length === 1 && only !== undefined) return change(c, only);
    // Before the savepoint: a key that is remembered must not be taken back.
    for (const each of changes) if (!('task' in each)) c.vault.sealing(each.session);
    c.db.exec('SAVEPOINT changes');
    const all = changes.every((each) => change(c, each));
    if (!all) c.db.exec('ROLLBACK TO changes');
    c.db.exec('RELEASE changes');
    return all;
  }

  function change(c: Connection, encoded: EncodedChange): boolean {
    return 'task' in encoded ? changeTask(c.task, encoded) : changeApproval(c.approval, c.vault, encoded);
  }

  /**
   * A commit that failed at its fsync may still be in the write-ahead log, and come back when that is next recovered.
   * So: a new connection, which recovers; what it sees is what is; a commit of its own, which overwrites what it does
   * not see; and where the batch is seen, a checkpoint, because pages whose fsync failed once may be clean in memory
   * and missing on the disk.
   */
  function settle(batch: number): readonly boolean[] | null {
    disconnect();
    const found = transaction((c) => {
      const row = c.db.prepare('SELECT batch FROM commit_mark WHERE writer = ?').get(writer);
      c.touch.run(writer, lastTime);
      if (row === undefined || numberOf(row, 'batch') < batch) return null;
      const sql = 'SELECT done FROM guard_mark WHERE writer = ? AND batch = ?';
      const guards = c.db.prepare(sql).get(writer, batch);
      return guards === undefined ? [] : Array.from(textOf(guards, 'done'), (bit) => bit === '1');
    });
    if (found !== null) {
      const checkpoint = connect().db.prepare('PRAGMA wal_checkpoint(FULL)').get();
      if (numberOf(checkpoint, 'busy') !== 0) throw new Error('the log could not be checkpointed');
    }
    return found;
  }

  return {
    open: (now) => {
      lastTime = now;
      createFile(path);
      transaction((c) => {
        c.db.prepare('DELETE FROM commit_mark WHERE at < ?').run(now - FORGET_MARKS_MS);
        c.db.exec('DELETE FROM guard_mark WHERE writer NOT IN (SELECT writer FROM commit_mark)');
      });
    },
    append: (batch, items) => {
      try {
        return append(batch, items);
      } catch (error) {
        if (!(error instanceof CommitUnknown)) throw error;
        const done = settled(() => settle(batch), error);
        if (done === null) throw new Error(error.message, { cause: error });
        return done;
      }
    },
    settle: (batch) => settled(() => settle(batch), null),
    probe: () => {
      transaction((c) => {
        c.touch.run(writer, lastTime);
      });
    },
    putKey: (key) => {
      transaction((c) => {
        const { id, hash, service, groups, createdAt, createdBy, expiresAt, revokedAt } = key;
        c.db
          .prepare('INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
          .run(id, hash, service, JSON.stringify(groups), createdAt, createdBy, expiresAt, revokedAt);
      });
    },
    revokeKey: (id, at) =>
      transaction((c) => {
        const sql = 'UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL';
        return Number(c.db.prepare(sql).run(at, id).changes) > 0;
      }),
    forgetTasks: (at) => {
      transaction((c) => {
        c.db.prepare('DELETE FROM task WHERE expires_at < ?').run(at);
      });
    },
    transaction: (work) => transaction((c) => work(c.db)),
    recorded: (work) =>
      transaction((c) => {
        c.vault.refresh();
        return work({ db: c.db, append: (records) => insert(c, records.map(encodeRecord)) });
      }),
    flush: () => {
      const checkpoint = connect().db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      return numberOf(checkpoint, 'busy') === 0;
    },
    secret: (name, fresh) =>
      transaction((c) => {
        c.db.prepare('INSERT INTO secret VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, fresh);
        return textOf(c.db.prepare('SELECT value FROM secret WHERE name = ?').get(name), 'value');
      }),
    close: disconnect,
  };
}

/** Whatever goes wrong while finding out leaves it unknown. */
function settled<T>(find: () => T, first: CommitUnknown | null): T {
  try {
    return find();
  } catch (error) {
    throw new CommitUnknown(first?.message ?? messageOf(error), { cause: error });
  }
}

function prepare(db: DatabaseSync, keys: MasterKeySource): Connection {
  return {
    db,
    vault: vaultOf(db, keys),
    // Prepared: `exec` reads a statement anew each time, and a commit is two of them.
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    next: db.prepare('SELECT coalesce(max(idx) + 1, 0) AS next FROM event'),
    event: db.prepare('INSERT INTO event (idx, type, time, session, call, entry) VALUES (?, ?, ?, ?, ?, ?)'),
    payload: db.prepare('INSERT INTO payload (idx, key, sealed) VALUES (?, ?, ?)'),
    session: sessionStatements(db),
    mark: db.prepare(`
      INSERT INTO commit_mark VALUES (?, ?, ?, 0)
      ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, at = max(at, excluded.at)`),
    guardMark: db.prepare(`
      INSERT INTO guard_mark VALUES (?, ?, ?)
      ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, done = excluded.done`),
    approval: approvalStatements(db),
    task: { insert: db.prepare(INSERT_TASK), update: db.prepare(UPDATE_TASK) },
    touch: db.prepare(`
      INSERT INTO commit_mark VALUES (?, 0, ?, 1)
      ON CONFLICT (writer) DO UPDATE SET touched = touched + 1, at = max(at, excluded.at)`),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
