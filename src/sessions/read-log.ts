import type { JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';

/** Somebody's look at what is on record. */
export interface RecordRead {
  /** The principal, with who vouches for it; or `os:` and the account that ran a command. */
  readonly by: string;
  readonly issuer?: string;
  readonly how: 'http' | 'console' | 'command';
  /** `tiles`: hashes of the log. `entries`: its records, without payloads. The others show masked payloads as well. */
  readonly what: 'tiles' | 'entries' | 'sessions' | 'session' | 'approvals' | 'approval' | 'evidence';
  /** The id of the session or of the request for approval. */
  readonly id?: string;
  /** Of entries, tiles and evidence: the records that were looked at, the first and the one after the last. */
  readonly range?: { readonly from: number; readonly to: number };
  readonly remote?: string;
}

/**
 * Puts on record who reads the record. Who follows a log fetches thousands of tiles: the first look of a kind is recorded
 * before it is granted, further ones of the same minutes are counted and recorded as one.
 */
export interface ReadLog {
  /** Resolves once it is on record or counted. Rejects where it can't be put on record: then nothing is to be shown. */
  read(read: RecordRead): Promise<void>;
  /** Records what a window that is over has counted. Call it about once a minute. */
  sweep(): Promise<void>;
  /** Records everything that was counted, at shutdown. */
  close(): Promise<void>;
}

export interface ReadLogOptions {
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const WINDOW_MS = 10 * 60_000;
/** Kinds of looks told apart at a time. Beyond, each is recorded for itself. */
const MAX_KINDS = 1_000;

interface Counted {
  readonly read: RecordRead;
  readonly since: number;
  count: number;
  last: number;
  from: number;
  to: number;
}

export function createReadLog({ append, now }: ReadLogOptions): ReadLog {
  let kinds = new Map<string, Counted>();

  async function write(old: readonly Counted[]): Promise<void> {
    const more = old.filter(({ count }) => count > 0);
    if (more.length === 0) return;
    try {
      await append(more.map((counted) => readRecord(counted.read, now(), counted)));
    } catch (error) {
      // They were shown: what can't be written yet is kept, and added to what comes.
      for (const counted of more) kinds.set(keyOf(counted.read), counted);
      throw error;
    }
  }

  return {
    async read(read) {
      const time = now();
      const known = kinds.get(keyOf(read));
      if (known !== undefined && time - known.since < WINDOW_MS) {
        known.count += 1;
        known.last = time;
        known.from = Math.min(known.from, read.range?.from ?? known.from);
        known.to = Math.max(known.to, read.range?.to ?? known.to);
        return;
      }
      kinds.delete(keyOf(read));
      await append([
        ...(known === undefined || known.count === 0 ? [] : [readRecord(known.read, time, known)]),
        readRecord(read, time, null),
      ]);
      if (kinds.size >= MAX_KINDS) return;
      kinds.set(keyOf(read), {
        read,
        since: time,
        count: 0,
        last: time,
        from: Number.POSITIVE_INFINITY,
        to: 0,
      });
    },
    async sweep() {
      const time = now();
      const over = [...kinds].filter(([, { since }]) => time - since >= WINDOW_MS);
      for (const [key] of over) kinds.delete(key);
      await write(over.map(([, counted]) => counted));
    },
    async close() {
      const all = [...kinds.values()];
      kinds = new Map();
      await write(all);
    },
  };
}

/** The record of one look or, with `counted`, of the further ones of its kind. */
export function readRecord(read: RecordRead, time: number, counted: Counted | null): NewRecord {
  const { by, issuer, how, what, id, remote } = read;
  const range = counted === null ? read.range : counted.to > 0 ? counted : undefined;
  const event: JsonObject = {
    by,
    ...(issuer === undefined ? {} : { issuer }),
    how,
    what,
    ...(id === undefined ? {} : { id }),
    ...(range === undefined ? {} : { from: range.from, to: range.to }),
    ...(remote === undefined ? {} : { remote }),
    ...(counted === null ? {} : { count: counted.count, first: counted.since, last: counted.last }),
  };
  return { type: 'record.read', time, session: null, call: null, event, payload: null };
}

function keyOf({ by, issuer, how, what, id, remote }: RecordRead): string {
  return JSON.stringify([by, issuer ?? null, how, what, id ?? null, remote ?? null]);
}
