import type {
  HttpInspection,
  NotUnderstood,
  ShellInspection,
  SqlDialect,
  SqlInspection,
  TextInspection,
} from '../model/facts.ts';
import { keepRecent } from './recent.ts';
import { nounOf, openLane, refusedFinding, type Lane } from './lane.ts';
import type { Finding, Question } from './job.ts';
import type { TextPatterns } from './text/patterns.ts';

/** Tells what commands would do. */
export interface Inspector {
  /** The facts of a SQL text, or why there are none. Never rejects; the same text is remembered. */
  readonly sql: (dialect: SqlDialect, text: string) => Promise<SqlInspection>;
  /** As `sql`, of a shell command. */
  readonly shell: (text: string) => Promise<ShellInspection>;
  /** As `sql`, of a method and a URL, or a URL alone. */
  readonly http: (text: string) => Promise<HttpInspection>;
  /** Which patterns stand in a free text. */
  readonly text: (patterns: TextPatterns, text: string) => Promise<TextInspection>;
  /** Loads the parsers, so that the first call does not wait for them. Rejects where they can't be loaded. */
  readonly warm: () => Promise<void>;
  /** Ends the workers. What is still asked is refused. */
  readonly close: () => Promise<void>;
}

export interface InspectorOptions {
  /** Threads that parse; each holds some 60 MB. Default 1: one thread inspects thousands of statements a second. */
  readonly workers?: number;
  /** Milliseconds one text may take. Default 2,000. */
  readonly timeoutMs?: number;
  /** Bytes of UTF-8 a text may have. Default 65,536. */
  readonly maxBytes?: number;
  /** Texts remembered. Default 1,000. */
  readonly cacheEntries?: number;
}

/** More than this many texts waiting means that the machine is drowned: refuse, rather than grow without bound. */
const MOST_WAITING = 1_000;

/** Starts nothing until the first text, or until `warm`. */
export function startInspector(options: InspectorOptions = {}): Inspector {
  const { workers = 1, timeoutMs = 2_000, maxBytes = 65_536, cacheEntries = 1_000 } = options;
  const lanes = Array.from({ length: Math.max(1, workers) }, () => openLane(timeoutMs));
  const recent = keepRecent<Finding>({ entries: cacheEntries, characters: 4_000_000 });
  const underway = new Map<string, Promise<Finding>>();
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

  const inspect = async (question: Question): Promise<Finding> => {
    const lane = await take();
    if (lane === null) {
      const message = `The inspector is not taking more ${nounOf(question)}s now; try again.`;
      return refusedFinding(question, { reason: 'timeout', message });
    }
    const finding = await lane.run(question);
    give(lane);
    return finding;
  };

  const ask = async (question: Question): Promise<Finding> => {
    if (Buffer.byteLength(question.text) > maxBytes) {
      const message = `The ${nounOf(question)} is longer than ${maxBytes} bytes.`;
      return refusedFinding(question, { reason: 'too_large', message });
    }
    const key = `${scopeOf(question)}:${question.text}`;
    const known = recent.get(key) ?? underway.get(key);
    if (known !== undefined) return known;
    const asked = inspect(question);
    underway.set(key, asked);
    const finding = await asked;
    underway.delete(key);
    // A timeout may be the machine's; anything else, a crash too, is the text's, and need not be tried again.
    if (finding.result.ok || finding.result.notUnderstood.reason !== 'timeout') recent.set(key, finding);
    return finding;
  };

  return {
    async sql(dialect, text) {
      const finding = await ask({ kind: 'sql', dialect, text });
      return finding.kind === 'sql' ? finding.result : mixedUp();
    },
    async shell(text) {
      const finding = await ask({ kind: 'shell', text });
      return finding.kind === 'shell' ? finding.result : mixedUp();
    },
    async http(text) {
      const finding = await ask({ kind: 'http', text });
      return finding.kind === 'http' ? finding.result : mixedUp();
    },
    async text(patterns, text) {
      const finding = await ask({ kind: 'text', patterns, text });
      return finding.kind === 'text' ? finding.result : mixedUp();
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

/** What tells the findings of equal texts apart. */
function scopeOf(question: Question): string {
  switch (question.kind) {
    case 'sql':
      return question.dialect;
    case 'text':
      return question.patterns.digest;
    case 'shell':
    case 'http':
      return question.kind;
  }
}

/** A finding of another kind than was asked for would be decided on as if it were calm. */
function mixedUp(): { readonly ok: false; readonly notUnderstood: NotUnderstood } {
  return {
    ok: false,
    notUnderstood: { reason: 'crashed', message: 'The inspector answered another question.' },
  };
}
