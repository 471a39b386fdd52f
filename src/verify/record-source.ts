/** A row of the log as it lies in its table, with its payload. */
export interface RecordRow {
  readonly index: number;
  readonly type: unknown;
  readonly time: unknown;
  readonly session: unknown;
  readonly call: unknown;
  readonly entry: string;
  readonly payload: { readonly body: string; readonly salt: string | null } | null;
}

interface CheckpointRow {
  readonly size: number;
  readonly note: string;
}

/** Where a record lies, read and never written, at one moment. */
export interface RecordSource {
  /** By index. */
  records(): AsyncIterable<RecordRow>;
  /** By size. */
  checkpoints(): AsyncIterable<CheckpointRow>;
  /** Empty where there is no such tile. */
  tile(level: number, index: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** What was found is not a record that this version can verify. */
export class NotARecord extends Error {
  override readonly name = 'NotARecord';
}
