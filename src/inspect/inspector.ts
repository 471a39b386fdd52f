import type { SqlDialect, SqlInspection } from '../model/facts.ts';
import { keepRecent } from './recent.ts';
import { openLane, type Lane } from './lane.ts';

/** Tells what commands would do. */
export interface Inspector {
  /** The facts of a SQL text, or why there are none. Never rejects; the same text is remembered. */
  readonly sql: (dialect: SqlDialect, text: string) => Promise<SqlInspection>;
  /** Loads the parsers, so that the first call does not wait for them. Rejects where they can't be loaded. */
  readonly warm: () => Promise<void>;
  /** Ends the workers. What is still asked is refused. */
  readonly close: () => Promise<void>;
}

export interface InspectorOptions {
  /** Threads that parse; each holds some 60 MB. Default 1: one thread inspects thousands of statements a second. */
  readonly workers?: number;
  /** Milliseconds one statement may take. Default 2,000. */
  readonly timeoutMs?: number;
  /** Bytes of UTF-8 a statement may have. Default 65,536. */
  readonly maxBytes?: number;
  /** Statements remembered. Default 1,000. */
  readonly cacheEntries?: number;
}

/** More than this many statements waiting means that the machine is drowned: refuse, rather than grow without bound. */
const MOST_WAITING = 1_000;

/** Starts nothing until the first statement, or until `warm`. */
export function startInspector(options: InspectorOptions = {}): Inspector {
  const { workers = 1, timeoutMs = 2_000, maxBytes = 65_536, cacheEntries = 1_000 } = options;
  const lanes = Array.from({ length: Math.max(1, workers) }, () => openLane(timeoutMs));
  const recent = keepRecent<SqlInspection>({ entries: cacheEntries, characters: 4_000_000 });
  const underway = new Map<string, Promise<SqlInspection>>();
  const idle: Lane[] = [...lanes];
  const waiting: ((lane: Lane | null) => void)[] = [];
  let closed = false;

  const take = async (): Promise<Lane | null> => {
    if (closed || waiting.length >= MOST_WAITING) return null;
    const free = idle.pop();
    if (free !== undefined) return free;
    const { promise, resolve } = Promise.withResolvers<Lane | null>();
    waiting.push(resolve);
    return promise;
  };

  const give = (lane: Lane): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(lane);
    else next(lane);
  };

  const inspect = async (dialect: SqlDialect, text: string): Promise<SqlInspection> => {
    const lane = await take();
    if (lane === null)
      return refused('timeout', 'The inspector is not taking more statements now; try again.');
    const result = await lane.run(dialect, text);
    give(lane);
    return result;
  };

  return {
    async sql(dialect, text) {
      if (Buffer.byteLength(text) > maxBytes) {
        return refused('too_large', `The statement is longer than ${maxBytes} bytes.`);
      }
      const key = `${dialect}:${text}`;
      const known = recent.get(key) ?? underway.get(key);
      if (known !== undefined) return known;
      const asked = inspect(dialect, text);
      underway.set(key, asked);
      const result = await asked;
      underway.delete(key);
      // A timeout may be the machine's; anything else, a crash too, is the text's, and need not be tried again.
      if (result.ok || result.notUnderstood.reason !== 'timeout') recent.set(key, result);
      return result;
    },
    async warm() {
      await Promise.all(lanes.map((lane) => lane.warm()));
    },
    async close() {
      closed = true;
      for (const resolve of waiting.splice(0)) resolve(null);
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

function refused(reason: 'too_large' | 'timeout', message: string): SqlInspection {
  return { ok: false, notUnderstood: { reason, message } };
}
