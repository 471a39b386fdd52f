import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKey } from '../../model/api-key.ts';
import type { NewRecord } from '../../model/record.ts';
import type { AppendItem } from '../append-queue.ts';
import { encodeRecord } from '../entry.ts';
import { numberOf, textOf } from '../row.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { appendValues, APPEND, scopesOf } from './append-statement.ts';
import { changeAll, scopesOfChanges } from './changes.ts';
import { DatabaseProblem, unavailable, type Connection } from './connection.ts';
import { createLink, transaction } from './link.ts';
import { NoRecord } from './database.ts';
import type { Sealing, Vault } from './vault-rows.ts';

export interface Writer {
  /** `now` is epoch milliseconds. */
  open(now: number): Promise<void>;
  /**
   * Durable once it resolves: to which of the guarded items were done, in order. Rejects with `StoreUnavailable`, whose
   * `recorded` is `unknown` only where the database could not be asked for so long.
   */
  append(items: readonly AppendItem[]): Promise<readonly boolean[]>;
  /** A commit of its own. */
  probe(): Promise<void>;
  putKey(key: ApiKey): Promise<void>;
  revokeKey(id: string, at: number): Promise<boolean>;
  forgetTasks(at: number): Promise<void>;
  /** The secret of that name, which is `fresh` where there was none. */
  secret(name: string, fresh: string): Promise<string>;
  /** Somebody else's statements and records, in one transaction that has the lock of the log. */
  recorded<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Somebody else's statements, each a commit of its own. */
  write<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A transaction that may append. */
export interface Transaction {
  readonly connection: Connection;
  /** Records without payloads. They come after everything that was appended before. */
  readonly append: (records: readonly NewRecord[]) => void;
}

/** Marks of writers that were last seen before this are of no use to anybody. */
const FORGET_MARKS_MS = 30 * 24 * 60 * 60 * 1000;
/** How many marks of its own a writer lets lie: a row that was just deleted is still in the way of the next look-up. */
const KEEP_MARKS = 1_000;

/** Raised by the function `append`. */
const KEYS_ERASED = 'SY001';

/** How long the database is asked what became of a batch: a server that was killed is back within seconds. */
const SETTLE_FOR_MS = 10_000;
const SETTLE_EVERY_MS = 250;

/**
 * The only hand of this process that appends. `writer` names this opening of the store in the database. Where the answer of
 * a commit was lost, the mark of the batch tells whether it took place; and where it did not, a mark is put there, under
 * the same key, with which the batch can't be committed any more. So a request that is still on its way, or waits for a
 * lock in a session that nobody listens to, comes too late.
 */
export function createWriter(open: () => Promise<Connection>, writer: string, vault: Vault): Writer {
  const link = createLink(open);
  let batch = 0;
  let forgotten = 0;
  let lastTime = 0;

  async function append(items: readonly AppendItem[]): Promise<readonly boolean[]> {
    batch += 1;
    const mine = batch;
    let sent = false;
    try {
      const done = await link.through(async (connection) => {
        sent = true;
        return await commitBatch(connection, mine, items);
      });
      return done;
    } catch (error) {
      if (error instanceof StoreRefused) throw error;
      // No connection: nothing was asked of anybody.
      if (!sent) throw unavailable(error, 'no');
      const done = await settle(mine, error);
      if (done === null) throw unavailable(error, 'no');
      return done;
    }
  }

  async function commitBatch(
    connection: Connection,
    mine: number,
    items: readonly AppendItem[],
  ): Promise<readonly boolean[]> {
    for (const { records } of items) for (const { time } of records) lastTime = Math.max(lastTime, time);
    try {
      return await commitSealed(connection, mine, items);
    } catch (error) {
      if (!(error instanceof DatabaseProblem) || error.code !== KEYS_ERASED) throw error;
    }
    // Nothing was written. What is sealed anew is under keys that are not erased.
    vault.forget();
    await connection.run('ROLLBACK');
    return await commitSealed(connection, mine, items);
  }

  async function commitSealed(
    connection: Connection,
    mine: number,
    items: readonly AppendItem[],
  ): Promise<readonly boolean[]> {
    const all = items.flatMap((item) => item.records);
    const changes = items.flatMap((item) => item.changes);
    const keys = await vault.sealing(connection, [
      ...new Set([...scopesOf(all), ...scopesOfChanges(changes)]),
    ]);
    const mark = { writer, batch: mine, at: lastTime };
    if (changes.length === 0) {
      await connection.query(APPEND, ...appendValues({ ...mark, done: [] }, all, keys));
      return [];
    }
    await connection.run("BEGIN; SELECT 1 FROM log_lock WHERE name = 'append' FOR UPDATE");
    const done: boolean[] = [];
    const records = [];
    for (const item of items) {
      const changed = item.changes.length === 0 || (await changeAll(connection, item.changes, keys));
      if (item.changes.length > 0) done.push(changed);
      // Changes that are not done take their own records with them and no others.
      if (changed) records.push(...item.records);
    }
    await connection.query(APPEND, ...appendValues({ ...mark, done }, records, keys));
    await connection.run('COMMIT');
    return done;
  }

  async function recorded<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    batch += 1;
    const mine = batch;
    let sent = false;
    let result: { readonly value: T } | null = null;
    try {
      return await link.through(async (connection) => {
        sent = true;
        await connection.run("BEGIN; SELECT 1 FROM log_lock WHERE name = 'append' FOR UPDATE");
        const records: NewRecord[] = [];
        const value = await work({ connection, append: (more) => void records.push(...more) });
        result = { value };
        for (const { time } of records) lastTime = Math.max(lastTime, time);
        if (records.length > 0) {
          const mark = { writer, batch: mine, at: lastTime, done: [] };
          const keys = await nothingSealed(connection);
          await connection.query(APPEND, ...appendValues(mark, records.map(encodeRecord), keys));
        }
        await connection.run('COMMIT');
        return value;
      });
    } catch (error) {
      if (error instanceof StoreRefused) throw error;
      if (!sent || result === null) throw unavailable(error, 'no');
      if ((await settle(mine, error)) === null) throw unavailable(error, 'no');
      return told(result);
    }
  }

  /** Null where the batch is not on record and never will be. Throws where that can't be found out. */
  async function settle(mine: number, first: unknown): Promise<readonly boolean[] | null> {
    const until = performance.now() + SETTLE_FOR_MS;
    for (;;) {
      try {
        return await link.through((connection) => settleOnce(connection, mine));
      } catch (error) {
        if (error instanceof StoreRefused || performance.now() > until) throw unavailable(first, 'unknown');
      }
      await sleep(SETTLE_EVERY_MS);
    }
  }

  async function settleOnce(connection: Connection, mine: number): Promise<readonly boolean[] | null> {
    // Waits for a transaction that has put a mark of this batch there and has not ended.
    await connection.query(
      "INSERT INTO commit_mark VALUES ($1::text, $2::bigint, false, '', $3::bigint) ON CONFLICT DO NOTHING",
      writer,
      mine,
      lastTime,
    );
    const [mark] = await connection.query(
      'SELECT appended::int AS appended, done FROM commit_mark WHERE writer = $1::text AND batch = $2::bigint',
      writer,
      mine,
    );
    if (numberOf(mark, 'appended') === 0) return null;
    return Array.from(textOf(mark, 'done'), (bit) => bit === '1');
  }

  async function forgetMarks(connection: Connection): Promise<void> {
    if (batch - forgotten < KEEP_MARKS) return;
    forgotten = batch;
    await connection.query(
      'DELETE FROM commit_mark WHERE writer = $1::text AND batch < $2::bigint',
      writer,
      batch - 1,
    );
  }

  async function write<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await link.through(work);
    } catch (error) {
      if (error instanceof StoreRefused || error instanceof StoreUnavailable || error instanceof NoRecord)
        throw error;
      throw unavailable(error, error instanceof DatabaseProblem && error.said ? 'no' : 'unknown');
    }
  }

  return {
    open: (now) =>
      write(async (connection) => {
        lastTime = now;
        await connection.query('DELETE FROM commit_mark WHERE at < $1::bigint', now - FORGET_MARKS_MS);
      }),
    append,
    probe: () =>
      write(async (connection) => {
        batch += 1;
        await connection.query(
          "INSERT INTO commit_mark VALUES ($1::text, $2::bigint, false, '', $3::bigint)",
          writer,
          batch,
          lastTime,
        );
        await forgetMarks(connection);
      }),
    putKey: (key) =>
      write(async (connection) => {
        const { id, hash, service, groups, createdAt, createdBy, expiresAt, revokedAt } = key;
        await connection.query(
          `INSERT INTO api_key VALUES ($1::text, $2::text, $3::text, $4::text, $5::bigint, $6::text, $7::bigint, $8::bigint)`,
          id,
          hash,
          service,
          JSON.stringify(groups),
          createdAt,
          createdBy,
          expiresAt,
          revokedAt,
        );
      }),
    revokeKey: (id, at) =>
      write(async (connection) => {
        const sql =
          'UPDATE api_key SET revoked_at = $2::bigint WHERE id = $1::text AND revoked_at IS NULL RETURNING 1 AS one';
        return (await connection.query(sql, id, at)).length > 0;
      }),
    forgetTasks: (at) =>
      write(async (connection) => {
        await connection.query('DELETE FROM task WHERE expires_at < $1::bigint', at);
        await forgetMarks(connection);
      }),
    secret: (name, fresh) =>
      write((connection) =>
        transaction(connection, async () => {
          await connection.query(
            'INSERT INTO secret VALUES ($1::text, $2::text) ON CONFLICT DO NOTHING',
            name,
            fresh,
          );
          const [row] = await connection.query('SELECT value FROM secret WHERE name = $1::text', name);
          return textOf(row, 'value');
        }),
      ),
    recorded,
    write,
    close: () => link.close(),
  };
}

/** For records without payloads: as of now, whatever was erased in this very transaction. */
async function nothingSealed(connection: Connection): Promise<Sealing> {
  const [state] = await connection.query('SELECT erasures FROM vault');
  const key = (): never => {
    throw new Error('a record of administration has no payload');
  };
  return { erasures: numberOf(state, 'erasures'), key };
}

function told<T>({ value }: { readonly value: T }): T {
  return value;
}
