/** A row of the log as it lies in its table, with its payload. */
export interface RecordRow {
  readonly index: number;
  readonly type: unknown;
  readonly time: unknown;
  readonly session: unknown;
  readonly call: unknown;
  readonly entry: string;
  readonly payload: StoredPayload | null;
}

/** Where it was never sealed, it is in the clear. `key` names the data key that it is sealed under. */
export type StoredPayload =
  | { readonly kind: 'clear'; readonly body: string; readonly salt: string | null }
  | { readonly kind: 'sealed'; readonly key: number; readonly bytes: Buffer };

interface WrappedKey {
  readonly scope: string;
  readonly wrapped: Buffer;
}

interface CheckpointRow {
  readonly size: number;
  readonly note: string;
}

/** Where a record lies, read and never written, at one moment. */
export interface RecordSource {
  /** By index. */
  records(): AsyncIterable<RecordRow>;
  /** Entries of these types, by index. */
  entriesOf(types: readonly string[]): AsyncIterable<{ readonly index: number; readonly entry: string }>;
  /** By size. */
  checkpoints(): AsyncIterable<CheckpointRow>;
  /** Empty where there is no such tile. */
  tile(level: number, index: number): Promise<Buffer>;
  /** The id of the key that the data keys are wrapped by. Null where nothing is sealed. */
  payloadKey(): Promise<string | null>;
  /** Null where there is no such key. */
  dataKey(id: number): Promise<WrappedKey | null>;
  close(): Promise<void>;
}

/** What was found is not a record that this version can verify. */
export class NotARecord extends Error {
  override readonly name = 'NotARecord';
}
