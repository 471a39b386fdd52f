import type { DoorRefusal } from './gateway.ts';
import type { Log } from '../model/log.ts';
import type { JsonObject } from '../model/json.ts';
import type { NewRecord } from '../model/record.ts';

/**
 * Puts refusals at the door on record. Anybody who reaches the port can cause them, so they may not cost a record
 * each: the first ones of a minute are recorded one by one, the rest are counted and recorded as one.
 */
export interface DoorLog {
  /** Resolves once the refusal is durable or counted. Never rejects: a dead store is logged, and what it missed counted. */
  refused(refusal: DoorRefusal): Promise<void>;
  /** Records what a minute that is over has counted. Call it about once a minute. */
  sweep(): Promise<void>;
  /** Records everything that was counted, at shutdown, after the last request. */
  close(): Promise<void>;
}

export interface DoorLogOptions {
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly maskText: (text: string) => string;
  readonly log: Log;
  readonly limits?: Partial<DoorLogLimits>;
}

interface DoorLogLimits {
  /** Refusals of one failure and address in a minute that are recorded one by one: 20 unless told. */
  readonly oneByOne: number;
  /** The same over all failures and addresses: 300 unless told, for an address costs an attacker nothing. */
  readonly oneByOneOverall: number;
  /** Failures and addresses told apart in a minute: 256 unless told. Beyond, the address is `other`. */
  readonly sources: number;
}

const LIMITS: DoorLogLimits = { oneByOne: 20, oneByOneOverall: 300, sources: 256 };
const WINDOW_MS = 60_000;
/** What a client sent can be quoted in a detail, and has no length of its own. */
const MAX_DETAIL = 512;

interface Source {
  readonly refusal: DoorRefusal;
  oneByOne: number;
  counted: Counted | null;
}

/** Refusals that were not recorded one by one. Times in epoch milliseconds. */
interface Counted {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Of the last one. */
  readonly detail: string;
}

export function createDoorLog(options: DoorLogOptions): DoorLog {
  const { append, now, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  let sources = new Map<string, Source>();
  let overall = 0;
  let window = windowOf(now());
  let writing: Promise<void> = Promise.resolve();

  /** The bound holds for `other` as well: there are only so many failures. */
  function sourceOf(refusal: DoorRefusal): Source {
    const known = sources.get(keyOf(refusal));
    if (known !== undefined) return known;
    const named = sources.size < limits.sources ? refusal : { ...refusal, remote: 'other' };
    const source = sources.get(keyOf(named)) ?? { refusal: named, oneByOne: 0, counted: null };
    sources.set(keyOf(named), source);
    return source;
  }

  function count(refusal: DoorRefusal, more: Counted): void {
    const source = sourceOf(refusal);
    const { counted } = source;
    source.counted =
      counted === null
        ? more
        : {
            count: counted.count + more.count,
            first: Math.min(counted.first, more.first),
            last: Math.max(counted.last, more.last),
            detail: more.last >= counted.last ? more.detail : counted.detail,
          };
  }

  function eventOf({ failure, transport, remote }: DoorRefusal, detail: string): JsonObject {
    const said = masked(detail.slice(0, MAX_DETAIL));
    return { failure, detail: said, transport, ...(remote === undefined ? {} : { remote }) };
  }

  /** A detail that can't be masked is worth less than the refusal. */
  function masked(detail: string): string {
    try {
      return options.maskText(detail);
    } catch {
      return 'withheld: it could not be masked';
    }
  }

  function record(event: JsonObject): NewRecord {
    return { type: 'door.refused', time: now(), session: null, call: null, event, payload: null };
  }

  function notRecorded(error: unknown): void {
    log('error', { error: String(error) }, 'refusals at the door could not be put on record yet');
  }

  /** Begins a new minute and records, one batch after the other, what the old one counted. */
  function turn(): Promise<void> {
    const counted = [...sources.values()].flatMap(({ refusal, counted: held }) =>
      held === null ? [] : [{ refusal, held }],
    );
    sources = new Map();
    overall = 0;
    window = windowOf(now());
    if (counted.length > 0) writing = writing.then(() => writeCounted(counted));
    return writing;
  }

  async function writeCounted(
    counted: readonly { readonly refusal: DoorRefusal; readonly held: Counted }[],
  ): Promise<void> {
    const events = counted.map(({ refusal, held: { count: times, first, last, detail } }) => ({
      ...eventOf(refusal, detail),
      count: times,
      first,
      last,
    }));
    for (const event of events) log('warn', event, 'refused at the door, many times');
    try {
      await append(events.map(record));
    } catch (error) {
      for (const { refusal, held } of counted) count(refusal, held);
      notRecorded(error);
    }
  }

  return {
    async refused(refusal) {
      const time = now();
      if (windowOf(time) !== window) void turn();
      const { detail } = refusal;
      const once = { count: 1, first: time, last: time, detail };
      const source = sourceOf(refusal);
      if (source.oneByOne >= limits.oneByOne || overall >= limits.oneByOneOverall)
        return count(refusal, once);
      source.oneByOne += 1;
      overall += 1;
      // As it came, with its own address: that it shares a count with others is no reason to forget it.
      const event = eventOf(refusal, detail);
      log('warn', event, 'refused at the door');
      try {
        await append([record(event)]);
      } catch (error) {
        count(refusal, once);
        notRecorded(error);
      }
    },
    async sweep() {
      if (windowOf(now()) !== window) await turn();
    },
    async close() {
      await writing;
      await turn();
      // What the last batch could not take is told, for nobody will try again.
      const lost = [...sources.values()].reduce((sum, { counted }) => sum + (counted?.count ?? 0), 0);
      if (lost > 0) log('error', { count: lost }, 'refusals at the door are not on record');
    },
  };
}

function windowOf(time: number): number {
  return Math.floor(time / WINDOW_MS);
}

function keyOf({ failure, transport, remote }: DoorRefusal): string {
  return JSON.stringify([failure, transport, remote ?? null]);
}
