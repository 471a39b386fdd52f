import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createAppendQueue, type AppendItem } from '../append-queue.ts';
import { decodeApproval } from '../approval-row.ts';
import { encodeChange } from '../change.ts';
import { decodeRecord, encodeRecord } from '../entry.ts';
import { StoreRefused, StoreUnavailable, type Store } from '../store.ts';
import { createCheckpointing } from '../log/checkpointing.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import type { LogSettings } from '../log/log-files.ts';
import type { Found, ReadReply, ReadRequest, WriteReply, WriteRequest } from './protocol.ts';
import { checkLimit } from '../page-limit.ts';
import { ask, commitBatch, succeeded } from './ask-worker.ts';
import { endorsementsOf } from './endorsements.ts';
import { createProcessLocks } from './process-locks.ts';
import { disposalOf } from './disposal.ts';
import { sourceOf } from './source.ts';
import { createWorkerLink } from './worker-link.ts';

export interface SqliteStoreOptions {
  /** File, created with its directory where it is missing, for its owner alone. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Called for what the operator should see in the log. */
  readonly onEvent?: (event: SqliteStoreEvent) => void;
  readonly limits?: Partial<SqliteStoreLimits>;
  /** Where it is signed; absent: this opening signs nothing, and the next one that does signs its records too. */
  readonly log?: LogSettings;
  /** The key of the payloads; absent: a file beside the store, `.payload-key` after its name. */
  readonly keys?: MasterKeySource;
}

export interface SqliteStoreLimits {
  /** Records that may wait for a commit: 10,000 unless told. */
  readonly maxQueuedRecords: number;
  /** Characters of entries and bytes of payloads that may wait for a commit: 64 Mi unless told. */
  readonly maxQueuedBytes: number;
  /** Records in one commit: 2,048 unless told. */
  readonly maxBatchRecords: number;
}

export interface SqliteStoreEvent {
  readonly kind: 'append_failed' | 'append_recovered' | 'worker_died' | LogEvent;
  readonly detail: string;
}

/** `log_opened` has the verifier key as its detail. */
type LogEvent = 'log_opened' | 'checkpoint_file_missing' | 'checkpoint_failed';

/** At most one checkpoint in this time. Milliseconds. */
const CHECKPOINT_EVERY = 1_000;

const LIMITS: SqliteStoreLimits = {
  maxQueuedRecords: 10_000,
  maxQueuedBytes: 64 * 1024 * 1024,
  maxBatchRecords: 2_048,
};

/**
 * Opens the record in a SQLite file. One thread writes and one reads; another process may do the same at the same time.
 * Rejects with `StoreRefused` where the file is not ours, of a newer schema, or encrypted under another key, and with `StoreUnavailable` where it
 * can't be opened.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { clock, onEvent = () => undefined } = options;
  const path = resolve(options.path);
  const { log = null, keys = { kind: 'file', path: `${path}.payload-key` } } = options;
  const settings = { path, writer: randomUUID(), log, keys };
  const onDeath = (detail: string): void => onEvent({ kind: 'worker_died', detail });
  const writer = createWorkerLink<WriteRequest, WriteReply>({ url: worker('writer'), settings, onDeath });
  const reader = createWorkerLink<ReadRequest, ReadReply>({ url: worker('reader'), settings, onDeath });

  const processes = createProcessLocks(settings.path);

  let batch = 0;
  let failing = false;
  let opened = false;
  let unsigned = false;
  let closed: Promise<void> | null = null;
  let probing: Promise<void> | null = null;

  async function commit(items: readonly AppendItem[]): Promise<readonly boolean[]> {
    batch += 1;
    let done: readonly boolean[];
    try {
      done = await commitBatch(writer, batch, items);
    } catch (error) {
      if (!failing) onEvent({ kind: 'append_failed', detail: error instanceof Error ? error.message : '' });
      failing = true;
      throw error;
    }
    if (failing) onEvent({ kind: 'append_recovered', detail: 'records are taken again' });
    failing = false;
    if (opened) signing.appended();
    return done;
  }

  const queue = createAppendQueue({ ...LIMITS, ...options.limits, commit });

  const signing = createCheckpointing({
    everyMs: CHECKPOINT_EVERY,
    step: async () => {
      const reply = succeeded(await ask(writer, { kind: 'step_log', at: clock() }));
      unsigned = false;
      return reply.kind === 'said' && reply.yes;
    },
    onFailure: (error) => {
      if (!unsigned)
        onEvent({ kind: 'checkpoint_failed', detail: error instanceof Error ? error.message : '' });
      unsigned = true;
    },
  });

  async function openLog(): Promise<void> {
    const reply = await write({ kind: 'open_log' });
    if (reply.kind !== 'log') throw new Error(`the writer answered ${reply.kind}`);
    const { verifierKey, keptOutside } = reply.opened;
    onEvent({ kind: 'log_opened', detail: verifierKey });
    if (!keptOutside) onEvent({ kind: 'checkpoint_file_missing', detail: 'it was written anew' });
    opened = true;
    signing.begin();
  }

  async function write(request: WriteRequest): Promise<WriteReply> {
    if (closed !== null) throw new StoreUnavailable('closed', 'no', 'the store is closed');
    return succeeded(await ask(writer, request));
  }

  async function read(request: ReadRequest): Promise<Found> {
    if (closed !== null) throw new StoreUnavailable('closed', 'no', 'the store is closed');
    const reply = await ask(reader, request);
    if (reply.kind === 'refused') throw new StoreRefused(reply.reason, reply.message);
    if (reply.kind === 'failed') throw new StoreUnavailable('failed', 'no', reply.message);
    return reply;
  }

  async function readKeys(request: ReadRequest) {
    const reply = await read(request);
    if (reply.kind !== 'keys') throw new Error(`the reader answered ${reply.kind}`);
    return reply.keys;
  }

  async function readApprovals(request: ReadRequest) {
    const reply = await read(request);
    if (reply.kind !== 'approvals') throw new Error(`the reader answered ${reply.kind}`);
    return reply.rows.map(decodeApproval);
  }

  async function readRecords(request: ReadRequest) {
    const reply = await read(request);
    if (reply.kind !== 'records') throw new Error(`the reader answered ${reply.kind}`);
    return reply.rows.map(({ index, entry, payload }) => decodeRecord(index, entry, payload));
  }

  async function readBytes(request: ReadRequest) {
    const reply = await read(request);
    if (reply.kind !== 'bytes') throw new Error(`the reader answered ${reply.kind}`);
    return reply.bytes;
  }

  async function probe(): Promise<void> {
    try {
      await write({ kind: 'probe' });
    } finally {
      probing = null;
    }
  }

  async function close(): Promise<void> {
    await queue.drain();
    if (opened) await signing.close();
    // The last one to close moves what is in the write-ahead log into the database. Two that close at once each leave it
    // to the other, and then the file alone is not the whole record.
    await reader.close({ kind: 'close' });
    await writer.close({ kind: 'close' });
    processes.close();
  }

  try {
    await write({ kind: 'open', now: clock() });
    if (settings.log !== null) await openLog();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    append: async (records) => {
      await queue.append(records.map(encodeRecord), []);
    },
    appendWith: async (records, ...changes) => {
      if (records.length === 0) throw new TypeError('a change without a record of it');
      return await queue.append(records.map(encodeRecord), changes.map(encodeChange));
    },
    approval: async (id) => (await readApprovals({ kind: 'approval', id }))[0] ?? null,
    approvals: async (query) => {
      checkLimit(query.limit);
      return await readApprovals({ kind: 'approvals', query });
    },
    task: async (id) => {
      const reply = await read({ kind: 'task', id });
      if (reply.kind !== 'task') throw new Error(`the reader answered ${reply.kind}`);
      return reply.task;
    },
    countTasks: async (owner, now) => {
      const reply = await read({ kind: 'count_tasks', owner, now });
      if (reply.kind !== 'count') throw new Error(`the reader answered ${reply.kind}`);
      return reply.count;
    },
    forgetTasks: async (at) => {
      await write({ kind: 'forget_tasks', at });
    },
    secret: async (name) => {
      const reply = await write({ kind: 'secret', name, fresh: randomBytes(32).toString('hex') });
      if (reply.kind !== 'secret') throw new Error(`the writer answered ${reply.kind}`);
      return Buffer.from(reply.value, 'hex');
    },
    records: async (query) => {
      checkLimit(query.limit);
      return await readRecords({ kind: 'records', query });
    },
    latest: async (type, limit) => {
      checkLimit(limit);
      return await readRecords({ kind: 'latest', type, limit });
    },
    processes,
    sessions: async (query) => {
      checkLimit(query.limit);
      const reply = await read({ kind: 'sessions', query });
      if (reply.kind !== 'sessions') throw new Error(`the reader answered ${reply.kind}`);
      return reply.sessions;
    },
    putApiKey: async (key) => {
      await write({ kind: 'put_key', key });
    },
    findApiKey: async (id) => (await readKeys({ kind: 'find_key', id }))[0] ?? null,
    listApiKeys: () => readKeys({ kind: 'list_keys' }),
    revokeApiKey: async (id, at) => {
      const reply = await write({ kind: 'revoke_key', id, at });
      return reply.kind === 'said' && reply.yes;
    },
    published: {
      checkpoint: async () => {
        const reply = await read({ kind: 'checkpoint' });
        if (reply.kind !== 'note') throw new Error(`the reader answered ${reply.kind}`);
        return reply.note;
      },
      tile: (level, index, width) => readBytes({ kind: 'tile', level, index, width }),
      entries: (index, width) => readBytes({ kind: 'entries', index, width }),
    },
    source: sourceOf(read),
    disposal: disposalOf(write, read, () => opened && signing.appended()),
    endorsements: endorsementsOf(read, write),
    // Shared by everybody who asks at the same time: a probe is an fsync, and anybody may ask for readiness.
    health: () => (probing ??= probe()),
    stats: () => queue.stats(),
    close: () => (closed ??= close()),
  };
}

function worker(name: 'writer' | 'reader'): URL {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(`./${name}-worker${extension}`, import.meta.url);
}
