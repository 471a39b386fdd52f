import type { ApiKey } from '../../model/api-key.ts';
import type { ApprovalRow } from '../approval-row.ts';
import type { KeptCosignature, KeptTimestamp } from '../endorsements.ts';
import type {
  ApprovalQuery,
  CheckpointQuery,
  RecordQuery,
  SessionQuery,
  SourceRecord,
  StoredCheckpoint,
  StoreRefused,
} from '../store.ts';
import type { Batch } from './batch.ts';
import type { SourceBounds } from './source-rows.ts';
import type { RecordType, SessionSummary } from '../../model/record.ts';
import type { Erasure, Hold, Order, PruneProgress, PruneStep, Rekeyed } from '../vault/disposal.ts';
import type { MasterKeySource } from '../vault/master-key.ts';
import type { LogSettings, OpenedLog } from '../log/log-files.ts';
import type { StoredTask } from '../../model/task.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly path: string;
  /** Names this opening of the store in the database: the mark of a commit. */
  readonly writer: string;
  /** Null where this opening signs nothing: a command, a test. */
  readonly log: LogSettings | null;
  /** The key that the data keys are wrapped by. */
  readonly keys: MasterKeySource;
}

/** What the writing thread is asked, one at a time and in order. */
export type WriteRequest =
  | { readonly kind: 'open'; readonly now: number }
  /** `batch` counts up from 1 for each writer. */
  | { readonly kind: 'append'; readonly batch: number; readonly packed: Batch }
  /** Is this batch on record? Asked of a new worker about the last batch of one that died. */
  | { readonly kind: 'settle'; readonly batch: number }
  | { readonly kind: 'probe' }
  | { readonly kind: 'put_key'; readonly key: ApiKey }
  | { readonly kind: 'revoke_key'; readonly id: string; readonly at: number }
  /** Deletes tasks that expired before. */
  | { readonly kind: 'forget_tasks'; readonly at: number }
  /** The secret of that name; `fresh` becomes it where there is none. */
  | { readonly kind: 'secret'; readonly name: string; readonly fresh: string }
  /** Is the log a continuation of what was signed? */
  | { readonly kind: 'open_log' }
  | { readonly kind: 'step_log'; readonly at: number }
  | { readonly kind: 'erase'; readonly order: Order }
  | { readonly kind: 'hold'; readonly id: string; readonly order: Order }
  | { readonly kind: 'release'; readonly id: string; readonly order: Omit<Order, 'subject'> }
  | { readonly kind: 'prune'; readonly step: PruneStep }
  | { readonly kind: 'rekey'; readonly fresh: MasterKeySource; readonly by: string; readonly at: number }
  | { readonly kind: 'keep_cosignature'; readonly cosignature: KeptCosignature }
  | { readonly kind: 'keep_timestamp'; readonly timestamp: KeptTimestamp }
  | { readonly kind: 'close' };

export type WriteReply =
  | { readonly kind: 'done' }
  /** Whether what was asked for was so, or became so. */
  | { readonly kind: 'said'; readonly yes: boolean }
  /** What became of the guarded items of a batch, in order; null where the batch is not on record. */
  | { readonly kind: 'appended'; readonly done: readonly boolean[] | null }
  | { readonly kind: 'secret'; readonly value: string }
  | { readonly kind: 'log'; readonly opened: OpenedLog }
  | { readonly kind: 'erasure'; readonly erasure: Erasure }
  | { readonly kind: 'pruned'; readonly progress: PruneProgress }
  | { readonly kind: 'rekeyed'; readonly rekeyed: Rekeyed }
  | { readonly kind: 'failed'; readonly recorded: 'no' | 'unknown'; readonly message: string }
  | Refused;

/** What the reading thread is asked. */
export type ReadRequest =
  | { readonly kind: 'records'; readonly query: RecordQuery }
  | { readonly kind: 'latest'; readonly type: RecordType; readonly limit: number }
  | { readonly kind: 'sessions'; readonly query: SessionQuery }
  | { readonly kind: 'find_key'; readonly id: string }
  | { readonly kind: 'list_keys' }
  | { readonly kind: 'approval'; readonly id: string }
  | { readonly kind: 'approvals'; readonly query: ApprovalQuery }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'count_tasks'; readonly owner: string; readonly now: number }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number }
  | { readonly kind: 'source_records'; readonly first: number; readonly end: number }
  | { readonly kind: 'source_checkpoints'; readonly query: CheckpointQuery }
  | { readonly kind: 'source_bounds'; readonly from: number; readonly to: number }
  | { readonly kind: 'source_tile'; readonly level: number; readonly index: number }
  | { readonly kind: 'holds' }
  | { readonly kind: 'cosigned' }
  | { readonly kind: 'cosigned_size'; readonly key: string }
  | { readonly kind: 'last_timestamp' }
  | { readonly kind: 'timestamps'; readonly after: number; readonly limit: number }
  | { readonly kind: 'close' };

export type ReadReply =
  | { readonly kind: 'records'; readonly rows: readonly RecordRow[] }
  | { readonly kind: 'sessions'; readonly sessions: readonly SessionSummary[] }
  | { readonly kind: 'keys'; readonly keys: readonly ApiKey[] }
  | { readonly kind: 'approvals'; readonly rows: readonly ApprovalRow[] }
  | { readonly kind: 'task'; readonly task: StoredTask | null }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'note'; readonly note: string | null }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | null }
  | { readonly kind: 'source_records'; readonly records: readonly SourceRecord[] }
  | { readonly kind: 'source_checkpoints'; readonly checkpoints: readonly StoredCheckpoint[] }
  | { readonly kind: 'source_bounds'; readonly bounds: SourceBounds | null }
  | { readonly kind: 'holds'; readonly holds: readonly Hold[] }
  | { readonly kind: 'last_timestamp'; readonly timestamp: KeptTimestamp | null }
  | {
      readonly kind: 'timestamps';
      readonly timestamps: readonly (KeptTimestamp & { readonly note: string })[];
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | Refused;

/** A reply that is what was asked for. */
export type Found = Exclude<ReadReply, { readonly kind: 'failed' | 'refused' }>;

interface Refused {
  readonly kind: 'refused';
  readonly reason: StoreRefused['reason'];
  readonly message: string;
}

/** A record as the tables hold it: strings cross threads faster than objects. */
export interface RecordRow {
  readonly index: number;
  readonly entry: string;
  readonly payload: string | null;
}
