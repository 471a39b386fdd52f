import { parseEntry, type Entry } from './entry.ts';
import type { RecordSource } from './record-source.ts';

/** What the log says was done to payloads on purpose. */
export interface Disposals {
  /** Why the payload of a record may be gone; `held` where something destroyed it against a hold. */
  gone(index: number, entry: Entry): 'erased' | 'pruned' | 'held' | null;
  /** The record that says it was erased, where it is there all the same. */
  erasedBy(index: number, entry: Entry): number | null;
  /** Whether a hold is over it today. */
  held(entry: Entry): boolean;
}

interface Pruning {
  readonly index: number;
  readonly type: string;
  /** Epoch milliseconds. */
  readonly before: number;
  readonly after: number;
  readonly through: number;
}

interface Hold {
  readonly session: string | null;
  readonly principal: string | null;
  readonly issuer: string | null;
  readonly from: number;
  to: number;
}

/** The records whose payloads are of a class that retention names. */
const CLASSES: Readonly<Record<string, string>> = {
  arguments: 'call.intent',
  results: 'call.outcome',
  refused: 'call.refused',
  approvals: 'approval.requested',
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const TYPES = ['payload.erased', 'payload.pruned', 'hold.placed', 'hold.released', 'session.opened'];

/** Reads the few records that tell, before all the others are held against them. */
export async function readDisposals(source: Pick<RecordSource, 'entriesOf'>): Promise<Disposals> {
  const sessions = new Map<string, number[]>();
  const calls = new Map<string, number[]>();
  const prunings: Pruning[] = [];
  const holds = new Map<string, Hold>();
  const people = new Map<string, { readonly principal: unknown; readonly issuer: unknown }>();

  for await (const { index, entry: text } of source.entriesOf(TYPES)) {
    const entry = parseEntry(text);
    if (entry === null) continue;
    const { type, session, event } = entry;
    if (type === 'session.opened' && session !== null)
      people.set(session, { principal: event['principal'], issuer: event['issuer'] });
    if (type === 'payload.erased') {
      for (const id of textsOf(event['sessions'])) add(sessions, id, index);
      for (const id of textsOf(event['calls'])) add(calls, id, index);
    }
    const pruning = type === 'payload.pruned' ? pruningOf(index, entry) : null;
    if (pruning !== null) prunings.push(pruning);
    const id = textOf(event['hold']);
    if (type === 'hold.placed' && id !== null && !holds.has(id)) holds.set(id, holdOf(index, entry));
    const released = type === 'hold.released' && id !== null ? holds.get(id) : undefined;
    if (released !== undefined) released.to = Math.min(released.to, index);
  }

  /** Whether a hold was over a session when record `at` was written. */
  function heldAt(session: string | null, at: number): boolean {
    if (session === null || holds.size === 0) return false;
    const person = people.get(session);
    return [...holds.values()].some(({ from, to, ...over }) => {
      if (at <= from || at >= to) return false;
      if (over.session !== null) return over.session === session;
      // Whose opening was lost names nobody: the store keeps what can't be told, and so no blame is laid here.
      if (person === undefined || over.principal !== person.principal) return false;
      return over.issuer === null || over.issuer === person.issuer;
    });
  }

  function erasuresOf(index: number, { session, call }: Entry): readonly number[] {
    const all = [
      ...((session !== null && sessions.get(session)) || []),
      ...((call !== null && calls.get(call)) || []),
    ];
    return all.filter((at) => at > index);
  }

  let last: Pruning | undefined;

  function prunedBy(index: number, entry: Entry): readonly number[] {
    const fits = (each: Pruning): boolean =>
      each.type === entry.type &&
      each.index > index &&
      index > each.after &&
      index <= each.through &&
      entry.time < each.before;
    // Neighbours go in one step.
    if (last === undefined || !fits(last)) last = prunings.find(fits);
    return last === undefined ? [] : [last.index];
  }

  return {
    gone(index, entry) {
      const erasures = erasuresOf(index, entry);
      const lawful = (at: number): boolean => !heldAt(entry.session, at);
      const prunes = prunedBy(index, entry);
      const [erased, pruned] = [erasures.find(lawful), prunes.find(lawful)];
      // What expired before somebody asked for its erasure was pruned.
      if (pruned !== undefined && pruned < (erased ?? Number.MAX_SAFE_INTEGER)) return 'pruned';
      if (erased !== undefined) return 'erased';
      return erasures.length + prunes.length > 0 ? 'held' : null;
    },
    erasedBy: (index, entry) => erasuresOf(index, entry)[0] ?? null,
    held: ({ session }) => heldAt(session, Number.MAX_SAFE_INTEGER - 1),
  };
}

/** Null where it is not one that retention writes: a cut-off that its own words do not lead to explains nothing. */
function pruningOf(index: number, { time, event }: Entry): Pruning | null {
  const type = CLASSES[textOf(event['class']) ?? ''];
  const { before, after, through } = event;
  const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(textOf(event['retention']) ?? '') ?? [];
  const kept = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (type === undefined || typeof before !== 'number' || !(before <= time - kept)) return null;
  if (typeof after !== 'number' || typeof through !== 'number') return null;
  return { index, type, before, after, through };
}

function holdOf(from: number, { event }: Entry): Hold {
  const [session, principal, issuer] = [event['session'], event['principal'], event['issuer']].map(textOf);
  return {
    session: session ?? null,
    principal: principal ?? null,
    issuer: issuer ?? null,
    from,
    to: Number.MAX_SAFE_INTEGER,
  };
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  map.set(key, [...(map.get(key) ?? []), index]);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
