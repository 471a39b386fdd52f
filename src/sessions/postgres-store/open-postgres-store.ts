import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredRecord } from '../../model/record.ts';
import { createAppendQueue, type AppendItem } from '../append-queue.ts';
import { decodeApproval } from '../approval-row.ts';
import { encodeChange } from '../change.ts';
import { decodeRecord, encodeRecord } from '../entry.ts';
import { createCheckpointing } from '../log/checkpointing.ts';
import type { LogSettings } from '../log/log-files.ts';
import { checkLimit } from '../page-limit.ts';
import { StoreRefused, StoreUnavailable, type Store } from '../store.ts';
import { DatabaseProblem, unavailable, type Connection, type PostgresPlace } from './connection.ts';
import { connectToRecord, migrate, NoRecord } from './database.ts';
import { disposalOf } from './disposal.ts';
import { endorsementsOf, noteWithCosignatures } from './endorsements.ts';
import { createLink, type Link } from './link.ts';
import { createLogKeeper } from './log-keeper.ts';
import { createProcessLocks } from './process-locks.ts';
import { publishedEntries, publishedTile } from './published-log.ts';
import * as reading from './reader.ts';
import { sourceOf } from './source.ts';
import { createVault } from './vault-rows.ts';
import { createWriter } from './writer.ts';
import type { MasterKeySource } from '../vault/master-key.ts';

export interface PostgresStoreOptions {
  /** Where the gateway works. */
  readonly place: PostgresPlace;
  /**
   * Who makes the tables and changes them for a newer version, with `place` given what it needs of them; `place` where
   * it is the same. Null: nothing is made or changed, and what is missing is an error.
   */
  readonly owner: PostgresPlace | null;
  /** Where the key comes from that payloads are encrypted under. */
  readonly keys: MasterKeySource;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Called for what the operator should see in the log. */
  readonly onEvent?: (event: PostgresStoreEvent) => void;
  readonly limits?: Partial<PostgresStoreLimits>;
  /** Where it is signed; absent: this opening signs nothing, and a gateway that does signs its records too. */
  readonly log?: LogSettings;
}

interface PostgresStoreLimits {
  /** Records that may wait for a commit: 10,000 unless told. */
  readonly maxQueuedRecords: number;
  /** Characters of entries and bytes of payloads that may wait for a commit: 64 Mi unless told. */
  readonly maxQueuedBytes: number;
  /** Records in one commit: 2,048 unless told. */
  readonly maxBatchRecords: number;
}

export interface PostgresStoreEvent {
  readonly kind:
    | 'append_failed'
    | 'append_recovered'
    | 'not_durable'
    /** With the verifier key as its detail. */
    | 'log_opened'
    | 'checkpoint_file_missing'
    | 'checkpoint_failed';
  readonly detail: string;
}

const CHECKPOINT_EVERY = 1_000;

/** How long an append, and how long a reading may take before its connection is given up. Milliseconds. */
const WRITE_MS = 15_000;
const READ_MS = 60_000;

const LIMITS: PostgresStoreLimits = {
  maxQueuedRecords: 10_000,
  maxQueuedBytes: 64 * 1024 * 1024,
  maxBatchRecords: 2_048,
};

/**
 * Opens the record in a schema of a PostgreSQL database, for any number of processes at a time. Rejects with `StoreRefused`
 * where the schema is not ours or of another version, with `NoRecord` where there is none and no owner to make it, and with
 * `StoreUnavailable` where the database can't be used.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { place, owner, clock, onEvent = () => undefined } = options;
  const vault = createVault(options.keys);
  const admitted = async (answerMs: number): Promise<Connection> => {
    const connection = await connectToRecord(place, answerMs);
    try {
      await vault.admit(connection);
      return connection;
    } catch (error) {
      await connection.destroy();
      throw error;
    }
  };
  const link = (answerMs: number): Link => createLink(() => admitted(answerMs));
  const writer = createWriter(() => admitted(WRITE_MS), randomUUID(), vault);
  // An auditor's long reading does not stand before the look at one approval.
  const [small, large, signer] = [link(READ_MS), link(READ_MS), link(WRITE_MS)];
  const processes = createProcessLocks(() => connectToRecord(place, WRITE_MS), place.schema);
  const keeper = options.log === undefined ? null : createLogKeeper(options.log, signer);

  let failing = false;
  let unsigned = false;
  let closing = false;
  let closed: Promise<void> | null = null;
  let begun = false;
  let probing: Promise<void> | null = null;

  async function commit(items: readonly AppendItem[]): Promise<readonly boolean[]> {
    let done: readonly boolean[];
    try {
      done = await writer.append(items);
    } catch (error) {
      if (!failing) onEvent({ kind: 'append_failed', detail: error instanceof Error ? error.message : '' });
      failing = true;
      throw error;
    }
    if (failing) onEvent({ kind: 'append_recovered', detail: 'records are taken again' });
    failing = false;
    if (keeper !== null) signing.appended();
    return done;
  }

  const queue = createAppendQueue({ ...LIMITS, ...options.limits, commit });

  const signing = createCheckpointing({
    everyMs: CHECKPOINT_EVERY,
    step: async () => {
      if (keeper === null) return false;
      const then = await keeper.step(clock(), closing);
      unsigned = false;
      if (then === 'later') signing.appended();
      return then === 'more';
    },
    onFailure: (error) => {
      if (!unsigned)
        onEvent({ kind: 'checkpoint_failed', detail: error instanceof Error ? error.message : '' });
      unsigned = true;
    },
  });

  async function openLog(): Promise<void> {
    if (keeper === null) return;
    const { verifierKey, keptOutside } = await keeper.open();
    onEvent({ kind: 'log_opened', detail: verifierKey });
    if (!keptOutside) onEvent({ kind: 'checkpoint_file_missing', detail: 'it was written anew' });
    begun = true;
    signing.begin();
  }

  async function warnOfLoss(connection: Connection): Promise<void> {
    const [row] = await connection.query("SELECT current_setting('fsync') AS fsync");
    if (row?.['fsync'] === 'off')
      onEvent({ kind: 'not_durable', detail: 'fsync is off: a power cut takes back what was acknowledged' });
  }

  function open(): void {
    if (closed !== null) throw new StoreUnavailable('closed', 'no', 'the store is closed');
  }

  async function read<T>(from: Link, work: (connection: Connection) => Promise<T>): Promise<T> {
    open();
    try {
      return await from.through(work).catch((error: unknown) => {
        // A connection that lay idle may be gone without a word. Reading twice hurts nobody.
        if (error instanceof DatabaseProblem && !error.said) return from.through(work);
        throw error;
      });
    } catch (error) {
      if (error instanceof StoreRefused || error instanceof RangeError) throw error;
      throw unavailable(error, 'no');
    }
  }

  async function probe(): Promise<void> {
    try {
      open();
      await writer.probe();
    } finally {
      probing = null;
    }
  }

  async function close(): Promise<void> {
    await queue.drain();
    closing = true;
    if (begun) await signing.close();
    await Promise.all([writer, small, large, signer, processes].map((each) => each.close()));
  }

  try {
    if (owner !== null) await migrate(owner, place.user);
    await writer.open(clock());
    await small.through(warnOfLoss);
    await openLog();
  } catch (error) {
    await close();
    if (error instanceof StoreRefused || error instanceof StoreUnavailable || error instanceof NoRecord)
      throw error;
    throw unavailable(error, 'no');
  }

  return {
    append: async (records) => {
      await queue.append(records.map(encodeRecord), []);
    },
    appendWith: async (records, ...changes) => {
      if (records.length === 0) throw new TypeError('a change without a record of it');
      return await queue.append(records.map(encodeRecord), changes.map(encodeChange));
    },
    approval: async (id) => {
      const row = await read(small, (connection) => reading.readApproval(connection, id, vault));
      return row === null ? null : decodeApproval(row);
    },
    approvals: async (query) => {
      checkLimit(query.limit);
      return (await read(small, (connection) => reading.readApprovals(connection, query, vault))).map(
        decodeApproval,
      );
    },
    task: (id) => read(small, (connection) => reading.readTask(connection, id)),
    countTasks: (owned, now) => read(small, (connection) => reading.countTasks(connection, owned, now)),
    forgetTasks: async (at) => {
      open();
      await writer.forgetTasks(at);
    },
    secret: async (name) => {
      open();
      return Buffer.from(await writer.secret(name, randomBytes(32).toString('hex')), 'hex');
    },
    records: async (query) => {
      checkLimit(query.limit);
      return (await read(large, (connection) => reading.readRecords(connection, query, vault))).map(decoded);
    },
    latest: async (type, limit) => {
      checkLimit(limit);
      return (await read(small, (connection) => reading.readLatest(connection, type, limit, vault))).map(
        decoded,
      );
    },
    processes,
    sessions: async (query) => {
      checkLimit(query.limit);
      return await read(large, (connection) => reading.readSessions(connection, query));
    },
    putApiKey: async (key) => {
      open();
      await writer.putKey(key);
    },
    findApiKey: (id) => read(small, (connection) => reading.findKey(connection, id)),
    listApiKeys: () => read(small, reading.listKeys),
    revokeApiKey: async (id, at) => {
      open();
      return await writer.revokeKey(id, at);
    },
    source: sourceOf((work) => read(large, work), vault),
    disposal: disposalOf(
      (work) => {
        open();
        return writer.recorded(work);
      },
      (work) => read(small, work),
      () => {
        if (keeper !== null) signing.appended();
      },
      options.keys,
    ),
    endorsements: endorsementsOf(
      (work) => read(small, work),
      (work) => {
        open();
        return writer.write(work);
      },
    ),
    published: {
      checkpoint: () => read(small, (connection) => noteWithCosignatures(connection, 'newest')),
      tile: (level, index, width) =>
        read(large, (connection) => publishedTile(connection, level, index, width)),
      entries: (index, width) => read(large, (connection) => publishedEntries(connection, index, width)),
    },
    // Shared by everybody who asks at the same time: a probe is an fsync, and anybody may ask for readiness.
    health: () => (probing ??= probe()),
    stats: () => queue.stats(),
    close: () => (closed ??= close()),
  };
}

function decoded({ index, entry, payload }: reading.RecordRow): StoredRecord {
  return decodeRecord(index, entry, payload);
}
