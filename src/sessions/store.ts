import type { Endorsements } from './endorsements.ts';
import type { ApiKey } from '../model/api-key.ts';
import type { Approval, ApprovalChange, ApprovalStatus, Person } from '../model/approval.ts';
import type { NewRecord, RecordType, SessionSummary, StoredRecord } from '../model/record.ts';
import type { StoredTask, TaskChange } from '../model/task.ts';
import type { Disposal } from './vault/disposal.ts';

/**
 * Where the record is kept. A store is one append-only log of events with their payloads beside it, and the few
 * rows that must outlive a process.
 *
 * Indexes are assigned inside the transaction that appends, from 0 and without gaps, over all processes that
 * write to the store: an index that was acknowledged once is never given again, and every smaller one exists.
 */
export interface Store {
  /**
   * Appends all records, in the given order, or none of them. Appends of one store keep the order in which they
   * were called.
   *
   * Resolves once every record is durable: written, fsynced and visible to every reader. Nothing that happens
   * afterwards to the process or the machine takes it back.
   *
   * Rejects with `StoreUnavailable` where that can't be had. Its `recorded` tells what is known: `no` means that none
   * of them is on record nor ever will be; `unknown` means that a commit failed and the store could not be read back,
   * so that all of them may turn out to be on record. A store never resolves on a guess. The next append tries again.
   *
   * Rejects with `TypeError` for a record that can't be one: an event with a fraction, or one above 65,535 bytes.
   */
  append(records: readonly NewRecord[]): Promise<void>;

  /**
   * As `append`, with changes to approvals and tasks in the same transaction. Resolves to whether they were done: where
   * one of them is not as its change expects it, no change and none of the records is there. Over all processes that
   * write to the store, of two changes of one version exactly one is done. Beyond what `append` rejects with, it rejects
   * with `TypeError` a change without a record, and one whose version is not the next.
   */
  appendWith(records: readonly NewRecord[], ...changes: readonly StoreChange[]): Promise<boolean>;

  approval(id: string): Promise<Approval | null>;
  /** The youngest first. `limit` is 1 to 10,000. */
  approvals(query: ApprovalQuery): Promise<readonly Approval[]>;

  /** Also one that has expired and was not forgotten yet. */
  task(id: string): Promise<StoredTask | null>;
  /** How many tasks of this owner expire after `now`, in epoch milliseconds. */
  countTasks(owner: string, now: number): Promise<number>;
  /** Deletes the tasks that expired before `at`: they are no part of the record. */
  forgetTasks(at: number): Promise<void>;

  /**
   * Records in the order of the log. A page may hold fewer than `limit` (1 to 10,000) where they are large; only an
   * empty page is the end. Go on with `after` = the last index seen.
   */
  records(query: RecordQuery): Promise<readonly StoredRecord[]>;

  /** The newest records of one type that belong to no session and no call, the newest first. `limit` is 1 to 10,000. */
  latest(type: RecordType, limit: number): Promise<readonly StoredRecord[]>;

  /** Who runs on this store. */
  readonly processes: Processes;

  /** Sessions, the youngest first. `limit` is 1 to 10,000. */
  sessions(query: SessionQuery): Promise<readonly SessionSummary[]>;

  /**
   * A random secret of 32 bytes that belongs to this store: made when it is first asked for, and the same for every
   * process ever after.
   */
  secret(name: string): Promise<Uint8Array>;

  /** Durable once resolved. Rejects where the id is taken: a key is never overwritten. */
  putApiKey(key: ApiKey): Promise<void>;
  findApiKey(id: string): Promise<ApiKey | null>;
  /** By creation. Revoked and expired ones are among them. */
  listApiKeys(): Promise<readonly ApiKey[]>;
  /** Durable once resolved. False where there is no such key or it was revoked before, whose time then stands. */
  revokeApiKey(id: string, at: number): Promise<boolean>;

  /** The log as it lies in the store, byte for byte: what is proved, and handed to auditors. */
  readonly source: RecordSource;

  /** How payloads are erased, held and pruned. Absent where this kind of store can't yet. */
  readonly disposal?: Disposal;

  /** What others said of signed states. Absent where this kind of store keeps none. */
  readonly endorsements?: Endorsements;

  /** The signed log over the records, to be published. Absent where this kind of store has none. */
  readonly published?: PublishedLog;

  /** Resolves after a real commit. Rejects with `StoreUnavailable` where an append would fail now. */
  health(): Promise<void>;

  /** Records waiting for a commit, and records in the commit that is under way. */
  stats(): { readonly queued: number; readonly inFlight: number };

  /** Refuses new appends, commits what was accepted, and lets go of every file, thread and connection. */
  close(): Promise<void>;
}

/** Processes on one store. Each holds a lock that ends with it, however it ends: no clock and no number tells as surely. */
export interface Processes {
  /** Shows that the process `id`, which is this one, lives: until the store is closed or the process is no more. */
  enter(id: string): Promise<void>;
  /**
   * Runs `work` where the process `id` is gone: neither alive nor looked at by another that calls this. Resolves once
   * `work` is done, or at once where it is not run.
   */
  ifGone(id: string, work: () => Promise<void>): Promise<void>;
}

/** What a checkpoint covers, in the formats of C2SP tlog-tiles. Null where it is not covered. */
interface PublishedLog {
  /** The latest signed note, with the cosignatures it has. */
  checkpoint(): Promise<string | null>;
  /** The first `width` hashes of a tile. */
  tile(level: number, index: number, width: number): Promise<Uint8Array | null>;
  /** The entries under the first `width` hashes of a tile of level 0, as a bundle. */
  entries(index: number, width: number): Promise<Uint8Array | null>;
}

export interface RecordSource {
  /**
   * Records from index `first` to before `end`, in order and without a gap. A page may hold fewer where they are large;
   * only an empty one is the end of the log. Also records that no checkpoint covers yet.
   */
  readonly records: (first: number, end: number) => Promise<readonly SourceRecord[]>;
  readonly checkpoints: (query: CheckpointQuery) => Promise<readonly StoredCheckpoint[]>;
  /**
   * The first index whose record has a time at or after `from`, and the last whose time is before `to`, epoch
   * milliseconds: every record of the period is between them, whatever the clock did. Null where there is none.
   */
  readonly bounds: (
    from: number,
    to: number,
  ) => Promise<{ readonly first: number; readonly last: number } | null>;
  /** A tile of the tree as C2SP tlog-tiles has them: as many of its 256 hashes as there are. Null where there are none. */
  readonly tile: (level: number, index: number) => Promise<Uint8Array | null>;
}

/** What lies in the store of one record. */
export interface SourceRecord {
  readonly index: number;
  /** What a leaf hash is taken of. */
  readonly entry: string;
  readonly payload: SourcePayload;
}

export type SourcePayload =
  /** The record was written without one. */
  | { readonly kind: 'none' }
  /** The JSON that was committed to. `salt` is hex; null with entries of format 1, which commit to nothing. */
  | { readonly kind: 'kept'; readonly body: string; readonly salt: string | null }
  /** It was erased on purpose, and the store knows that it was. */
  | { readonly kind: 'erased' }
  /** The entry commits to one, and nothing is there. */
  | { readonly kind: 'missing' };

export interface CheckpointQuery {
  /** Sizes, both included. */
  readonly from: number;
  readonly to: number;
  /** Of each day of UTC only the last one, by the clock of the gateway that signed it. */
  readonly lastOfDay?: boolean;
  readonly order: 'smallest_first' | 'largest_first';
  /** 1 to 10,000. */
  readonly limit: number;
}

export interface StoredCheckpoint {
  /** Records it covers. */
  readonly size: number;
  /** The signed note, which is what counts. */
  readonly note: string;
  /** Epoch milliseconds, by the clock of the gateway that signed it. The signature does not cover it. */
  readonly at: number;
}

export type StoreChange = ApprovalChange | TaskChange;

export interface RecordQuery {
  readonly session?: string;
  readonly call?: string;
  /** Only records with a greater index. */
  readonly after?: number;
  readonly types?: readonly RecordType[];
  readonly limit: number;
}

export interface ApprovalQuery {
  readonly status?: readonly ApprovalStatus[];
  readonly digest?: string;
  /** Grants of a shape that are live: by requester, connection and shape. */
  readonly shape?: {
    readonly requester: Person;
    readonly connection: string;
    readonly tool: string;
    readonly shape: string;
  };
  /** Only what follows this place in the order, from the youngest to the oldest: how to read on, page by page. */
  readonly before?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}

export interface SessionQuery {
  readonly id?: string;
  readonly principal?: string;
  /** Epoch milliseconds: sessions with a record at or after it. */
  readonly since?: number;
  /** Epoch milliseconds: sessions opened before it. */
  readonly until?: number;
  /** Only those without (or, with false, only those with) a `session.closed` record. */
  readonly open?: boolean;
  readonly limit: number;
}

/** The store can't do it now. The message is for the operator's log and holds nothing of a record. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** `overloaded`: the queue is full. `closed`: `close` was called. `failed`: disk, lock or thread. */
  readonly reason: 'overloaded' | 'closed' | 'failed';
  /** Whether what was to be written is on record. */
  readonly recorded: 'no' | 'unknown';

  constructor(reason: StoreUnavailable['reason'], recorded: StoreUnavailable['recorded'], message: string) {
    super(message);
    this.reason = reason;
    this.recorded = recorded;
  }
}

/** The store can't be opened, and trying again will not help: a person has to look. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  /**
   * `not_ours`: another program's data. `newer_schema`: written by a newer version of this one. `older_schema`: nobody
   * migrated it. `log_damaged`: not a continuation of what was signed. `key_missing`, `key_wrong`: the key that its payloads are encrypted under is not
   * there, or is another.
   */
  readonly reason: 'not_ours' | 'newer_schema' | 'older_schema' | 'log_damaged' | 'key_missing' | 'key_wrong';

  constructor(reason: StoreRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
