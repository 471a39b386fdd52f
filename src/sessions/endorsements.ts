/** What is kept beside checkpoints: witnesses saw them, time-stamping authorities say when. Everything is durable once resolved. */
export interface Endorsements {
  /** One of this size and key that is there already stays as it is. */
  keepCosignature(cosignature: KeptCosignature): Promise<void>;
  /** The largest size that the witness with this key (`name+id`) cosigned; 0 where there is none. */
  cosignedSize(key: string): Promise<number>;
  /** The newest checkpoint that was cosigned, a note with all its cosignatures; null where there is none. */
  cosigned(): Promise<string | null>;
  /** One of this size that is there already stays as it is. */
  keepTimestamp(timestamp: KeptTimestamp): Promise<void>;
  /** The one of the largest size. */
  lastTimestamp(): Promise<KeptTimestamp | null>;
  /** By size, those of a size above `after`. `limit` is 1 to 10,000. */
  timestamps(after: number, limit: number): Promise<readonly (KeptTimestamp & { readonly note: string })[]>;
}

export interface KeptCosignature {
  /** Of a checkpoint that is stored. */
  readonly size: number;
  /** Of the witness: `name+id`. */
  readonly key: string;
  /** A line of the note, without its end. */
  readonly line: string;
  /** Seconds since the epoch, by the clock of the witness. */
  readonly time: number;
}

export interface KeptTimestamp {
  /** Of a checkpoint that is stored, whose note was stamped as it stands in the store, without cosignatures. */
  readonly size: number;
  /** A TimeStampToken of RFC 3161, in DER. */
  readonly token: Uint8Array;
  /** Epoch milliseconds, by the clock of the authority. */
  readonly genTime: number;
  /** Epoch milliseconds, by the clock of the gateway. */
  readonly at: number;
}
