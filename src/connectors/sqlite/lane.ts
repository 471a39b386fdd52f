import type { TableResult } from '../../model/result.ts';
import type { Order, Statement } from '../statement.ts';
import type { Connected } from './connect.ts';
import { createQuickness, type Quickness } from './quickness.ts';

/**
 * One process that carries out many reads of many calls at a time: what came while it was busy goes to it in one message,
 * and comes back in one. Only for reads that are known to be quick. Going to and fro costs more than such a read does: 40 µs
 * of CPU for each that goes alone, 100 where the processor's caches are cold.
 */
export interface Lane {
  /**
   * Null where this read is to have a process to itself; so does the promise, where it should have had one. It never
   * rejects. One whose call is `over` is not begun. One that was begun is not cut: it is over, or its process is killed,
   * within `STALLED_MS`.
   */
  read(order: Asked, owner: string, over: () => boolean): Promise<TableResult | null> | null;
  /** `tookMs` is what a read took in a process of its own. */
  saw(statement: Statement, tookMs: number): void;
  /** `afterMs` is how long a read had in a process of its own that was killed or went away. */
  sawCut(statement: Statement, afterMs: number): void;
  /** Resolves once the process is gone. */
  close(): Promise<void>;
}

export interface LaneOptions {
  /** Of the database file. */
  readonly path: string;
  readonly connect: () => Connected;
  /** How long the process lives without being asked anything, in ms. */
  readonly idleMs: number;
  /** How long a message may take, in ms: `STALLED_MS` unless told. */
  readonly stalledMs?: number;
  /** Which statements are taken. */
  readonly quickness?: Quickness;
}

type Asked = Pick<Order, 'statement' | 'limits'>;

interface Waiting extends Asked {
  readonly owner: string;
  readonly over: () => boolean;
  readonly resolve: (table: TableResult | null) => void;
}

/** A message that is not answered by now holds a read that is not quick, or meets a lock. Milliseconds. */
const STALLED_MS = 200;
/** After that, nothing is put together for so long. Milliseconds. */
const REST_MS = 10_000;
/** Reads in one message. */
const MOST_AT_ONCE = 64;
/** Reads of one caller that wait or run; what is more goes to the pool, where each caller has a share. */
const MOST_OF_ONE = 128;
/** Bytes of one result: a message of them is made and read in one go, while everybody waits. */
const MOST_BYTES = 131_072;
/** A call that has less time than this does not share it. Milliseconds. */
const LEAST_TIMEOUT_MS = 1000;
/** How long a lock is waited for, in ms: next to nothing, for others wait, too. */
const BUSY_MS = 5;

/** What a read counts for that failed, was cut soon or was too large: neither quick nor slow. */
const SOMEHOW_MS = 10;

export function createLane(options: LaneOptions): Lane {
  const { path, connect, idleMs, stalledMs = STALLED_MS, quickness = createQuickness() } = options;
  let connected: Connected | null = null;
  let ready = false;
  let restsUntil = 0;
  let waiting: Waiting[] = [];
  let running = false;
  let closed = false;
  const owners = new Map<string, number>();
  const ending = new Set<Promise<void>>();
  const idle = setTimeout(() => end(), idleMs).unref();

  function start(): void {
    if (closed || connected !== null || performance.now() < restsUntil) return;
    const started = connect();
    connected = started;
    started.ask({ op: 'ping', path, endMs: stalledMs * 50 }).then(
      ({ ok }) => {
        if (connected !== started) return;
        ready = ok;
        if (!ok) rest();
      },
      () => {
        if (connected === started) rest();
      },
    );
    idle.refresh();
  }

  /** Lets the process go. What it was doing is done elsewhere: a read changes nothing. */
  function end(): void {
    const old = connected;
    connected = null;
    ready = false;
    if (old === null) return;
    const gone = old.kill();
    ending.add(gone);
    void gone.finally(() => ending.delete(gone));
  }

  function rest(): void {
    restsUntil = performance.now() + REST_MS;
    end();
  }

  function settle(one: Waiting, table: TableResult | null): void {
    const left = (owners.get(one.owner) ?? 1) - 1;
    if (left === 0) owners.delete(one.owner);
    else owners.set(one.owner, left);
    one.resolve(table);
  }

  async function run(): Promise<void> {
    // Calls go on together, where their intents were committed together: these are all here before the next turn.
    await nextTurn();
    while (waiting.length > 0) {
      const batch = nextBatch();
      if (batch.length === 0) continue;
      // One that was started meanwhile is not there yet.
      const tables = connected === null || !ready ? null : await carryOut(connected, batch);
      for (const [index, one] of batch.entries()) settle(one, tables?.[index] ?? null);
      idle.refresh();
    }
    running = false;
  }

  function nextBatch(): readonly Waiting[] {
    const next = waiting.slice(0, MOST_AT_ONCE);
    waiting = waiting.slice(MOST_AT_ONCE);
    for (const one of next) if (one.over()) settle(one, null);
    return next.filter((one) => !one.over());
  }

  /** Null where there is no answer, or none in time. */
  async function carryOut(
    process: Connected,
    batch: readonly Waiting[],
  ): Promise<readonly (TableResult | null)[] | null> {
    const stalled = setTimeout(() => {
      rest();
      // The others are timed where they run alone.
      for (const { statement, over } of batch) if (over()) quickness.saw(statement.text, stalledMs);
    }, stalledMs);
    try {
      const reply = await process.ask({
        op: 'reads',
        path,
        reads: batch.map(({ statement: { text, values }, limits }) => ({
          text,
          values,
          limits: { ...limits, bytes: Math.min(limits.bytes, MOST_BYTES) },
        })),
        busyMs: BUSY_MS,
        endMs: stalledMs * 2,
      });
      if (!reply.ok || reply.replies?.length !== batch.length) return null;
      return reply.replies.map((each, index) => {
        const asked = batch[index];
        if (asked === undefined) return null;
        // What went wrong, if it does again, is explained where it goes wrong alone; what is large goes alone.
        const table = each.ok && each.table !== undefined && isWhole(each.table, asked) ? each.table : null;
        quickness.saw(asked.statement.text, each.ok && table !== null ? (each.tookMs ?? 0) : SOMEHOW_MS);
        return table;
      });
    } catch {
      if (connected === process) rest();
      return null;
    } finally {
      clearTimeout(stalled);
    }
  }

  return {
    read({ statement, limits }, owner, over) {
      if (over() || limits.timeoutMs < LEAST_TIMEOUT_MS || !quickness.quick(statement.text)) return null;
      if (!ready) {
        start();
        return null;
      }
      const held = owners.get(owner) ?? 0;
      if (held >= MOST_OF_ONE) return null;
      owners.set(owner, held + 1);
      return new Promise((resolve) => {
        waiting.push({ statement, limits, owner, over, resolve });
        if (running) return;
        running = true;
        void run();
      });
    },
    saw: ({ text }, tookMs) => quickness.saw(text, tookMs),
    sawCut: ({ text }, afterMs) => quickness.saw(text, Math.max(afterMs, SOMEHOW_MS)),
    async close() {
      closed = true;
      clearTimeout(idle);
      end();
      await Promise.all(ending);
    },
  };
}

/** Whether it was cut by nothing but the call's own limits. */
function isWhole({ truncated }: TableResult, { limits }: Waiting): boolean {
  return truncated?.by !== 'bytes' || limits.bytes <= MOST_BYTES;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
